import { closeSync, constants, fstatSync, lstatSync, openSync, rmSync } from 'node:fs';
import { lockFile, type FileLock } from '../db/file-lock.js';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import { own } from './files.js';
import type { Database } from './admission.js';

export const lockPath = (db: string) => `${db}.latchkey.lock`;

/** Keeps a second rescue away from this jellyfin.db. Throws RepairRefusal `rescueRunning` or `strangeFile`. */
export function lockRepair(db: Database): FileLock {
  const file = lockPath(db.path);
  for (;;) {
    const made = makeLockFile(file, db);
    const lock = unlessGone(file);
    if (lock === 'held') throw new RepairRefusal('rescueRunning', { file: db.path });
    // The process that held it may have removed the file since it was opened: a lock on a removed file keeps nobody away.
    if (lock !== 'gone' && lstatSync(file, { throwIfNoEntry: false })?.ino === made) {
      return {
        release: () => {
          remove(file);
          lock.release();
        },
      };
    }
    if (lock !== 'gone') lock.release();
  }
}

/**
 * Makes the file where there is none, and gives it to the owner; which one it is, by number. The folder is Jellyfin's: a
 * link that lies there may point anywhere, and what root makes or gives away through it would be its user's.
 * Throws RepairRefusal `strangeFile`.
 */
function makeLockFile(file: string, owner: Database): number {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const strange = (cause?: unknown) => new RepairRefusal('strangeFile', { file }, { cause });
  let descriptor: number;
  try {
    descriptor = openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch (error) {
    if (isOrdinary(file)) throw error;
    throw strange(error);
  }
  // Closed before SQLite opens it: that would drop the lock.
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.nlink > 1) throw strange();
    own(descriptor, owner);
    return found.ino;
  } finally {
    closeSync(descriptor);
  }
}

function unlessGone(file: string): FileLock | 'held' | 'gone' {
  try {
    return lockFile(file, { fileMustExist: true }) ?? 'held';
  } catch (error) {
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return 'gone';
    throw error;
  }
}

/** Also where there is none. */
const isOrdinary = (file: string) => lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? true;

/** Whether a process is at work on it at this moment. */
export function isAtWork(db: string): boolean {
  const file = lockPath(db);
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  const lock = unlessGone(file);
  if (lock === 'held') return true;
  if (lock !== 'gone') lock.release();
  return false;
}

/** A file that is left keeps nobody away: what counts is the lock on it, and that ends with this process. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return; // the next rescue uses it again
  }
}
