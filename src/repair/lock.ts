import { closeSync, constants, fstatSync, lstatSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../error-code.js';
import { lockFile, type FileLock } from '../db/file-lock.js';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import { UnfitFile } from '../small-file.js';
import { tried } from '../tried.js';

export const lockPath = (db: string) => `${db}.latchkey.lock`;

/** Keeps a second rescue away from this jellyfin.db. Throws RepairRefusal `rescueRunning`, `strangeFile` or `folderNotWritable`. */
export function lockRepair(db: string): FileLock {
  const file = lockPath(db);
  for (;;) {
    const made = makeLockFile(file);
    const lock = unlessGone(file);
    if (lock === 'held') throw new RepairRefusal('rescueRunning', { file: db });
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
 * Makes the file where there is none; which one it is, by number. The folder is Jellyfin's: a link that lies there may
 * point anywhere. Throws RepairRefusal `strangeFile` or `folderNotWritable`.
 */
function makeLockFile(file: string): number {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  let descriptor: number;
  try {
    descriptor = openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch (cause) {
    if (lstatSync(file, { throwIfNoEntry: false })) throw new RepairRefusal('strangeFile', { file }, { cause });
    if (errorCode(cause) !== 'EACCES') throw cause;
    throw new RepairRefusal('folderNotWritable', { file: dirname(file) }, { cause });
  }
  // Closed before SQLite opens it: that would drop the lock.
  try {
    return fstatSync(descriptor).ino;
  } finally {
    closeSync(descriptor);
  }
}

function unlessGone(file: string): FileLock | 'held' | 'gone' {
  try {
    return lockFile(file, { fileMustExist: true }) ?? 'held';
  } catch (cause) {
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return 'gone';
    throw new RepairRefusal('strangeFile', { file: cause instanceof UnfitFile ? cause.path : file }, { cause });
  }
}

/** Whether a process is at work on it at this moment; no, too, where something else lies there. */
export function isAtWork(db: string): boolean {
  const file = lockPath(db);
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  try {
    const lock = unlessGone(file);
    if (lock === 'held') return true;
    if (lock !== 'gone') lock.release();
    return false;
  } catch (error) {
    if (error instanceof RepairRefusal) return false;
    throw error;
  }
}

/** A file that is left keeps nobody away: what counts is the lock on it, and that ends with this process. */
const remove = (file: string) => tried(() => rmSync(file, { force: true }));
