import Database from 'better-sqlite3';
import { asRefusal, DatabaseRefused, sqliteCode } from './database-errors.js';
import { privatePath } from './private-file.js';

export interface InstanceLock {
  release(): void;
}

/**
 * Makes sure that one bot only works on this database, for the life of the process or until `release()`; keep what is returned.
 * The lock is SQLite's exclusive lock on a file of its own, `<database>.lock`: the system drops it with the process, however
 * that ends, so it is never stale; and the command line can still open the database itself.
 * Throws DatabaseRefused: `alreadyRunning`, or why the file cannot be opened.
 */
export function lockInstance(databasePath: string): InstanceLock {
  const file = `${privatePath(databasePath)}.lock`;
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 0 });
    // Without a write-ahead log an open exclusive transaction keeps everybody else out.
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) {
      const sentence = `Another bot is already running on ${databasePath}. Stop it first, or give this one a LATCHKEY_DB of its own.`;
      throw new DatabaseRefused('alreadyRunning', sentence, { cause: error });
    }
    throw asRefusal(error, file);
  }
  const held = db;
  return { release: () => void held.close() };
}
