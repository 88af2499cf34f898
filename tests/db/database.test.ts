import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import Sqlite from 'better-sqlite3';
import { asAppError, asRefusal, DatabaseRefused } from '../../src/db/database-errors.js';
import { createWords } from '../../src/words.js';
import { openDatabase } from '../../src/db/database.js';
import type { Migration } from '../../src/db/migrate.js';
import { migrations } from '../../src/db/migrations/index.js';
import { AppError } from '../../src/errors.js';
import { closeAll, startBot } from '../support/bot.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { backUp } from '../../src/db/backup.js';
import { lockInstance } from '../../src/db/instance-lock.js';
import { syncFile, syncFolder } from '../../src/sync-folder.js';
import { AmongOthers } from '../../src/way-to.js';
import { isRootAmongOthers } from '../support/other-users.js';

const folder = temporaryFolders();
const asRoot = isRootAmongOthers ? test : test.skip;
const unlessRoot = isRootAmongOthers ? '' : ' (skipped: not root)';

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

describe('backups', () => {
  const folder = temporaryFolders();

  const night = (day: number) => new Date(2026, 10, day, 3, 30);

  const quiet = { info: () => undefined, warn: () => undefined };

  const opened: Sqlite.Database[] = [];

  afterEach(async () => {
    for (const db of opened.splice(0)) db.close();
    await closeAll();
  });

  function household(place: string, rows = 1): Sqlite.Database {
    const up = (db: Sqlite.Database) => db.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)');
    const db = openDatabase(join(place, 'latchkey.db'), [{ name: '0001-rows', up }], quiet);
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
    const result = await backUp(db, night(5));
    expect(copies(place)).toEqual(['latchkey-2026-11-05.db']);
    expect(result).toMatchObject({ file: join(place, 'backups', 'latchkey-2026-11-05.db'), removed: [] });
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
    const { file } = await backUp(db, night(5));
    copying = false;
    expect(written).toBeGreaterThan(3);
    expect(countIn(file)).toBeGreaterThanOrEqual(4000);
  });

  test('seven are kept, the newest, and files of other names are left alone', async () => {
    const place = folder();
    const db = household(place);
    for (let day = 1; day <= 9; day++) await backUp(db, night(day));
    writeFileSync(join(place, 'backups', 'before-the-update.db'), '');
    const { removed } = await backUp(db, night(10));
    expect(removed).toEqual(['latchkey-2026-11-03.db']);
    const days = [4, 5, 6, 7, 8, 9, 10].map((day) => `latchkey-2026-11-${String(day).padStart(2, '0')}.db`);
    expect(copies(place)).toEqual(['before-the-update.db', ...days]);
  });

  test('a clock that was put back does not remove the copy just made', async () => {
    const place = folder();
    const db = household(place);
    for (let day = 11; day <= 17; day++) await backUp(db, night(day));
    const { file, removed } = await backUp(db, night(2));
    expect(existsSync(file)).toBe(true);
    expect(removed).toEqual(['latchkey-2026-11-11.db']);
  });

  asRoot(
    `it is made with the rights of who could have chosen where: in another's folder theirs, by a link${unlessRoot}`,
    async () => {
      const [place, roots] = [folder(), folder()];
      const db = household(place);
      const backups = join(place, 'backups');
      for (const each of [place, roots]) chmodSync(each, 0o755);
      mkdirSync(backups);
      chownSync(backups, 65_534, 65_534);
      const { file } = await backUp(db, night(5));
      expect(statSync(file)).toMatchObject({ uid: 65_534 });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(countIn(file)).toBe(1);

      rmSync(backups, { recursive: true });
      for (const owner of [65_534, 0]) {
        symlinkSync(roots, backups);
        lchownSync(backups, owner, owner);
        if (owner === 0) await backUp(db, night(6));
        else await expect(backUp(db, night(6))).rejects.toThrow('EACCES');
        expect(readdirSync(roots)).toEqual(owner === 0 ? ['latchkey-2026-11-06.db'] : []);
        rmSync(backups);
      }
      mkdirSync(backups);
      chmodSync(backups, 0o777);
      await expect(backUp(db, night(7))).rejects.toThrow(new AmongOthers(realpathSync(backups)));
      expect(readdirSync(place).sort()).toEqual(['backups', 'latchkey.db', 'latchkey.db-shm', 'latchkey.db-wal']);
    },
  );

  test('a second copy on one day takes the place of the first, also over what a killed one left', async () => {
    const place = folder();
    const db = household(place);
    await backUp(db, night(5));
    writeFileSync(join(place, 'backups', 'latchkey-2026-11-05.db.part'), 'half a copy');
    writeFileSync(join(place, 'backups', 'latchkey-2026-11-04.db.part-journal'), 'half a journal');
    db.exec("INSERT INTO rows (text) VALUES ('later')");
    const { file } = await backUp(db, night(5));
    expect(countIn(file)).toBe(2);
    expect(copies(place)).toEqual(['latchkey-2026-11-05.db']);
  });

  test('a damaged database gives no copy, and the good ones stay', async () => {
    const place = folder();
    const first = household(place, 400);
    for (let day = 1; day <= 7; day++) await backUp(first, night(day));
    first.close();
    opened.splice(0);
    const path = join(place, 'latchkey.db');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096 * 10, 4096 * 11);
    writeFileSync(path, bytes);
    const db = new Sqlite(path);
    opened.push(db);
    await expect(backUp(db, night(8))).rejects.toThrow(/damaged/);
    expect(copies(place)).toEqual([1, 2, 3, 4, 5, 6, 7].map((day) => `latchkey-2026-11-0${day}.db`));
  });

  test('the nightly job logs what it did and lets a failure out', async () => {
    const { app, database, logged } = await startBot();
    await app.runJob('backup');
    const [line] = logged.filter((each) => each.includes('database copied'));
    const { file } = JSON.parse(line ?? '{}') as { file?: string };
    expect(file).toMatch(/backups.latchkey-\d{4}-\d{2}-\d{2}\.db$/);
    expect(existsSync(file ?? '')).toBe(true);
    const place = join(database, '..', 'backups');
    rmSync(place, { recursive: true });
    writeFileSync(place, 'in the way');
    await expect(app.runJob('backup')).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});

describe('one bot for each database', () => {
  const folder = temporaryFolders();

  const others: ChildProgram[] = [];

  afterEach(async () => {
    for (const other of others.splice(0)) await other.kill();
  });

  const alreadyRunning = expect.objectContaining({
    name: 'DatabaseRefused',
    code: 'anotherBot',
  });

  function otherBot(path: string): ChildProgram {
    const program = ChildProgram.start(
      ['db/instance-lock.ts'],
      (url) => `
      import { lockInstance } from '${url('db/instance-lock.ts')}';
      globalThis.lock = lockInstance(${JSON.stringify(path)});
      console.log('held');
      setInterval(() => {}, 1000);`,
    );
    others.push(program);
    return program;
  }

  test('a second bot on the same database is refused until the first is gone, even by kill -9', async () => {
    const path = join(folder(), 'data', 'latchkey.db');
    const other = otherBot(path);
    await other.lines(1);
    expect(() => lockInstance(path)).toThrow(alreadyRunning);
    await other.kill();
    const lock = lockInstance(path);
    expect(() => lockInstance(path)).toThrow(alreadyRunning);
    lock.release();
    lockInstance(path).release();
    expect(statSync(`${path}.lock`).mode & 0o777).toBe(0o600);
  });

  test('another name for the same database does not get around it', () => {
    const place = folder();
    mkdirSync(join(place, 'data'));
    symlinkSync(join(place, 'data'), join(place, 'link'));
    const lock = lockInstance(join(place, 'data', 'latchkey.db'));
    expect(() => lockInstance(join(place, 'link', 'latchkey.db'))).toThrow(alreadyRunning);
    lockInstance(join(place, 'data', 'other.db')).release();
    lock.release();
  });

  test('the command line can still read and write the database while a bot runs', async () => {
    const path = join(folder(), 'latchkey.db');
    const other = otherBot(path);
    await other.lines(1);
    const db = openDatabase(path, [], { info: () => undefined, warn: () => undefined });
    db.exec('CREATE TABLE written (id INTEGER)');
    db.close();
  });
});

describe('files and folders are synced', () => {
  const temporaryFolder = temporaryFolders();

  // What lies in /proc knows no sync, as a folder on Windows does not: it is refused with EINVAL.
  const hasProc = existsSync('/proc/self/fd');
  const withProc = hasProc ? test : test.skip;
  const unlessProc = hasProc ? '' : ' (skipped: there is no /proc here)';

  withProc(
    `a folder is synced, a file with its folder, and a file whose folder knows no sync${unlessProc}`,
    async () => {
      const place = temporaryFolder();
      const file = join(place, 'jellyfin.db');
      writeFileSync(file, '');
      const program = ChildProgram.start(
        ['sync-folder.ts'],
        (url) => `
        import fs from 'node:fs';
        import { syncBuiltinESMExports } from 'node:module';
        const sync = fs.fsyncSync;
        fs.fsyncSync = (descriptor) => {
          sync(descriptor);
          console.log(fs.readlinkSync('/proc/self/fd/' + descriptor));
        };
        syncBuiltinESMExports();
        const { syncFile, syncFolder } = await import('${url('sync-folder.ts')}');
        const named = '/proc/self/fd/' + fs.openSync('${file}', 'r');
        const open = () => fs.readdirSync('/proc/self/fd').length;
        syncFolder('${place}');
        const before = open();
        syncFile('${file}');
        syncFile(named);
        console.log(open() - before);`,
      );
      await program.exited;
      // Nothing stays open.
      expect(program.printed).toEqual([place, file, place, file, '0']);
    },
  );

  test('a folder that is not there is no folder that knows no sync', () => {
    expect(() => syncFolder(join(temporaryFolder(), 'gone'))).toThrow('ENOENT');
  });

  (hasProc ? describe : describe.skip)('where folders know no sync', () => {
    test('that is no error', () => {
      expect(() => syncFolder('/proc/self')).not.toThrow();
    });

    test('a file that knows none either is an error', () => {
      expect(() => syncFile('/proc/self/comm')).toThrow('EINVAL');
    });
  });
});
