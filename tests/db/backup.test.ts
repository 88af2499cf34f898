import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { DatabaseBackups } from '../../src/db/backup.js';
import { openDatabase } from '../../src/db/database.js';
import { backupJob } from '../../src/jobs/jobs.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const folder = temporaryFolders();
const night = (day: number) => () => new Date(2026, 10, day, 3, 30);
const quiet = { info: () => undefined, warn: () => undefined };
const opened: Sqlite.Database[] = [];
afterEach(() => {
  for (const db of opened.splice(0)) db.close();
});

function household(place: string, rows = 1): Sqlite.Database {
  const up = (db: Sqlite.Database) => db.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)');
  const db = openDatabase(join(place, 'latchkey.db'), { migrations: [{ name: '0001-rows', up }], log: quiet });
  const insert = db.prepare('INSERT INTO rows (text) VALUES (?)');
  db.transaction(() => {
    for (let row = 0; row < rows; row++) insert.run('x'.repeat(500));
  })();
  opened.push(db);
  return db;
}

const copies = (place: string) => readdirSync(join(place, 'backups')).sort();

function countIn(file: string): unknown {
  const copy = new Sqlite(file, { readonly: true });
  try {
    return copy.prepare('SELECT count(*) FROM rows').pluck().get();
  } finally {
    copy.close();
  }
}

test('the copy is one private file that holds everything committed, and nothing else is left beside it', async () => {
  const place = folder();
  const db = household(place, 50);
  const result = await new DatabaseBackups(db, night(5)).copy();
  expect(copies(place)).toEqual(['latchkey-2026-11-05.db']);
  expect(result).toMatchObject({ file: join(place, 'backups', 'latchkey-2026-11-05.db'), removed: [] });
  expect(result.bytes).toBe(statSync(result.file).size);
  expect(statSync(result.file).mode & 0o777).toBe(0o600);
  expect(statSync(join(place, 'backups')).mode & 0o777).toBe(0o700);
  // Without a -wal of its own: what was only in the log of the original is in the file.
  expect(readFileSync(result.file)[18]).toBe(1);
  expect(countIn(result.file)).toBe(50);
  expect(copies(place)).toEqual(['latchkey-2026-11-05.db']);
});

test('the bot goes on writing while the copy is made', async () => {
  const place = folder();
  const db = household(place, 4000);
  let written = 0;
  let copying = true;
  const write = () => {
    if (!copying) return;
    db.prepare("INSERT INTO rows (text) VALUES ('meanwhile')").run();
    written++;
    setImmediate(write);
  };
  setImmediate(write);
  const { file } = await new DatabaseBackups(db, night(5)).copy();
  copying = false;
  expect(written).toBeGreaterThan(3);
  expect(countIn(file)).toBeGreaterThanOrEqual(4000);
});

test('seven are kept, the newest, and files of other names are left alone', async () => {
  const place = folder();
  const db = household(place);
  for (let day = 1; day <= 9; day++) await new DatabaseBackups(db, night(day)).copy();
  writeFileSync(join(place, 'backups', 'before-the-update.db'), '');
  const { removed } = await new DatabaseBackups(db, night(10)).copy();
  expect(removed).toEqual(['latchkey-2026-11-03.db']);
  const days = [4, 5, 6, 7, 8, 9, 10].map((day) => `latchkey-2026-11-${String(day).padStart(2, '0')}.db`);
  expect(copies(place)).toEqual(['before-the-update.db', ...days]);
});

test('a clock that was put back does not remove the copy just made', async () => {
  const place = folder();
  const db = household(place);
  for (let day = 11; day <= 17; day++) await new DatabaseBackups(db, night(day)).copy();
  const { file, removed } = await new DatabaseBackups(db, night(2)).copy();
  expect(existsSync(file)).toBe(true);
  expect(removed).toEqual(['latchkey-2026-11-11.db']);
});

test('a second copy on one day takes the place of the first, also over what a killed one left', async () => {
  const place = folder();
  const db = household(place);
  await new DatabaseBackups(db, night(5)).copy();
  writeFileSync(join(place, 'backups', 'latchkey-2026-11-05.db.part'), 'half a copy');
  writeFileSync(join(place, 'backups', 'latchkey-2026-11-04.db.part-journal'), 'half a journal');
  db.exec("INSERT INTO rows (text) VALUES ('later')");
  const { file } = await new DatabaseBackups(db, night(5)).copy();
  expect(countIn(file)).toBe(2);
  expect(copies(place)).toEqual(['latchkey-2026-11-05.db']);
});

test('a damaged database gives no copy, and the good ones stay', async () => {
  const place = folder();
  const first = household(place, 400);
  for (let day = 1; day <= 7; day++) await new DatabaseBackups(first, night(day)).copy();
  first.close();
  opened.splice(0);
  const path = join(place, 'latchkey.db');
  const bytes = readFileSync(path);
  bytes.fill(0xff, 4096 * 10, 4096 * 11);
  writeFileSync(path, bytes);
  const db = new Sqlite(path);
  opened.push(db);
  await expect(new DatabaseBackups(db, night(8)).copy()).rejects.toThrow(/damaged/);
  expect(copies(place)).toEqual([1, 2, 3, 4, 5, 6, 7].map((day) => `latchkey-2026-11-0${day}.db`));
});

test('the nightly job logs what it did and lets a failure out', async () => {
  const said: object[] = [];
  const log = { info: (fields: object) => void said.push(fields) };
  const result = { file: 'x.db', bytes: 4096, removed: [], ms: 3 };
  const job = backupJob({ copy: () => Promise.resolve(result) }, log);
  expect([job.name, job.schedule]).toEqual(['backup', '30 3 * * *']);
  await job.run();
  expect(said).toEqual([result]);
  await expect(backupJob({ copy: () => Promise.reject(new Error('no room')) }, log).run()).rejects.toThrow('no room');
});
