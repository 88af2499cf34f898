import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { mustBeOrdinary } from '../small-file.js';
import { syncFile, syncFolder } from '../sync-folder.js';
import { copyName } from './backup.js';
import { asRefusal, DatabaseRefused } from './database-errors.js';
import { lockInstance } from './instance-lock.js';
import { isLatchkeys, mustBeKnown } from './migrate.js';
import { migrations } from './migrations/index.js';

/** One nightly copy of the bot's own database. */
export interface NightlyCopy {
  /** The day that it was made, as 2026-11-29. */
  readonly day: string;
  readonly file: string;
  readonly bytes: number;
}

const folderOf = (database: string): string => join(dirname(database), 'backups');

/** The nightly copies of a database, newest first. Throws the system's error, but for a folder that is not there. */
export function copiesOf(database: string): NightlyCopy[] {
  const folder = folderOf(database);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const day = copyName.exec(name)?.[1];
      const file = join(folder, name);
      const found = statSync(file, { throwIfNoEntry: false });
      return day === undefined || !found?.isFile() ? [] : [{ day, file, bytes: found.size }];
    })
    .sort((a, b) => b.day.localeCompare(a.day));
}

/** Makes sure that a file is a whole database of Latchkey's which this version can work with. Throws DatabaseRefused. */
export function checkCopy(file: string): void {
  let copy: Database.Database | undefined;
  try {
    // Of a pipe SQLite would wait for the other end.
    mustBeOrdinary(file);
    copy = new Database(file, { readonly: true, fileMustExist: true });
    if (!isLatchkeys(copy)) throw new DatabaseRefused('notLatchkeys', { file });
    mustBeKnown(copy, migrations);
    const found = copy.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new DatabaseRefused('damagedCopy', { file });
  } catch (error) {
    throw asRefusal(error, file);
  } finally {
    copy?.close();
  }
}

/**
 * Puts a checked copy in the place of the database, and returns where a copy of what was there is kept, if anything was.
 * Ended at any line, it has lost nothing, and can be done again. Throws DatabaseRefused while a bot runs on the database.
 */
export function restoreCopy(copy: string, database: string, now: Date): string | undefined {
  const lock = lockInstance(database);
  try {
    const kept = existsSync(database) ? keep(database, now) : undefined;
    const part = `${database}.part`;
    // What lies there may be anything, and lead anywhere.
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${part}${end}`, { force: true });
    copyFileSync(copy, part, constants.COPYFILE_EXCL);
    skipNumbers(part);
    syncFile(part);
    // The log of the old database, beside the new one, would be taken for the new one's.
    for (const end of ['-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
    renameSync(part, database);
    syncFolder(dirname(database));
    return kept;
  } finally {
    lock.release();
  }
}

/** More than a household's bot gives out in any table until a copy is put back. */
const numbersToSkip = 100_000;

/**
 * Messages from after the copy was made stand in Discord still, with buttons for rows that it does not have. What is asked
 * from now on gets none of their numbers: an old card's *Approve* would approve it.
 */
function skipNumbers(file: string): void {
  const db = new Database(file, { fileMustExist: true });
  try {
    db.exec(`
      INSERT INTO sqlite_sequence (name, seq) SELECT name, 0 FROM sqlite_schema
        WHERE sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence);
      UPDATE sqlite_sequence SET seq = seq + ${numbersToSkip}`);
  } finally {
    db.close();
  }
}

/** As two files where there is a log, which belongs to it: a damaged database cannot be made one. */
function keep(database: string, now: Date): string {
  const folder = folderOf(database);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = join(folder, `before-restore-${now.toISOString().replaceAll(':', '-')}.db`);
  for (const end of ['-wal', '']) {
    if (!existsSync(`${database}${end}`)) continue;
    copyFileSync(`${database}${end}`, `${kept}${end}`, constants.COPYFILE_EXCL);
    syncFile(`${kept}${end}`);
  }
  return kept;
}
