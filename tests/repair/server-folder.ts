import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { rootPassword, startJellyfin } from '../../sandbox/jellyfin/index.js';

const recordings = join(process.cwd(), '..', 'shared', 'jellyfin', 'recordings');

/** Databases that a real server made: a user's clone does not have them. */
const samples = {
  '10.10': join(recordings, 'v10.10.7', 'db', 'sample-stopped-admin-locked.db'),
  '12': join(recordings, 'v12.0-rc5', 'db', 'sample-stopped-admin-locked.db'),
} as const;
export const samplesAreThere = existsSync(samples['12']);
if (!samplesAreThere && process.env.CI === 'true') throw new Error('the sample databases in ../shared are missing');
export const withSamples = samplesAreThere ? '' : ' (skipped: there is no ../shared)';

/** A stopped server's folder. */
export interface ServerFolder {
  readonly dir: string;
  readonly db: string;
  readonly logDir: string;
}

export function serverFolder(dir: string): ServerFolder {
  for (const part of ['data', 'log']) mkdirSync(join(dir, part), { recursive: true });
  writeFileSync(join(dir, 'log', 'log_20261124.log'), 'stopped\n');
  return { dir, db: join(dir, 'data', 'jellyfin.db'), logDir: join(dir, 'log') };
}

/** A real server's database, turned back to the write-ahead mode that a real stopped file has. */
export function fromSample(dir: string, version: keyof typeof samples): ServerFolder {
  const folder = serverFolder(dir);
  copyFileSync(samples[version], folder.db);
  chmodSync(folder.db, 0o644);
  change(folder.db, (db) => db.pragma('journal_mode = WAL'));
  return folder;
}

const made = new Map<string, Buffer>();

/**
 * The loopback server's database with root; with alice, an administrator who is locked; and with bob. All three have
 * devices. Made once for each version.
 */
export async function fromLoopback(dir: string, version = '10.11.8'): Promise<ServerFolder> {
  const folder = serverFolder(dir);
  let bytes = made.get(version);
  if (!bytes) made.set(version, (bytes = await makeWithLoopback(version)));
  writeFileSync(folder.db, bytes, { mode: 0o644 });
  chmodSync(folder.db, 0o644);
  return folder;
}

async function makeWithLoopback(version: string): Promise<Buffer> {
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-made-'));
  try {
    const jellyfin = await startJellyfin({ version, dir });
    jellyfin.addUser('alice', { password: 'wonderland', administrator: true, limit: 3 });
    jellyfin.addUser('bob', { password: 'builder' });
    await jellyfin.signIn('root', rootPassword);
    await jellyfin.signIn('alice', 'wonderland');
    await jellyfin.signIn('bob', 'builder');
    await jellyfin.lock('alice');
    await jellyfin.close();
    return readFileSync(join(dir, 'data', 'jellyfin.db'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export function change(file: string, run: (db: Database.Database) => unknown): void {
  const db = new Database(file);
  try {
    run(db);
  } finally {
    db.close();
  }
}

/** Every row of every table, as text, so that two states can be compared whole. */
export function dump(file: string): Record<string, string[]> {
  const db = new Database(file);
  try {
    const tables = db
      .prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
      .pluck()
      .all();
    return Object.fromEntries(
      tables.map((table) => [
        table,
        db
          .prepare(`SELECT * FROM "${table}" ORDER BY rowid`)
          .all()
          .map((row) => JSON.stringify(row)),
      ]),
    );
  } finally {
    db.close();
  }
}

export const filesIn = (folder: ServerFolder): string[] => readdirSync(join(folder.dir, 'data')).sort();

export const bytesOf = (file: string): string => readFileSync(file).toString('base64');

/**
 * Leaves the folder as a server would that was killed after these changes: they are in the write-ahead log alone. `parts`:
 * which of the files are left.
 */
export function crashed(
  { db: file }: ServerFolder,
  run: (db: Database.Database) => unknown,
  parts: readonly string[] = ['', '-wal'],
): void {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  run(db);
  const kept = parts.map((part) => [file + part, readFileSync(file + part)] as const);
  db.close();
  rmSync(file);
  for (const [name, bytes] of kept) writeFileSync(name, bytes);
}

/**
 * Leaves the folder as a server would that was killed in the middle of a change, in the mode without a write-ahead log:
 * some of it is in the file already, and what was there before is in the rollback journal.
 */
export function halfWritten({ db: file }: ServerFolder): void {
  const db = new Database(file);
  db.pragma('journal_mode = DELETE');
  // Nothing is kept in memory: it goes to the file at once.
  for (const setting of ['cache_size', 'cache_spill']) db.pragma(`${setting} = 1`);
  db.exec('BEGIN IMMEDIATE; UPDATE Users SET InvalidLoginAttemptCount = 7; CREATE TABLE More AS SELECT * FROM Users');
  const kept = ['', '-journal'].map((part) => [file + part, readFileSync(file + part)] as const);
  db.exec('ROLLBACK');
  db.close();
  for (const [name, bytes] of kept) writeFileSync(name, bytes);
}

/** A real server's database with its log, copied while it ran. */
export function runningSample(dir: string): ServerFolder {
  const folder = serverFolder(dir);
  const from = join(recordings, 'v10.10.7', 'db', 'sample-running-admin-locked', 'jellyfin.db');
  for (const part of ['', '-wal']) {
    copyFileSync(from + part, folder.db + part);
    chmodSync(folder.db + part, 0o644);
  }
  return folder;
}
