import { constants, copyFileSync, existsSync, readdirSync, renameSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import { own, removeDurably, restrict, sync } from './files.js';
import { firstFree, stamp } from './record.js';
import type { Database } from './who.js';

const spareBytes = 4 * 1024 * 1024;

const nameOf = (db: string, stamped: string) => `${db}.latchkey-copy-${stamped}`;
/** A name that no earlier copy has. */
export const copyName = (db: string, now: number) =>
  nameOf(db, stamp(new Date(firstFree(now, (stamped) => [nameOf(db, stamped)]))));

/**
 * Copies jellyfin.db and the write-ahead log beside it, which may hold all that matters: the log first, each under a
 * name of its own until it is whole and on the disk. The pair has to be called X and X-wal, or SQLite does not see the log.
 * What an earlier run has left of it is replaced. Throws RepairRefusal `noRoom` or `copyFailed`.
 */
export function makeCopy(db: Database, copy: string): void {
  removeCopy(copy);
  const pair = [`-wal`, ''].filter((end) => existsSync(db.path + end));
  const bytes = pair.reduce((sum, end) => sum + statSync(db.path + end).size, 0);
  mustHaveRoom(dirname(copy), bytes + spareBytes);
  try {
    for (const end of pair) copyOne(db, db.path + end, `${copy}${end}.part`);
    for (const end of pair) renameSync(`${copy}${end}.part`, copy + end);
    sync(dirname(copy));
  } catch (error) {
    removeCopy(copy);
    throw new RepairRefusal('copyFailed', { why: codeOf(error) }, { cause: error });
  }
}

function copyOne(db: Database, from: string, to: string): void {
  // Shares the blocks where the file system can: then it takes no time and no room.
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  own(to, db);
  restrict(to, db.mode);
  sync(to);
}

function mustHaveRoom(folder: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);
  throw new RepairRefusal('noRoom', { folder, needed: megabytes(neededBytes), free: megabytes(freeBytes) });
}

export function removeCopy(copy: string): void {
  removeDurably([copy, `${copy}-wal`, `${copy}-shm`, `${copy}.part`, `${copy}-wal.part`]);
}

export interface OldCopy {
  readonly path: string;
  readonly bytes: number;
  readonly madeAt: number;
}

/** Copies that earlier repairs left beside this jellyfin.db, made before `before` (milliseconds since 1970). */
export function oldCopies(db: string, before: number): OldCopy[] {
  const start = `${basename(db)}.latchkey-copy-`;
  const names = readdirSync(dirname(db)).filter((name) => name.startsWith(start) && /Z$/.test(name));
  return names
    .map((name) => join(dirname(db), name))
    .map((path) => ({ path, bytes: statSync(path).size, madeAt: madeAt(path) }))
    .filter((copy) => copy.madeAt < before);
}

function madeAt(path: string): number {
  const [, date = '', time = ''] = /-(\d{8})T(\d{6})Z$/.exec(path) ?? [];
  const parts = /(....)(..)(..)-(..)(..)(..)/.exec(`${date}-${time}`);
  return parts ? Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`) : Number.NaN;
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error
    ? String(error.code)
    : error instanceof Error
      ? error.message
      : String(error);
