import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { asOwner } from '../as-owner.js';
import { openOrdinary, whileOpen } from '../small-file.js';
import { syncFolder } from '../sync-folder.js';
import { workerOn } from '../way-to.js';
import { pour } from './private-file.js';

const kept = 7;
const pagesAtOnce = 100;
/** The name of a nightly copy, with its day. */
export const copyName = /^latchkey-(\d{4}-\d{2}-\d{2})\.db$/;

interface Copy {
  readonly file: string;
  /** Names of the copies that were removed because newer ones are enough. */
  readonly removed: string[];
}

/** The folder of a database's copies, which may be another user's, or a link. */
export const copiesFolder = (database: string): string => join(dirname(database), 'backups');

/**
 * Copies a database into the folder `backups` beside it: one copy a day, the newest seven kept. It copies in steps, so that
 * the bot can work meanwhile, and under another name until the copy is checked and on the disk: a file with the final name
 * is a good copy, and the whole database (no `-wal` belongs to it).
 * Throws when no good copy was made; no older copy is removed then.
 */
export async function backUp(db: Database.Database, now: Date): Promise<Copy> {
  const file = join(copiesFolder(db.name), `latchkey-${localDate(now)}.db`);
  // Made and checked beside the database, as SQLite goes by names: in the other folder any may be somebody's link.
  const made = `${db.name}.copy.part`;
  removeParts(made);
  try {
    await db.backup(made, { progress: () => pagesAtOnce });
    check(made);
    const worker = workerOn(file);
    const removed = whileOpen(openOrdinary(made), (copy) => asOwner(worker, () => putAway(copy, file)));
    return { file, removed };
  } finally {
    removeParts(made);
  }
}

/** Returns the names of the copies that were removed. */
function putAway(copy: number, file: string): string[] {
  const folder = dirname(file);
  const part = `${file}.part`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Of nights that were cut short, whichever they were.
  for (const name of readdirSync(folder))
    if (/\.part(-journal|-wal|-shm)?$/.test(name)) rmSync(join(folder, name), { force: true });
  try {
    pour(copy, part);
    renameSync(part, file);
    syncFolder(folder);
  } finally {
    rmSync(part, { force: true });
  }
  return removeOld(folder, basename(file));
}

/** Leaving WAL mode makes the copy one single file, and SQLite syncs it to the disk. */
function check(file: string): void {
  const copy = new Database(file, { fileMustExist: true });
  try {
    copy.pragma('synchronous = FULL');
    copy.pragma('journal_mode = DELETE');
    const found = copy.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new Error(String(found));
  } catch (error) {
    // Damage is found as a row or as an error of the check itself.
    throw new Error('the database is damaged: its copy was not kept, the older ones stay', { cause: error });
  } finally {
    copy.close();
  }
}

function removeOld(folder: string, justMade: string): string[] {
  const others = readdirSync(folder).filter((name) => copyName.test(name) && name !== justMade);
  // Sorted by name, which is by day; the copy just made counts as newest even when the clock was put back.
  const removed = others
    .sort()
    .reverse()
    .slice(kept - 1);
  for (const name of removed) rmSync(join(folder, name));
  return removed;
}

/** Removes what is not finished, which may be anything, with what SQLite left beside it. */
export function removeParts(part: string): void {
  for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${part}${end}`, { force: true });
}

function localDate(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
