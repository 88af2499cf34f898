import Database from 'better-sqlite3';

/** Opens the bot's database beside it, for what only its rows can show, or what would take too long to do by hand. */
export function withDatabase<T>(file: string, run: (db: Database.Database) => T): T {
  const db = new Database(file);
  try {
    return run(db);
  } finally {
    db.close();
  }
}
