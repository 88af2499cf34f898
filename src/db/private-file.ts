import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Log } from '../services/log.js';
import { DatabaseRefused } from './database-errors.js';
import { keepToOneself } from '../umask.js';
import { howToOpen } from './how-to-open.js';

const forOthers = 0o077;

/**
 * Makes the folder of `path` (only for its owner) and returns the real path, so that a link and its target are one database.
 * Sets the umask of the whole process: from here on no file that it makes can be read by others. Throws DatabaseRefused.
 */
export function privatePath(path: string): string {
  keepToOneself();
  const full = resolve(path);
  try {
    const found = statSync(full, { throwIfNoEntry: false });
    // Before anything is done to it: what is no file of ours keeps its rights.
    if (found?.isDirectory()) throw new DatabaseRefused('isFolder', { file: full, example: join(full, 'latchkey.db') });
    if (found && !found.isFile()) throw new DatabaseRefused('notOrdinary', { file: full });
    if (found) return ownOnly(realpathSync(full));
    mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
    return ownOnly(join(realpathSync(dirname(full)), basename(full)));
  } catch (cause) {
    if (cause instanceof DatabaseRefused) throw cause;
    throw new DatabaseRefused('noFolder', { file: full }, { cause, howToOpen: howToOpen(full) });
  }
}

/** To open Jellyfin's database while it runs may already harm it: refused by name, before it is touched. */
function ownOnly(file: string): string {
  if (basename(file) === 'jellyfin.db') throw new DatabaseRefused('jellyfins', { file });
  return file;
}

/** Writes what is left of an open file into a new private one. A copy by name gets the rights of the first, a set-user-id bit among them. */
export function pour(source: number, to: string): void {
  const target = openSync(to, 'wx', 0o600);
  try {
    const bytes = Buffer.alloc(1024 * 1024);
    for (let got = readSync(source, bytes); got > 0; got = readSync(source, bytes))
      // All of it: on a disk that is nearly full a single write may take a part, and call that well.
      writeFileSync(target, bytes.subarray(0, got));
    fsyncSync(target);
  } finally {
    closeSync(target);
  }
}

/** Takes other users' rights to an existing file away, and warns that they may have read it. */
export function makePrivate(file: string, log: Pick<Log, 'warn'>): void {
  const found = statSync(file, { throwIfNoEntry: false });
  // Windows has no such bits; node reports 0666 there.
  if (!found || process.platform === 'win32' || (found.mode & forOthers) === 0) return;
  try {
    chmodSync(file, found.mode & 0o700);
    log.warn({ file }, 'others could read this file; it is private now');
  } catch (err) {
    log.warn({ file, err }, 'others can read this file and it could not be made private');
  }
}
