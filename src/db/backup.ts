import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { syncFolder } from '../sync-folder.js';

const kept = 7;
const pagesAtOnce = 100;
/** The name of a nightly copy, with its day. */
export const copyName = /^latchkey-(\d{4}-\d{2}-\d{2})\.db$/;

interface Copy {
  readonly file: string;
  /** Names of the copies that were removed because newer ones are enough. */
  readonly removed: string[];
}

/**
 * Copies a database into the folder `backups` beside it: one copy a day, the newest seven kept. It copies in steps, so that
 * the bot can work meanwhile, and under another name until the copy is checked and on the disk: a file with the final name
 * is a good copy, and the whole database (no `-wal` belongs to it).
 * Throws when no good copy was made; no older copy is removed then.
 */
export async function backUp(db: Database.Database, now: Date): Promise<Copy> {
  const folder = join(dirname(db.name), 'backups');
  const name = `latchkey-${localDate(now)}.db`;
  const file = join(folder, name);
  const part = `${file}.part`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeParts(folder);
  try {
    await db.backup(part, { progress: () => pagesAtOnce });
    check(part);
    renameSync(part, file);
    syncFolder(folder);
  } finally {
    removeParts(folder);
  }
  return { file, removed: removeOld(folder, name) };
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

function removeParts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/\.part(-journal|-wal|-shm)?$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}

function localDate(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
