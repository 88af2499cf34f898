import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import Sqlite from 'better-sqlite3';
import { asAppError, asRefusal, DatabaseRefused } from '../../src/db/database-errors.js';
import { createWords } from '../../src/words.js';
import { openDatabase } from '../../src/db/database.js';
import type { Migration } from '../../src/db/migrate.js';
import { migrations } from '../../src/db/migrations/index.js';
import { AppError } from '../../src/errors.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { lockInstance } from '../../src/db/instance-lock.js';

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
  return openDatabase(path, migrations, log);
}

/** What whoever starts the bot reads. */
function refusalOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DatabaseRefused) return error.sentence(createWords('en').forOperators('en'));
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
    openDatabase(path, [one], log).close();
    expect(mode(path)).toBe(0o600);
    expect(said.map(({ level, fields }) => [level, fields])).toEqual([['warn', { file: path }]]);
    // What a bot that was killed left beside it holds the same.
    const beside = ['-wal', '-shm'].map((end) => `${path}${end}`);
    for (const file of beside) {
      writeFileSync(file, '');
      chmodSync(file, 0o644);
    }
    const db = openDatabase(path, [one], log);
    expect(beside.map(mode)).toEqual([0o600, 0o600]);
    expect(said.slice(1).map(({ fields }) => fields)).toEqual(beside.map((file) => ({ file })));
    db.close();
  });

  test('holds references, waits little, and commits to the disk in a write-ahead log', () => {
    const db = open(join(folder(), 'latchkey.db'), [one, two]);
    const setting = (name: string) => db.pragma(name, { simple: true });
    expect(['journal_mode', 'foreign_keys', 'synchronous', 'busy_timeout'].map(setting)).toEqual(['wal', 1, 2, 2000]);
    expect(() => db.exec('INSERT INTO two VALUES (77)')).toThrow(/FOREIGN KEY/);
    db.close();
  });
});

describe('migrations', () => {
  test('run once each, in order, and only the new ones later', () => {
    const path = join(folder(), 'latchkey.db');
    open(path, [one]).close();
    const { said, log } = recorder();
    const db = openDatabase(path, [one, two], log);
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
    expect(refusalOf(() => open(path, [one, broken]))).toContain('(0002-broken)');
    const db = open(path, [one, two]);
    expect(db.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").all()).toEqual([]);
    db.close();
  });

  test('of a newer build are refused before anything is changed', () => {
    const path = join(folder(), 'latchkey.db');
    open(path, [one, two]).close();
    const before = readFileSync(path);
    const refusal = refusalOf(() => open(path, [one]));
    expect(refusal).toMatch(/newer Latchkey \(it has 0002-two\)/);
    expect(readFileSync(path)).toEqual(before);
  });
});

test('a lockout that only the log knew of is still unconfirmed after the update, and a denial still refers to it', () => {
  const path = join(folder(), 'latchkey.db');
  const older = open(path, migrations.slice(0, 13));
  const insert = 'INSERT INTO lockouts (account_id, account_name, state, locked_at, tries)';
  older.exec(
    `${insert} VALUES ('a', 'ann', 'seen', 1, '[]'), ('b', 'bob', 'locked', 2, '[]'), ('c', 'cid', 'ended', 3, '[]')`,
  );
  older.exec(
    "INSERT INTO denials (member_id, account_id, account_name, lockout_id, at) VALUES ('m', 'a', 'ann', 1, 4)",
  );
  older.close();
  const db = open(path, migrations);
  expect(db.prepare('SELECT state FROM lockouts ORDER BY id').pluck().all()).toEqual([
    'unconfirmed',
    'locked',
    'ended',
  ]);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  expect(() => db.exec('DELETE FROM lockouts WHERE id = 1')).toThrow(/FOREIGN KEY/);
  expect(() => db.exec(`${insert} VALUES ('a', 'ann', 'unconfirmed', 5, '[]')`)).toThrow(/UNIQUE/);
  db.close();
});

test('who was owed a message before the update that put them into one table is owed it after, and nobody else', () => {
  const path = join(folder(), 'latchkey.db');
  const older = open(path, migrations.slice(0, 12));
  older.exec(`
    INSERT INTO requests (id, kind, state, member_id, account_id, account_name, admin_account, created_at, decided_at, ended_at,
        wants_card, word, version) VALUES
      (1, 'reset', 'done', 'maya', 'films', 'Films', 0, 100, 200, 300, 1, 'told', 2),
      (2, 'reset', 'failed', 'maya', 'series', 'Series', 0, 110, 210, NULL, 0, 'place', 3),
      (3, 'unlock', 'pending', 'leo', 'films', 'Films', 0, 120, NULL, NULL, 1, NULL, 1),
      (4, 'unlock', 'denied', 'leo', 'music', 'Music', 0, 130, 230, 330, 1, 'next', 1);
    INSERT INTO temp_passwords (request_id, account_id, member_id, begun_at, expires_at) VALUES (1, 'films', 'maya', 250, 900);
    INSERT INTO temp_password_words (request_id, kind, way, channel_id, message_id) VALUES
      (1, 'end', 'due', NULL, NULL), (1, 'reminder 1', 'told', 'dm', '7'), (1, 'reminder 2', 'moot', NULL, NULL);
    INSERT INTO owner_notices (request_id, member_id, way, told_state) VALUES
      (1, 'dad', 'told', 'done'), (1, 'gran', 'told', 'failed'), (1, 'mum', 'moot', NULL),
      (2, 'dad', 'told', 'failed'), (2, 'gran', 'told', 'done'), (2, 'mum', 'next', NULL), (3, 'dad', 'due', NULL);
    INSERT INTO links (member_id, account_id, account_name, linked_at, linked_by, greeting) VALUES
      ('maya', 'films', 'Films', 10, 'dad', 'due'), ('leo', 'films', 'Films', 20, 'dad', 'none'),
      ('mia', 'music', 'Music', 30, 'dad', 'next');
    INSERT INTO link_proofs (member_id, device_id, begun_at, expires_at, ended_at, word) VALUES
      ('maya', 'a', 1, 2, 3, 'due'), ('leo', 'b', 1, 2, NULL, NULL);
    INSERT INTO link_news (kind, member_id, account_name, at, batch, told_at) VALUES
      ('gone', 'a', 'A', 1, 1, 5), ('gone', 'b', 'B', 2, 1, 5), ('gone', 'c', 'C', 3, NULL, NULL),
      ('gone', 'd', 'D', 4, NULL, NULL), ('gone', 'e', 'E', 5, 5, NULL)`);
  older.close();
  const db = open(path, migrations);
  const owed = db.prepare<[], string>(
    `SELECT concat_ws(' ', kind, subject_id, recipient_id, delivery_status, version, owed_at, message_id) FROM notices
       ORDER BY id`,
  );
  expect(owed.pluck().all()).toEqual([
    ...['outcome 1 maya told 2 300', 'outcome 2 maya announced 3 210', 'outcome 4 leo unreachable 1 330'],
    'passwordEnd 1 maya due 1 250',
    ...['passwordReminder1 1 maya told 1 250 7', 'passwordReminder2 1 maya dropped 1 250'],
    // Of one that failed at first, and ended well, they have heard half.
    ...['ownerOfDone 1 dad told 1 300', 'ownerOfDone 1 gran due 1 300', 'ownerOfDone 1 mum dropped 1 300'],
    ...['ownerOfFailed 2 dad told 1 110', 'ownerOfFailed 2 gran told 1 110', 'ownerOfFailed 2 mum due 1 110'],
    ...['greeting films maya due 1 10', 'greeting music mia unreachable 1 30', 'proofEnded 1 maya due 1 3'],
    ...['linkNews 1 admins told 1 2', 'linkNews 5 admins due 1 5', 'linkNews 4 admins due 1 4'],
  ]);
  expect(db.prepare('SELECT batch FROM link_news ORDER BY id').pluck().all()).toEqual([1, 1, 4, 4, 5]);
  const origins = db.prepare('SELECT origin FROM requests ORDER BY id').pluck().all();
  expect(origins).toEqual(['asked', 'direct', 'asked', 'asked']);
  db.close();
});

test('no number that a button may still name is given again after the update that made requests anew', () => {
  const path = join(folder(), 'latchkey.db');
  const older = open(path, migrations.slice(0, 12));
  const columns = 'kind, state, member_id, account_id, account_name, admin_account, created_at, wants_card';
  const request = `INSERT INTO requests (id, ${columns}) VALUES (?, 'reset', 'done', 'maya', 'films', 'Films', 0, 100, 1)`;
  for (const id of [1, 9]) older.prepare(request).run(id);
  const audit = `INSERT INTO audit (id, at, actor_id, act, outcome) VALUES (?, 1, 'maya', 'unlock', 'done')`;
  older.prepare(audit).run(40);
  older.exec(`INSERT INTO temp_passwords (request_id, account_id, member_id, begun_at, expires_at) VALUES (1, 'films', 'maya', 1, 2);
    DELETE FROM requests WHERE id = 9; DELETE FROM audit`);
  older.close();
  const db = open(path, migrations);
  const next = `INSERT INTO requests (${columns.replace(', wants_card', '')}) VALUES ('reset', 'done', 'maya', 'films', 'Films', 0, 100)`;
  expect(db.prepare(next).run().lastInsertRowid).toBe(10);
  expect(db.prepare(audit).run(null).lastInsertRowid).toBe(41);
  expect(db.prepare('SELECT request_id FROM temp_passwords').pluck().all()).toEqual([1]);
  db.close();
});

describe('a wrong file', () => {
  test('of another program is refused and not changed', () => {
    const path = join(folder(), 'other.db');
    const other = new Sqlite(path);
    other.exec('CREATE TABLE theirs (id INTEGER)');
    other.close();
    expect(refusalOf(() => open(path, [one]))).toContain('belongs to another program');
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
      expect(refusalOf(() => open(join(place, name), [one]))).toContain("Jellyfin's own database");
    }
    expect(mode(jellyfin)).toBe(0o644);
    expect(existsSync(`${jellyfin}-wal`)).toBe(false);
  });

  test('that is no database, a folder, or in a place that cannot be made, is named in a sentence', () => {
    const place = folder();
    writeFileSync(join(place, 'text.db'), 'just text, and enough of it to be looked at by SQLite. '.repeat(20));
    mkdirSync(join(place, 'folder.db'));
    writeFileSync(join(place, 'file'), '');
    const sentenceFor = (...name: string[]) => refusalOf(() => open(join(place, ...name), [one]));
    expect(sentenceFor('text.db')).toContain('is not a database. Check LATCHKEY_DB');
    chmodSync(join(place, 'folder.db'), 0o755);
    expect(sentenceFor('folder.db')).toMatch(
      /folder\.db is a folder\. LATCHKEY_DB names a file, such as .*folder\.db\/latchkey\.db/,
    );
    expect(mode(join(place, 'folder.db'))).toBe(0o755);
    expect(refusalOf(() => open('/dev/null', [one]))).toContain('is no ordinary file');
    expect(sentenceFor('file', 'x', 'latchkey.db')).toContain('cannot be made or entered');
  });
});

test('a file beside the database that is none is told of before SQLite looks at it, by the bot and by its lock', () => {
  const path = join(folder(), 'latchkey.db');
  open(path, [one]).close();
  mkdirSync(`${path}-wal`);
  expect(refusalOf(() => open(path, [one]))).toContain('latchkey.db-wal');
  expect(refusalOf(() => lockInstance(path))).toContain('latchkey.db-wal');
  rmSync(`${path}-wal`, { recursive: true });
  mkdirSync(`${path}.lock`);
  expect(refusalOf(() => lockInstance(path))).toContain('latchkey.db.lock');
});

test('what SQLite and the system say while a database is opened is told as what it is; a fault of ours is not', () => {
  const told = (code: unknown) => {
    const error = asRefusal(Object.assign(new Error('no'), { code }), '/data/latchkey.db');
    return error instanceof DatabaseRefused ? error.code : 'as it is';
  };
  const codes = [
    'NOTADB',
    'CANTOPEN_ISDIR',
    'PERM',
    'AUTH',
    'READONLY_DBMOVED',
    'CORRUPT_VTAB',
    'FULL',
    'IOERR_WRITE',
    'ERROR',
  ];
  expect(codes.map((code) => told(`SQLITE_${code}`))).toEqual([
    ...['notADatabase', 'cannotOpen', 'cannotOpen', 'cannotOpen', 'readOnly', 'damaged', 'unwritable', 'unwritable'],
    'as it is',
  ]);
  expect([told(undefined), told('ENOENT')]).toEqual(['as it is', 'as it is']);
  const say = createWords('en').forOperators('en');
  const howToOpen = { closed: '/data', owner: 'root', me: 'bot', command: 'sudo chown bot /data' };
  const refused = (options?: object) =>
    new DatabaseRefused('readOnly', { file: 'x', code: 'y' }, options).sentence(say);
  expect([refused({ howToOpen }).includes('sudo chown bot /data'), refused().endsWith('undefined')]).toEqual([
    true,
    false,
  ]);
});

test('kill -9 loses nothing that was committed', async () => {
  const path = join(folder(), 'latchkey.db');
  const child = ChildProgram.start(
    ['db/database.ts'],
    (url) => `
      import { writeSync } from 'node:fs';
      import { openDatabase } from '${url('db/database.ts')}';
      const one = { name: '0001-one', up: (db) => db.exec('CREATE TABLE one (id INTEGER PRIMARY KEY)') };
      const db = openDatabase(${JSON.stringify(path)}, [one], { info() {}, warn() {} });
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
