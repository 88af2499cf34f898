import Database from 'better-sqlite3';
import { errorCode } from '../error-code.js';
import { mustBeOrdinary } from '../small-file.js';

export interface FileLock {
  release(): void;
}

/**
 * Takes SQLite's exclusive lock on a file of its own, which is made where there is none. The system drops the lock when the
 * process ends, so it is never stale. Undefined when another process holds it; throws other errors of SQLite.
 * `fileMustExist`: the file is not made, as SQLite would follow a link to do so.
 */
export function lockFile(file: string, { fileMustExist = false } = {}): FileLock | undefined {
  mustBeOrdinary(file);
  const db = new Database(file, { timeout: 0, fileMustExist });
  try {
    // Without a write-ahead log an open exclusive transaction keeps every other process out.
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
    return { release: () => void db.close() };
  } catch (error) {
    db.close();
    if (errorCode(error)?.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
