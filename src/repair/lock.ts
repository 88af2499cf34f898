import { rmSync, statSync } from 'node:fs';
import { lockFile, type FileLock } from '../db/file-lock.js';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import { own } from './files.js';
import type { Database } from './who.js';

export const lockPath = (db: string) => `${db}.latchkey.lock`;

/** Keeps a second rescue away from this jellyfin.db. Throws RepairRefusal `rescueRunning`. */
export function lockRepair(db: Database): FileLock {
  const file = lockPath(db.path);
  for (;;) {
    const lock = lockFile(file);
    if (!lock) throw new RepairRefusal('rescueRunning', { file: db.path });
    // Whoever held it may have removed the file since it was opened: a lock on a removed file keeps nobody away.
    if (statSync(file, { throwIfNoEntry: false })) {
      own(file, db);
      return {
        release: () => {
          remove(file);
          lock.release();
        },
      };
    }
    lock.release();
  }
}

/** Whether a process is at work on it at this moment. */
export function isAtWork(db: string): boolean {
  const file = lockPath(db);
  if (!statSync(file, { throwIfNoEntry: false })) return false;
  const lock = lockFile(file);
  lock?.release();
  return lock === undefined;
}

/** A file that is left keeps nobody away: what counts is the lock on it, and that ends with this process. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return; // the next rescue uses it again
  }
}
