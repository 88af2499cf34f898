import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { asAppError, DatabaseRefused } from '../../src/db/database-errors.js';
import { openDatabase } from '../../src/db/database.js';
import type { Migration } from '../../src/db/migrate.js';
import { AppError } from '../../src/errors.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const folder = temporaryFolders();
const one: Migration = { name: '0001-one', up: (db) => db.exec('CREATE TABLE one (id INTEGER PRIMARY KEY)') };
const two: Migration = {
  name: '0002-two',
  up: (db) => db.exec('CREATE TABLE two (one INTEGER REFERENCES one (id)); INSERT INTO one VALUES (2)'),
};

function recorder() {
  const said: { level: string; message: string; fields: object }[] = [];
  const at = (level: string) => (fields: object, message: string) => void said.push({ level, message, fields });
  return { said, log: { info: at('info'), warn: at('warn') } };
}

function open(path: string, migrations: readonly Migration[], { log } = recorder()) {
  return openDatabase(path, { migrations, log });
}

function refusalOf(attempt: () => unknown): DatabaseRefused {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DatabaseRefused) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const mode = (path: string) => statSync(path).mode & 0o777;

describe('opening', () => {
  test('makes folder and files for their owner only, whatever the umask was', () => {
    const path = join(folder(), 'data', 'deep', 'latchkey.db');
    process.umask(0);
    const db = open(path, [one]);
    db.exec('INSERT INTO one VALUES (1)');
    expect(mode(join(path, '..'))).toBe(0o700);
    expect([path, `${path}-wal`, `${path}-shm`].map(mode)).toEqual([0o600, 0o600, 0o600]);
    db.close();
  });

  test('makes a file private that others could read, and warns', () => {
    const path = join(folder(), 'latchkey.db');
    open(path, [one]).close();
    chmodSync(path, 0o644);
    const { said, log } = recorder();
    openDatabase(path, { migrations: [one], log }).close();
    expect(mode(path)).toBe(0o600);
    expect(said.map(({ level, fields }) => [level, fields])).toEqual([['warn', { file: path }]]);
  });

  test('holds references, waits little, and commits to the disk in a write-ahead log', () => {
    const db = open(join(folder(), 'latchkey.db'), [one, two]);
    const setting = (name: string) => db.pragma(name, { simple: true });
    expect(['journal_mode', 'foreign_keys', 'synchronous', 'busy_timeout'].map(setting)).toEqual(['wal', 1, 2, 2000]);
    expect(() => db.exec('INSERT INTO two VALUES (77)')).toThrow(/FOREIGN KEY/);
    db.close();
  });

  test('works in memory, for tests', () => {
    const { said, log } = recorder();
    const db = openDatabase(':memory:', { migrations: [one], log });
    expect(db.prepare('SELECT count(*) FROM one').pluck().get()).toBe(0);
    expect(said.filter(({ level }) => level === 'warn')).toEqual([]);
    db.close();
  });
});

describe('migrations', () => {
  test('run once each, in order, and only the new ones later', () => {
    const path = join(folder(), 'latchkey.db');
    open(path, [one]).close();
    const { said, log } = recorder();
    const db = openDatabase(path, { migrations: [one, two], log });
    expect(said[0]?.fields).toEqual({ file: path, ran: ['0002-two'] });
    expect(db.prepare('SELECT id FROM one').pluck().all()).toEqual([2]);
    db.close();
    open(path, [one, two]).close();
  });

  test('that fail leave nothing of themselves behind', () => {
    const path = join(folder(), 'latchkey.db');
    const broken: Migration = {
      name: '0002-broken',
      up: (db) => {
        db.exec('CREATE TABLE half (id INTEGER)');
        db.exec('CREATE TABLE one (id INTEGER)');
      },
    };
    expect(refusalOf(() => open(path, [one, broken]))).toMatchObject({ code: 'migrationFailed' });
    const db = open(path, [one, two]);
    expect(db.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").all()).toEqual([]);
    db.close();
  });

  test('of a newer build are refused before anything is changed', () => {
    const path = join(folder(), 'latchkey.db');
    open(path, [one, two]).close();
    const before = readFileSync(path);
    const refusal = refusalOf(() => open(path, [one]));
    expect(refusal.code).toBe('newer');
    expect(refusal.message).toContain('0002-two');
    expect(readFileSync(path)).toEqual(before);
  });
});

describe('a wrong file', () => {
  test('of another program is refused and not changed', () => {
    const path = join(folder(), 'other.db');
    const other = new Sqlite(path);
    other.exec('CREATE TABLE theirs (id INTEGER)');
    other.close();
    expect(refusalOf(() => open(path, [one])).code).toBe('notOurs');
    const again = new Sqlite(path, { readonly: true });
    expect(again.prepare('SELECT name FROM sqlite_master').pluck().all()).toEqual(['theirs']);
  });

  test('that is Jellyfin’s is not even touched, under another name neither', () => {
    const place = folder();
    const jellyfin = join(place, 'jellyfin.db');
    writeFileSync(jellyfin, 'not to be opened');
    chmodSync(jellyfin, 0o644);
    symlinkSync(jellyfin, join(place, 'latchkey.db'));
    for (const name of ['jellyfin.db', 'latchkey.db']) {
      expect(refusalOf(() => open(join(place, name), [one])).code).toBe('notOurs');
    }
    expect(mode(jellyfin)).toBe(0o644);
    expect(existsSync(`${jellyfin}-wal`)).toBe(false);
  });

  test('that is no database, a folder, or in a place that cannot be made, is named in a sentence', () => {
    const place = folder();
    writeFileSync(join(place, 'text.db'), 'just text, and enough of it to be looked at by SQLite. '.repeat(20));
    mkdirSync(join(place, 'folder.db'));
    writeFileSync(join(place, 'file'), '');
    expect(refusalOf(() => open(join(place, 'text.db'), [one])).code).toBe('notDatabase');
    expect(refusalOf(() => open(join(place, 'folder.db'), [one])).code).toBe('cannotOpen');
    expect(refusalOf(() => open(join(place, 'file', 'x', 'latchkey.db'), [one])).code).toBe('cannotOpen');
  });
});

test('kill -9 loses nothing that was committed', async () => {
  const path = join(folder(), 'latchkey.db');
  const sources = [
    'error-code.ts',
    'errors.ts',
    'db/database-errors.ts',
    'db/private-file.ts',
    'db/migrate.ts',
    'db/database.ts',
  ];
  const child = ChildProgram.start(
    sources,
    (url) => `
      import { writeSync } from 'node:fs';
      import { openDatabase } from '${url('db/database.ts')}';
      const one = { name: '0001-one', up: (db) => db.exec('CREATE TABLE one (id INTEGER PRIMARY KEY)') };
      const db = openDatabase(${JSON.stringify(path)}, { migrations: [one], log: { info() {}, warn() {} } });
      const insert = db.prepare('INSERT INTO one VALUES (?)');
      for (let id = 1; ; id++) { insert.run(id); writeSync(1, id + '\\n'); }`,
  );
  await child.lines(20);
  await child.kill();
  const db = open(path, [one]);
  const rows = db.prepare('SELECT id FROM one').pluck().all();
  expect(rows.length).toBeGreaterThanOrEqual(child.printed.length);
  expect(rows.slice(0, child.printed.length).map(String)).toEqual(child.printed);
  db.close();
});

test('a full or failing disk becomes a sentence for people, other errors stay what they are', () => {
  const db = new Sqlite(join(folder(), 'small.db'));
  db.exec('CREATE TABLE t (x)');
  db.pragma('max_page_count = 3');
  const fill = db.prepare('INSERT INTO t VALUES (randomblob(100000))');
  let error: unknown;
  try {
    fill.run();
  } catch (caught) {
    error = caught;
  }
  expect(asAppError(error)).toEqual(new AppError('databaseFull'));
  expect((asAppError(error) as AppError).cause).toBe(error);
  const other = new Error('other');
  expect(asAppError(other)).toBe(other);
  db.close();
});
