import { mustBeOrdinary } from '../small-file.js';
import { asRefusal, DatabaseRefused } from './database-errors.js';
import { lockFile, type FileLock } from './file-lock.js';
import { privatePath } from './private-file.js';

/**
 * Makes sure that only one bot works on this database, until the process ends or `release()` is called; keep the returned
 * object, or the lock is lost. The lock is on a file of its own, `<database>.lock`, so that the command line can still open
 * the database. Throws DatabaseRefused.
 */
export function lockInstance(databasePath: string): FileLock {
  const database = privatePath(databasePath);
  const file = `${database}.lock`;
  try {
    mustBeOrdinary(database);
    const lock = lockFile(file);
    if (lock) return lock;
  } catch (error) {
    throw asRefusal(error, file);
  }
  throw new DatabaseRefused('anotherBot', { file: databasePath });
}
