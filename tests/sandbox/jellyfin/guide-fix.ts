import Database from 'better-sqlite3';

/** The guide's two changes to jellyfin.db; says how many rows they touched. */
export function fixAsTheGuideSays(dbPath: string, name: string): number {
  const db = new Database(dbPath);
  try {
    const user = db.prepare('UPDATE Users SET InvalidLoginAttemptCount = 0 WHERE Username = ?').run(name);
    const lock = db
      .prepare('UPDATE Permissions SET Value = 0 WHERE Kind = 2 AND UserId = (SELECT Id FROM Users WHERE Username = ?)')
      .run(name);
    return user.changes + lock.changes;
  } finally {
    db.close();
  }
}
