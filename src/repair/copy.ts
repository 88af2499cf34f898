import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../error-code.js';
import { isHalfWritten, RepairRefusal } from '../db/jellyfin-db/index.js';
import { openOrdinary, UnfitFile } from '../small-file.js';
import { syncFolder } from '../sync-folder.js';
import { removeDurably, restrict, syncMeanwhile } from './files.js';
import { stamp } from './record.js';
import type { Database } from './admission.js';

const spareBytes = 4 * 1024 * 1024;

/** Named by the time, or by the next second that no other copy has. */
export function copyName(db: string, time: Date): string {
  const name = `${db}.latchkey-copy-${stamp(time)}`;
  return existsSync(name) ? copyName(db, new Date(time.getTime() + 1000)) : name;
}

/** Whether the original was written to since it was copied: the server ran in between. */
export function isOutdated(db: Database, copy: string): boolean {
  const changed = (file: string) => lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
  return existsSync(copy) && Math.max(changed(db.path), changed(`${db.path}-wal`)) > changed(copy);
}

/** What the check said of a copy that is whole and on the disk. Throws what it threw. */
type Verdict<T> = () => T;

/**
 * Copies jellyfin.db and the write-ahead log beside it, which may hold all that matters: the log first, each under a
 * name of its own until it is whole and on the disk. The pair has to be called X and X-wal, or SQLite does not see the log.
 * A copy that is there already is left as it is. `check` reads all of it, while what was copied is on its way to the disk.
 * Throws RepairRefusal `halfWritten`, `noRoom` or `copyFailed`.
 */
export async function makeCopy<T>(db: Database, copy: string, check: (path: string) => T): Promise<Verdict<T>> {
  // Renamed last: where it is, the pair is whole.
  const isThere = existsSync(copy);
  removeAll(copy, isThere ? parts : [...parts, ...besides]);
  if (isThere) return () => check(copy);
  const sizeOf = (end: string) => lstatSync(db.path + end, { throwIfNoEntry: false })?.size ?? 0;
  // An empty log is as good as none.
  const pair = ['-wal', ''].filter((end) => end === '' || sizeOf(end) > 0);
  const bytes = pair.reduce((sum, end) => sum + sizeOf(end), 0);
  mustHaveRoom(dirname(copy), bytes + spareBytes);
  const part = `${copy}.part`;
  try {
    // The file alone is not the database then, and to play the journal back is for those whose it is.
    if (isHalfWritten(db.path)) throw new RepairRefusal('halfWritten', { file: `${db.path}-journal` });
    for (const end of pair) copyOne(db, db.path + end, part + end);
    const onTheDisk = Promise.all(pair.map((end) => syncMeanwhile(part + end)));
    const verdict = outcomeOf(() => check(part));
    await onTheDisk;
    for (const end of pair) renameSync(part + end, copy + end);
    syncFolder(dirname(copy));
    return verdict;
  } catch (error) {
    removeAll(copy, [...parts, ...besides]);
    if (error instanceof RepairRefusal) throw error;
    if (error instanceof UnfitFile) throw new RepairRefusal('strangeFile', { file: error.path }, { cause: error });
    throw new RepairRefusal(
      'copyFailed',
      { why: errorCode(error) ?? (error instanceof Error ? error.message : String(error)) },
      { cause: error },
    );
  }
}

/** From descriptor to descriptor: between two looks at a name, the folder's owner could put a link to anything there. */
function copyOne(db: Database, from: string, to: string): void {
  const { descriptor: source } = openOrdinary(from);
  try {
    const target = openSync(to, 'wx', 0o600);
    try {
      // Shares the blocks where the file system can: then it takes no time and no room.
      copyFileSync(byNumber(source, from), byNumber(target, to), constants.COPYFILE_FICLONE);
      restrict(target, db.mode);
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/** The name of what is open, whatever lies there by now; only Linux has one. */
const byNumber = (descriptor: number, path: string) =>
  existsSync(`/proc/self/fd/${descriptor}`) ? `/proc/self/fd/${descriptor}` : path;

function outcomeOf<T>(work: () => T): Verdict<T> {
  try {
    const result = work();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function mustHaveRoom(folder: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);
  throw new RepairRefusal('noRoom', { folder, needed: megabytes(neededBytes), free: megabytes(freeBytes) });
}

/** What a run that was cut short has left of its copy: what was not renamed yet, and what goes with a copy. */
const parts = ['.part', '.part-wal', '.part-shm'];
const besides = ['-wal', '-shm'];

function removeAll(copy: string, ends: readonly string[]): void {
  for (const end of ends) rmSync(copy + end, { force: true });
}

/** Removes a copy and what lies beside it. Throws the system's error. */
export function removeCopy(copy: string): void {
  removeDurably(['', ...besides, ...parts].map((end) => copy + end));
}

/** Copies that earlier repairs left beside this jellyfin.db, made before `before` (milliseconds since 1970). */
export function oldCopies(given: string, before: number): { readonly path: string; readonly bytes: number }[] {
  // They lie beside the file that is meant, not beside a link to it.
  const db = realpathSync(given);
  const start = `${basename(db)}.latchkey-copy-`;
  const names = readdirSync(dirname(db)).filter((name) => name.startsWith(start));
  return (
    names
      .map((name) => join(dirname(db), name))
      // A link of such a name is none.
      .map((path) => ({ path, status: lstatSync(path) }))
      .filter(({ path, status }) => status.isFile() && madeAt(path) < before)
      .map(({ path, status }) => ({ path, bytes: status.size }))
  );
}

function madeAt(path: string): number {
  const [, date = '', time = ''] = /-(\d{8})T(\d{6})Z$/.exec(path) ?? [];
  const parts = /(....)(..)(..)-(..)(..)(..)/.exec(`${date}-${time}`);
  return parts ? Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`) : Number.NaN;
}
