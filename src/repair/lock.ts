import { closeSync, constants, fstatSync, lstatSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../error-code.js';
import { lockFile, type FileLock } from '../db/file-lock.js';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import { UnfitFile } from '../small-file.js';
import { tried } from '../tried.js';

/** The file that is locked while a rescue is at work. */
const lockPath = (db: string) => `${db}.latchkey.lock`;

/** Keeps a second rescue away from this jellyfin.db. Throws RepairRefusal `rescueRunning`, `strangeFile` or `folderNotWritable`. */
export function lockRepair(db: string): FileLock {
  const file = lockPath(db);
  for (;;) {
    // Open as long as the lock is held: no other file gets its number. It is closed last, as to close it drops the lock.
    const opened = openLockFile(file);
    let isKept = false;
    try {
      const lock = unlessGone(file);
      if (lock === 'held') throw new RepairRefusal('rescueRunning', { file: db });
      if (lock === 'gone') continue;
      // The process that held it may have removed the file since it was opened: a lock on a removed file keeps nobody away.
      isKept = lstatSync(file, { throwIfNoEntry: false })?.ino === fstatSync(opened).ino;
      if (!isKept) {
        lock.release();
        continue;
      }
      return {
        release: () => {
          remove(file);
          lock.release();
          closeSync(opened);
        },
      };
    } finally {
      if (!isKept) closeSync(opened);
    }
  }
}

/**
 * Opens the file, which is made where there is none. The folder is Jellyfin's: a link that lies there may point anywhere.
 * Throws RepairRefusal `strangeFile` or `folderNotWritable`.
 */
function openLockFile(file: string): number {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    return openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch (cause) {
    if (lstatSync(file, { throwIfNoEntry: false })) throw new RepairRefusal('strangeFile', { file }, { cause });
    if (errorCode(cause) !== 'EACCES') throw cause;
    throw new RepairRefusal('folderNotWritable', { file: dirname(file) }, { cause });
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
  try {
    const lock = unlessGone(lockPath(db));
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
