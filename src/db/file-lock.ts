import Database from 'better-sqlite3';
import { errorCode } from '../error-code.js';

export interface FileLock {
  release(): void;
}

/**
 * SQLite's exclusive lock on a file of its own, made where there is none: the system drops it with the process, however
 * that ends, so it is never stale. Undefined when somebody else holds it; throws SQLite's error for all else.
 * `fileMustExist`: none is made, for SQLite follows links when it makes one.
 */
export function lockFile(file: string, { fileMustExist = false } = {}): FileLock | undefined {
  const db = new Database(file, { timeout: 0, fileMustExist });
  try {
    // Without a write-ahead log an open exclusive transaction keeps everybody else out.
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
    return { release: () => void db.close() };
  } catch (error) {
    db.close();
    if (errorCode(error)?.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
