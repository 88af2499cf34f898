import { existsSync, mkdirSync, readdirSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { asOwner, programOwner } from '../as-owner.js';
import { mustBeOrdinary, openOrdinary, whileOpen } from '../small-file.js';
import { syncFile, syncFolder } from '../sync-folder.js';
import { workerOn } from '../way-to.js';
import { copiesFolder, copyName, removeParts } from './backup.js';
import { asRefusal, DatabaseRefused } from './database-errors.js';
import { lockInstance } from './instance-lock.js';
import { isLatchkeys, mustBeKnown, readHeader } from './migrate.js';
import { migrations } from './migrations/index.js';
import { pour } from './private-file.js';

/** One nightly copy of the bot's own database. */
interface NightlyCopy {
  /** The day that it was made, as 2026-11-29. */
  readonly day: string;
  readonly file: string;
  readonly bytes: number;
}

/** The nightly copies of a database, newest first. Throws AmongOthers or the system's error, but for a folder that is not there. */
export function copiesOf(database: string): NightlyCopy[] {
  const folder = copiesFolder(database);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return asOwner(workerOn(join(folder, 'any'), programOwner()), () => copiesIn(folder));
}

function copiesIn(folder: string): NightlyCopy[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const day = copyName.exec(name)?.[1];
      const file = join(folder, name);
      const found = statSync(file, { throwIfNoEntry: false });
      return day === undefined || !found?.isFile() ? [] : [{ day, file, bytes: found.size }];
    })
    .sort((a, b) => b.day.localeCompare(a.day));
}

/** Makes sure that a file is a whole database of Latchkey's which this version can work with; `copyOf`: the copy that it was. Throws DatabaseRefused. */
export function checkWhole(file: string, copyOf?: string): void {
  const named = copyOf ?? file;
  let copy: Database.Database | undefined;
  try {
    // Of a pipe SQLite would wait for the other end.
    mustBeOrdinary(file);
    copy = new Database(file, { readonly: true, fileMustExist: true });
    if (!isLatchkeys(copy))
      throw new DatabaseRefused(copyOf === undefined ? 'otherProgram' : 'notLatchkeys', { file: named });
    mustBeKnown(copy, migrations, named);
    const found = copy.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new DatabaseRefused('damagedCopy', { file: named });
  } catch (error) {
    throw asRefusal(error, named, copyOf !== undefined);
  } finally {
    copy?.close();
  }
}

/** What belongs to a database that another program was cut short in: its log, or what takes a half change back. */
const besides = ['-journal', '-wal'];

/**
 * Puts a copy in the place of the database, with its log where one lies beside it, and returns where a copy of what was there
 * is kept, if anything was. Ended at any line, it has lost nothing, and can be done again. Throws DatabaseRefused for a copy
 * that is not good, and while a bot runs on the database.
 */
export function restoreCopy(copy: string, database: string, now: Date): string | undefined {
  const lock = lockInstance(database);
  const part = `${database}.part`;
  try {
    mustBeReplaceable(database);
    removeParts(part);
    takeIn(copy, part);
    // Not the one that is named: whoever owns its folder could have put another in its place by then.
    checkWhole(part, copy);
    skipNumbers(part);
    syncFile(part);
    const kept = existsSync(database) ? keep(database, now) : undefined;
    // Beside the new one they would be taken for its own.
    for (const end of [...besides, '-shm']) rmSync(`${database}${end}`, { force: true });
    renameSync(part, database);
    syncFolder(dirname(database));
    return kept;
  } finally {
    removeParts(part);
    lock.release();
  }
}

/** Whatever else LATCHKEY_DB names by mistake stays. Throws DatabaseRefused. */
function mustBeReplaceable(database: string): void {
  if (sizeOf(database) === 0) return;
  const start = whileOpen(openOrdinary(database, true), startOf);
  // A power cut may leave a file of the right length with nothing in it.
  if (!isOurs(start, database) && start.some((byte) => byte !== 0))
    throw new DatabaseRefused('notReplaced', { file: database });
}

/** Not by SQLite, which would leave files beside it. */
function startOf(descriptor: number): Buffer {
  const start = Buffer.alloc(100);
  readSync(descriptor, start, 0, start.length, 0);
  return start;
}

/** Whether a file that begins so may be Latchkey's: the mark of a new one is in its log until that is full. */
function isOurs(start: Buffer, file: string): boolean {
  const { isDatabase, isMarked } = readHeader(start);
  return isMarked || (isDatabase && sizeOf(`${file}-wal`) > 0);
}

/** Copies one that may lie in anybody's folder: it is opened with the rights of who could have chosen which file that is. */
function takeIn(copy: string, part: string): void {
  try {
    asOwner(workerOn(copy, programOwner()), () => mustBeOrdinary(copy));
    // Cut short in a write, the file alone is no database.
    if (sizeOf(`${copy}-journal`) > 0) throw new DatabaseRefused('damagedCopy', { file: copy });
    for (const end of ['', '-wal']) {
      if (end !== '' && sizeOf(`${copy}${end}`) === 0) continue;
      const opened = asOwner(workerOn(copy, programOwner()), () => openOrdinary(`${copy}${end}`, end === ''));
      whileOpen(opened, (descriptor) => {
        // Before it is copied: it may be of any size.
        if (end === '' && !isOurs(startOf(descriptor), copy)) throw new DatabaseRefused('notLatchkeys', { file: copy });
        pour(descriptor, `${part}${end}`);
      });
    }
  } catch (error) {
    throw asRefusal(error, copy);
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

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

/** As it lies there, with its log: a damaged database cannot be made one file. */
function keep(database: string, now: Date): string {
  const kept = join(copiesFolder(database), `before-restore-${now.toISOString().replaceAll(':', '-')}.db`);
  const worker = workerOn(kept);
  asOwner(worker, () => mkdirSync(dirname(kept), { recursive: true, mode: 0o700 }));
  for (const end of [...besides, '']) {
    if (end !== '' && sizeOf(`${database}${end}`) === 0) continue;
    whileOpen(openOrdinary(`${database}${end}`, true), (descriptor) =>
      asOwner(worker, () => pour(descriptor, `${kept}${end}`)),
    );
  }
  asOwner(worker, () => syncFolder(dirname(kept)));
  return kept;
}
