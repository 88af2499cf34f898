import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { syncFolder } from '../../sync-folder.js';
import { RepairRefusal } from './repair-refusal.js';
import { removesAnother } from './rollback-journal.js';

/** How long another process that holds the file is waited for. */
const busyTimeoutMs = 2000;

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
    run(db);
    for (const table of tables) {
      const [first] = db.prepare<[], string>(`PRAGMA integrity_check(${table})`).pluck().all();
      if (first !== 'ok') throw new RepairRefusal('corrupt', { why: first ?? table });
    }
    db.exec('COMMIT');
    const [checkpoint] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (checkpoint?.busy !== 0) throw new Error('the write-ahead log could not be emptied');
  } finally {
    db.close();
  }
}

/** After the close: makes sure that the file is on the disk. Throws the system's error. */
export function syncFile(path: string): void {
  // Windows lets only those sync who may write.
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  syncFolder(dirname(path));
}

/**
 * Looks whether the close left anything beside the file, as `close()` hides its errors; what a killed server left there
 * goes by one more open in normal locking. Gives back what is there all the same.
 */
export function tidy(path: string): string[] {
  const left = () => [`${path}-wal`, `${path}-shm`].filter((each) => existsSync(each));
  if (left().length === 0) return [];
  readNormally(path, () => undefined);
  return left();
}

/** Opens the original in normal locking, reads, and closes; only when nobody else can have it open. */
export function readNormally<T>(path: string, read: (db: Database.Database) => T): T {
  const db = new Database(path, { fileMustExist: true, timeout: busyTimeoutMs });
  try {
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    return read(db);
  } finally {
    db.close();
  }
}
