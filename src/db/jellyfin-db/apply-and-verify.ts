import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { syncFile } from '../../sync-folder.js';
import { assertPlain } from './accounts.js';
import { asRepairRefusal, isBusy, RepairRefusal } from './refusal.js';
import { removesAnother } from './side-files.js';

/** How long to wait for another process that holds the file. */
const busyTimeoutMs = 2000;

/** One change of jellyfin.db, and how it is read back. */
interface Change<T> {
  /** The tables that it touches. */
  readonly tables: readonly string[];
  /** Makes the change; returns whether there was anything to change. */
  apply(db: Database.Database): boolean;
  /** Reads the file after it was closed; undefined where the change is not in it. */
  verify(db: Database.Database): T | undefined;
}

export interface Applied<T> {
  readonly after: T;
  /** Whether this run has changed anything. */
  readonly changed: boolean;
  /** Files left beside the database: a write-ahead log, or its index. */
  readonly left: readonly string[];
}

/**
 * Applies a change to jellyfin.db in one transaction, closes the file, and reads back from it whether the change is there.
 * Throws RepairRefusal: what `apply` and `verify` throw, `runsAlong`, `busy`, `halfWritten`, `corrupt`, `writeFailed` (read back:
 * nothing was changed), `notAsWritten` (or that is not known).
 */
export function applyAndVerify<T>(path: string, change: Change<T>): Applied<T> {
  let changed = false;
  let failure: unknown;
  try {
    exclusively(path, change.tables, (db) => (changed = change.apply(db)));
    syncFile(path);
  } catch (error) {
    if (error instanceof RepairRefusal) throw error;
    // Another process has the file open. Nothing was begun, and the file must not be opened a second time.
    if (isBusy(error)) throw asRepairRefusal(error, 'writeFailed');
    failure = error;
  }
  // From here on only the rows in the file count.
  try {
    const after = readNormally(path, (db) => change.verify(db));
    // Last, as reading may leave files, too.
    const left = tidy(path);
    if (after !== undefined) return { after, changed, left };
  } catch (error) {
    throw new RepairRefusal('notAsWritten', {}, { cause: failure ?? error });
  }
  if (failure !== undefined) throw asRepairRefusal(failure, 'writeFailed');
  throw new RepairRefusal('notAsWritten');
}

/**
 * Runs one transaction on the original, which nobody else can open meanwhile, checks the tables that it touches, and
 * brings everything into the one file. Whatever this throws at or after COMMIT decides nothing: the rows do.
 *
 * While SQLite has the file open, this process must not touch it in any other way: closing any other descriptor of it
 * would drop SQLite's locks (https://sqlite.org/howtocorrupt.html, 2.2).
 */
export function exclusively(path: string, tables: readonly string[], run: (db: Database.Database) => void): void {
  // As root, SQLite would remove whatever Jellyfin's user has named there.
  if (removesAnother(path)) throw new RepairRefusal('halfWritten', { file: `${path}-journal` });
  const db = new Database(path, { fileMustExist: true, timeout: busyTimeoutMs });
  try {
    // Before the first look: a server that is started meanwhile just waits, and there is no shared memory to go stale.
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('synchronous = FULL');
    db.exec('BEGIN IMMEDIATE');
    assertPlain(db);
    run(db);
    for (const table of tables) {
      const [first] = db.prepare<[], string>(`PRAGMA integrity_check(${table})`).pluck().all();
      if (first !== 'ok') throw new RepairRefusal('corrupt', { why: first ?? table });
    }
    db.exec('COMMIT');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

/** Removes, by one more open in normal locking, what a killed server left beside the file. Returns what is still there. */
function tidy(path: string): string[] {
  const left = () => [`${path}-wal`, `${path}-shm`].filter((each) => existsSync(each));
  if (left().length === 0) return [];
  readNormally(path, () => undefined);
  return left();
}

/** Opens the original in normal locking, reads, and closes; only when nobody else can have it open. */
function readNormally<T>(path: string, read: (db: Database.Database) => T): T {
  const db = new Database(path, { fileMustExist: true, timeout: busyTimeoutMs });
  try {
    assertPlain(db);
    return read(db);
  } finally {
    db.close();
  }
}
