import Database from 'better-sqlite3';
import type { Log } from '../services/log.js';
import { asRefusal } from './database-errors.js';
import { type Migration, migrate } from './migrate.js';
import { mustBeOrdinary } from '../small-file.js';
import { makePrivate, privatePath } from './private-file.js';

/** Less than the 3 s in which an interaction must be acknowledged: SQLite waits on the bot's only thread. */
const busyTimeoutMs = 2000;

/**
 * Opens Latchkey's own database, makes it where there is none, and brings it up to date.
 * Sets the process's umask to 077 before anything is opened. Throws DatabaseRefused.
 */
export function openDatabase(
  path: string,
  migrations: readonly Migration[],
  log: Pick<Log, 'info' | 'warn'>,
): Database.Database {
  const file = privatePath(path);
  let db: Database.Database | undefined;
  try {
    mustBeOrdinary(file);
    for (const end of ['', '-wal', '-shm']) makePrivate(`${file}${end}`, log);
    db = new Database(file, { timeout: busyTimeoutMs });
    // FULL, because a power cut must not take back an "approved" whose effect is already in Jellyfin: NORMAL may lose the
    // last commits in WAL mode. kill -9 loses nothing either way. The price is one fsync for each of a few commits a day.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    const mode = db.pragma('journal_mode = WAL', { simple: true });
    if (mode !== 'wal') log.warn({ file, mode }, 'no write-ahead log here: a network share?');
    const ran = migrate(db, migrations);
    if (ran.length > 0) log.info({ file, ran }, 'database brought up to date');
    return db;
  } catch (error) {
    db?.close();
    throw asRefusal(error, file);
  }
}
