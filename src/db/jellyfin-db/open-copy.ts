import Database from 'better-sqlite3';
import { rmSync, statSync } from 'node:fs';
import { asRepairRefusal } from './sqlite-errors.js';

/**
 * Runs something on the copy, opened for reading only: with a leftover `-wal`, opening the original would change it even
 * when the answer is no. Throws RepairRefusal.
 */
export function withCopy<T>(path: string, run: (db: Database.Database) => T): T {
  // An empty one is what a reader leaves that was killed.
  const hadLog = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    return run(db);
  } catch (error) {
    throw asRepairRefusal(error, 'corrupt');
  } finally {
    db?.close();
    // A reader's scratch files: the pair that was copied is what counts.
    rmSync(`${path}-shm`, { force: true });
    if (!hadLog) rmSync(`${path}-wal`, { force: true });
  }
}
