import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { lookAtDatabase } from '../../src/cli/doctor/this-computer.js';
import { backUp } from '../../src/db/backup.js';
import { openDatabase } from '../../src/db/database.js';
import { migrations } from '../../src/db/migrations/index.js';
import { openStores } from '../../src/db/stores.js';
import { createWords } from '../../src/words.js';
import { ProcessHouse } from '../process/process-house.js';
import { endAll, folder, latchkey, latchkeyProcess } from './latchkey.js';
import { isRootAmongOthers } from '../support/other-users.js';

afterAll(endAll);

let house: ProcessHouse;
beforeAll(async () => {
  house = await ProcessHouse.start();
});
afterEach(() => house.tidy());
afterAll(() => house.close());

const words = createWords('en').forOperators('en');
const quiet = { info: () => undefined, warn: () => undefined };

/** A bot's folder with `data/latchkey.db`, in which the last language is in no copy, and two nightly copies. */
async function withCopies(): Promise<string> {
  const where = folder({});
  const db = openDatabase(join(where, 'data', 'latchkey.db'), migrations, quiet);
  for (const [id, day] of [
    ['first', 27],
    ['second', 28],
  ] as const) {
    db.prepare('INSERT INTO members (member_id, locale) VALUES (?, ?)').run(id, 'de');
    await backUp(db, new Date(2026, 10, day));
  }
  db.prepare('INSERT INTO members (member_id, locale) VALUES (?, ?)').run('third', 'de');
  db.close();
  return where;
}

function membersIn(file: string): string[] {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    return db.prepare<[], string>('SELECT member_id FROM members ORDER BY member_id').pluck().all();
  } finally {
    db.close();
  }
}

const keptIn = (where: string) =>
  readdirSync(join(where, 'data', 'backups')).filter((name) => name.startsWith('before-restore-'));

test('without a name it lists what there is, newest first, and changes nothing', async () => {
  const where = await withCopies();
  const { code, stdout } = await latchkey(['restore'], where);
  expect(code).toBe(0);
  expect(stdout).toMatch(/2026-11-28 +\d+ KB\n +2026-11-27 +\d+ KB/);
  expect(stdout).toContain('restore 2026-11-28');
  expect(membersIn(join(where, 'data', 'latchkey.db'))).toEqual(['first', 'second', 'third']);
});

test('what is asked after a copy was put back gets no number that a message from after the copy was made has', async () => {
  const where = await withCopies();
  const file = join(where, 'data', 'latchkey.db');
  const asks = () => {
    const stores = openStores(file, quiet, Date.now);
    const about = { accountId: '', accountName: '', adminAccount: false, state: 'pending', origin: 'asked' } as const;
    const asked = stores.requests.insert({ kind: 'link', memberId: `${Math.random()}`, createdAt: 1, ...about });
    stores.db.close();
    return asked?.id ?? 0;
  };
  const before = [asks(), asks()];
  expect(await latchkey(['restore', '2026-11-28'], where)).toMatchObject({ code: 0 });
  expect(asks()).toBeGreaterThan(Math.max(...before));
});

test('a .env that others can read is warned about here, too', async () => {
  const where = await withCopies();
  chmodSync(join(where, '.env'), 0o644);
  const said = await latchkey(['restore'], where);
  expect(said).toMatchObject({ code: 0, stderr: '.env can be read by others: run chmod 600 .env\n' });
});

test('a day is put back, and what was there is kept', async () => {
  const where = await withCopies();
  const { code, stdout } = await latchkeyProcess(['restore', '2026-11-27'], where);
  expect(code).toBe(0);
  expect(membersIn(join(where, 'data', 'latchkey.db'))).toEqual(['first']);
  const [kept] = keptIn(where);
  expect(membersIn(join(where, 'data', 'backups', kept ?? ''))).toEqual(['first', 'second', 'third']);
  expect(stdout).toContain(kept);
});

test('what a killed bot had only in its log is kept with the database, and does not get into the copy put back', async () => {
  const where = await withCopies();
  const database = join(where, 'data', 'latchkey.db');
  const db = openDatabase(database, migrations, quiet);
  db.prepare('INSERT INTO members (member_id, locale) VALUES (?, ?)').run('unsaved', 'de');
  // The state that a kill leaves: the files as they are while it is open.
  for (const end of ['', '-wal']) copyFileSync(`${database}${end}`, `${database}${end}.then`);
  db.close();
  for (const end of ['', '-wal']) copyFileSync(`${database}${end}.then`, `${database}${end}`);

  expect((await latchkey(['restore', '2026-11-28'], where)).code).toBe(0);
  expect(existsSync(`${database}-wal`)).toBe(false);
  expect(membersIn(database)).toEqual(['first', 'second']);
  const kept = keptIn(where).find((name) => name.endsWith('.db')) ?? '';
  expect(membersIn(join(where, 'data', 'backups', kept))).toEqual(['first', 'second', 'third', 'unsaved']);
});

test('and what was kept so can be put back, its log with it', async () => {
  const where = await withCopies();
  const database = join(where, 'data', 'latchkey.db');
  const kept = join(where, 'data', 'backups', 'before-restore-then.db');
  const db = openDatabase(database, migrations, quiet);
  db.prepare('INSERT INTO members (member_id, locale) VALUES (?, ?)').run('unsaved', 'de');
  for (const end of ['', '-wal']) copyFileSync(`${database}${end}`, `${kept}${end}`);
  db.close();

  expect(await latchkey(['restore', kept], where)).toMatchObject({ code: 0, stderr: '' });
  expect(membersIn(database)).toEqual(['first', 'second', 'third', 'unsaved']);
});

test('a database that is damaged, or gone, is replaced; the bot starts on it', async () => {
  const where = await withCopies();
  const database = join(where, 'data', 'latchkey.db');
  const whole = readFileSync(database);
  // Its pages, all that a power cut left, and nothing but its length.
  const scribbled = Buffer.concat([whole.subarray(0, 100), Buffer.alloc(whole.length - 100, 0xff)]);
  for (const damaged of [scribbled, Buffer.alloc(0), Buffer.alloc(whole.length)]) {
    writeFileSync(database, damaged);
    expect(await latchkey(['restore', '2026-11-28'], where)).toMatchObject({ code: 0, stderr: '' });
    expect(membersIn(database)).toEqual(['first', 'second']);
  }
  rmSync(database);
  const { code, stdout } = await latchkey(['restore', '2026-11-28'], where);
  // There was nothing to keep.
  expect({ code, kept: /before-restore-/.exec(stdout) }).toEqual({ code: 0, kept: null });
  const bot = await house.bot(where, { ...house.env(), LATCHKEY_DB: 'data/latchkey.db' });
  expect(await bot.kill('SIGTERM')).toBe(0);
});

test.each<[string, (where: string) => string, RegExp]>([
  ['a day without a copy', () => '2026-11-01', /There is no copy called 2026-11-01\. Nothing was changed\./],
  [
    'a damaged copy',
    (where) => {
      const file = join(where, 'damaged.db');
      writeFileSync(file, 'scribble'.repeat(1000));
      return file;
    },
    /damaged\.db is no database of Latchkey's: take another copy/,
  ],
  [
    'a copy with a damaged page',
    (where) => {
      const file = join(where, 'page.db');
      const whole = readFileSync(join(where, 'data', 'backups', 'latchkey-2026-11-28.db'));
      writeFileSync(file, whole.fill(0xff, whole.length - 4096));
      return file;
    },
    /page\.db is damaged/,
  ],
  [
    "another program's database",
    (where) => {
      const file = join(where, 'other.db');
      const db = new Database(file);
      db.exec('CREATE TABLE songs (id INTEGER)');
      db.close();
      return file;
    },
    /other\.db is no database of Latchkey's/,
  ],
  [
    'one of a newer Latchkey',
    (where) => {
      const file = join(where, 'newer.db');
      copyFileSync(join(where, 'data', 'backups', 'latchkey-2026-11-28.db'), file);
      const db = new Database(file);
      db.prepare('INSERT INTO migrations (name, applied_at) VALUES (?, 0)').run('9999-later');
      db.close();
      return file;
    },
    /newer\.db was written by a newer Latchkey \(it has 9999-later\)/,
  ],
])('%s is refused, and nothing is changed', async (_, make, sentence) => {
  const where = await withCopies();
  const { code, stderr } = await latchkey(['restore', make(where)], where);
  expect(code).toBe(1);
  expect(stderr).toMatch(sentence);
  expect(membersIn(join(where, 'data', 'latchkey.db'))).toEqual(['first', 'second', 'third']);
  expect(keptIn(where)).toEqual([]);
  expect(readdirSync(join(where, 'data')).filter((name) => name.includes('.part'))).toEqual([]);
});

const onPosix = process.platform === 'win32' ? test.skip : test;
onPosix('a pipe, or a link to nothing, in the place of a copy keeps nobody waiting', async () => {
  const where = await withCopies();
  const backups = join(where, 'data', 'backups');
  symlinkSync('nothing', join(backups, 'latchkey-2026-11-29.db'));
  spawnSync('mkfifo', [join(backups, 'latchkey-2026-11-30.db'), join(where, 'pipe.db')]);
  const { code, stdout } = await latchkey(['restore'], where);
  expect(code).toBe(0);
  expect(stdout).toContain('restore 2026-11-28');
  const pipe = await latchkey(['restore', 'pipe.db'], where);
  expect(pipe).toMatchObject({ code: 1, stderr: expect.stringContaining('pipe.db is no ordinary file') });
});

onPosix('nor does one beside a copy or the database, or where the copy is put first', async () => {
  const where = await withCopies();
  const data = join(where, 'data');
  const refusedFor = async (file: string) => {
    spawnSync('mkfifo', [join(data, file)]);
    const { code, stderr } = await latchkey(['restore', '2026-11-28'], where);
    rmSync(join(data, file));
    expect(code).toBe(1);
    expect(stderr).toContain(`${file} is no ordinary file. Move it away, then run this again.`);
  };
  // One that is not empty is looked for what is to be taken back.
  copyFileSync(join(data, 'latchkey.db'), join(data, 'latchkey.db.lock'));
  for (const file of ['backups/latchkey-2026-11-28.db-journal', 'latchkey.db-wal', 'latchkey.db.lock-journal'])
    await refusedFor(file);
  expect(membersIn(join(data, 'latchkey.db'))).toEqual(['first', 'second', 'third']);
  rmSync(join(data, 'latchkey.db.lock'));
  spawnSync('mkfifo', [join(data, 'latchkey.db.part')]);
  expect((await latchkey(['restore', '2026-11-28'], where)).code).toBe(0);
  expect(membersIn(join(data, 'latchkey.db'))).toEqual(['first', 'second']);
});

test('a copy in which something else runs along is none of Latchkey’s, and is not looked at without end', async () => {
  const where = await withCopies();
  const db = new Database(join(where, 'data', 'backups', 'latchkey-2026-11-28.db'));
  const endless = 'WITH RECURSIVE each(name) AS (SELECT 1 UNION ALL SELECT name + 1 FROM each) SELECT name FROM each';
  db.exec(`DROP TABLE migrations; CREATE VIEW migrations AS ${endless}`);
  db.close();
  const { code, stderr } = await latchkey(['restore', '2026-11-28'], where);
  expect(code).toBe(1);
  expect(stderr).toContain("latchkey-2026-11-28.db is no database of Latchkey's");
});

const asRoot = isRootAmongOthers ? test : test.skip;
asRoot(
  'what root puts back in the folder of the bot’s user is theirs, and no link of theirs leads to root’s files',
  async () => {
    const where = await withCopies();
    const data = join(where, 'data');
    const roots = join(where, 'of root');
    writeFileSync(roots, 'of root', { mode: 0o600 });
    for (const name of ['', ...(readdirSync(data, { recursive: true }) as string[])])
      chownSync(join(data, name), 65_534, 65_534);
    chmodSync(where, 0o755);
    expect((await latchkey(['restore', '2026-11-27'], where)).code).toBe(0);
    expect(statSync(join(data, 'latchkey.db')).uid).toBe(65_534);
    symlinkSync(roots, join(data, 'latchkey.db.part'));
    await latchkey(['restore', '2026-11-28'], where);
    expect(readFileSync(roots, 'utf8')).toBe('of root');
  },
);

asRoot('a copy that is named is looked at with the rights of who could have chosen it', async () => {
  const where = await withCopies();
  const database = join(where, 'data', 'latchkey.db');
  const roots = join(where, 'of root');
  mkdirSync(roots, { mode: 0o700 });
  const secret = join(roots, 'another.db');
  copyFileSync(join(where, 'data', 'backups', 'latchkey-2026-11-27.db'), secret);
  const theirs = join(where, 'theirs');
  mkdirSync(theirs);
  chownSync(theirs, 65_534, 65_534);
  symlinkSync(secret, join(theirs, 'copy.db'));
  const { code, stderr } = await latchkey(['restore', 'theirs/copy.db'], where);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('EACCES') });
  expect(readdirSync(roots)).toEqual(['another.db']);
  expect(membersIn(database)).toEqual(['first', 'second', 'third']);
  expect((await latchkey(['restore', 'of root/another.db'], where)).code).toBe(0);
  expect(membersIn(database)).toEqual(['first']);
});

asRoot.each([
  ['that others run as its owner', 0o6755],
  ['that others can read', 0o644],
])('a copy %s is private to root once it is put back', async (_, mode) => {
  const where = await withCopies();
  const theirs = join(where, 'theirs');
  mkdirSync(theirs);
  const copy = join(theirs, 'copy.db');
  copyFileSync(join(where, 'data', 'backups', 'latchkey-2026-11-27.db'), copy);
  for (const path of [theirs, copy]) chownSync(path, 65_534, 65_534);
  chmodSync(copy, mode);
  chmodSync(where, 0o755);
  const database = join(where, 'data', 'latchkey.db');
  expect(await latchkey(['restore', 'theirs/copy.db'], where)).toMatchObject({ code: 0, stderr: '' });
  expect(membersIn(database)).toEqual(['first']);
  const { uid, mode: rights } = statSync(database);
  expect({ uid, rights: rights & 0o7777 }).toEqual({ uid: 0, rights: 0o600 });
  expect(readdirSync(theirs)).toEqual(['copy.db']);
});

asRoot.each([
  ['everybody', 0o777, 0],
  ['everybody, but for what is not theirs,', 0o1777, 0],
  ['a group', 0o775, 65_534],
])('root neither restores, looks nor links where %s could have put anything', async (_, mode, group) => {
  const where = await withCopies();
  const data = join(where, 'data');
  chownSync(data, 0, group);
  chmodSync(data, mode);
  const before = readdirSync(data, { recursive: true });
  const id = house.home.dad.id;
  for (const args of [['restore'], ['restore', '2026-11-27'], ['link', id, 'maya']]) {
    const { code, stderr } = await latchkey(args, where, { ...house.env(), LATCHKEY_DB: 'data/latchkey.db' });
    expect({ args, code }).toEqual({ args, code: 1 });
    expect(stderr).toContain(`Others than root may write in ${data}, so that any file there may be theirs`);
    expect(stderr).toContain('chmod go-w');
  }
  const said = lookAtDatabase({ database: join(data, 'latchkey.db') }, Date.now(), words);
  expect(said).toMatchObject([{ state: 'fault', code: 'unreached', text: expect.stringContaining(data) }]);
  const bot = await house.refused({ ...house.env(), LATCHKEY_DB: 'data/latchkey.db' }, where);
  expect(bot.said).toMatch(/^Latchkey cannot start:\n +Others than root may write in /);
  expect(readdirSync(data, { recursive: true })).toEqual(before);
  expect(membersIn(join(data, 'latchkey.db'))).toEqual(['first', 'second', 'third']);
  // Nor by a link that somebody has laid there to a database of their own.
  const theirs = join(where, 'theirs');
  mkdirSync(theirs);
  renameSync(join(data, 'latchkey.db'), join(theirs, 'latchkey.db'));
  symlinkSync(join(theirs, 'latchkey.db'), join(data, 'latchkey.db'));
  for (const each of [theirs, join(theirs, 'latchkey.db'), join(data, 'latchkey.db')]) lchownSync(each, 65_534, 65_534);
  const byLink = await latchkey(['restore', join(data, 'backups', 'latchkey-2026-11-27.db')], where);
  expect(byLink).toMatchObject({ code: 1, stderr: expect.stringContaining(`may write in ${data}`) });
  expect(readdirSync(theirs)).toEqual(['latchkey.db']);
  for (const end of ['', '-wal', '-shm']) rmSync(join(data, `latchkey.db${end}`), { force: true });
  chmodSync(data, 0o755);
  expect((await latchkey(['restore', '2026-11-27'], where)).code).toBe(0);
});

asRoot(
  'what was there is kept in a folder for copies of another’s with their rights, and nowhere by their link',
  async () => {
    const where = await withCopies();
    chmodSync(where, 0o755);
    const [backups, roots] = [join(where, 'data', 'backups'), join(where, 'of root')];
    for (const each of [join(where, 'data'), backups]) chmodSync(each, 0o755);
    mkdirSync(roots, { mode: 0o755 });
    for (const name of ['', ...readdirSync(backups)]) chownSync(join(backups, name), 65_534, 65_534);
    expect(await latchkey(['restore', '2026-11-28'], where)).toMatchObject({ code: 0, stderr: '' });
    const [kept = ''] = keptIn(where);
    expect(statSync(join(backups, kept)).uid).toBe(65_534);
    expect(statSync(join(where, 'data', 'latchkey.db')).uid).toBe(0);
    for (const name of readdirSync(backups)) renameSync(join(backups, name), join(roots, name));
    rmdirSync(backups);
    symlinkSync(roots, backups);
    lchownSync(backups, 65_534, 65_534);
    const before = readdirSync(roots);
    const { code, stderr } = await latchkey(['restore', join(roots, 'latchkey-2026-11-27.db')], where);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('EACCES') });
    expect(readdirSync(roots)).toEqual(before);
    const database = join(where, 'data', 'latchkey.db');
    expect(membersIn(database)).toEqual(['first', 'second']);
    const look = () => lookAtDatabase({ database }, Date.now(), words).at(-1);
    chmodSync(roots, 0o700);
    expect(look()).toMatchObject({ state: 'fault', text: expect.stringContaining('EACCES') });
    rmSync(backups);
    mkdirSync(backups);
    chmodSync(backups, 0o777);
    expect(look()).toMatchObject({ state: 'fault', text: expect.stringContaining(`may write in ${backups}`) });
  },
);

asRoot('root runs no bot in the folder of somebody else, where what it writes could be a link', async () => {
  const where = await withCopies();
  chmodSync(where, 0o755);
  chownSync(join(where, 'data'), 65_534, 65_534);
  const { code, said } = await house.refused({ ...house.env(), LATCHKEY_DB: 'data/latchkey.db' }, where);
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('root runs no bot there') });
  expect(readdirSync(join(where, 'data')).sort()).toEqual(['backups', 'latchkey.db']);
});

test('nothing else that LATCHKEY_DB names is replaced', async () => {
  const where = await withCopies();
  const copy = join(where, 'data', 'backups', 'latchkey-2026-11-28.db');
  const songs = new Database(join(where, 'songs.db'));
  songs.exec('CREATE TABLE songs (id INTEGER)');
  songs.close();
  writeFileSync(join(where, 'notes.txt'), 'of the household');
  copyFileSync(join(where, 'songs.db'), join(where, 'jellyfin.db'));
  for (const [file, sentence] of [
    ['songs.db', /songs\.db is no database of Latchkey's, so nothing is put in its place\. Check LATCHKEY_DB/],
    ['notes.txt', /notes\.txt is no database of Latchkey's, so nothing is put in its place/],
    ['jellyfin.db', /jellyfin\.db is Jellyfin's own database/],
  ] as const) {
    const before = readFileSync(join(where, file));
    const { code, stderr } = await latchkey(['restore', copy], where, { LATCHKEY_DB: file });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(sentence) });
    expect(readFileSync(join(where, file))).toEqual(before);
  }
  expect(readdirSync(where).filter((name) => name.startsWith('jellyfin.db'))).toEqual(['jellyfin.db']);
});

test('what would take a half change of the old database back goes away with it, and does not get into the copy', async () => {
  const where = await withCopies();
  const database = join(where, 'data', 'latchkey.db');
  // As on a network share; the state that a kill in the midst of a change leaves.
  const db = new Database(database);
  db.pragma('journal_mode = DELETE');
  db.pragma('cache_size = 1');
  db.exec('BEGIN');
  const insert = db.prepare('INSERT INTO members (member_id, locale) VALUES (?, ?)');
  for (let member = 0; member < 2000; member++) insert.run(`half-${member}`, 'de');
  for (const end of ['', '-journal']) copyFileSync(`${database}${end}`, `${database}${end}.then`);
  db.exec('ROLLBACK');
  db.close();
  for (const end of ['', '-journal']) renameSync(`${database}${end}.then`, `${database}${end}`);
  expect(await latchkey(['restore', '2026-11-27'], where)).toMatchObject({ code: 0, stderr: '' });
  expect(membersIn(database)).toEqual(['first']);
  expect(existsSync(`${database}-journal`)).toBe(false);
  expect(keptIn(where).some((name) => name.endsWith('.db-journal'))).toBe(true);
});

onPosix('what is no copy is not copied first, whatever its size', async () => {
  const where = await withCopies();
  writeFileSync(join(where, 'large.db'), '');
  truncateSync(join(where, 'large.db'), 64 * 1024 * 1024);
  // No file that is written may be larger than 10 MB.
  const limited = 'ulimit -f 20000; exec "$0" "$1" restore large.db';
  const env = { PATH: process.env.PATH ?? '' };
  const { stderr } = spawnSync('sh', ['-c', limited, process.execPath, resolve('dist', 'cli.js')], { cwd: where, env });
  expect(String(stderr)).toContain("large.db is no database of Latchkey's: take another copy");
});

test('while the bot runs nothing is put back', async () => {
  const where = await withCopies();
  await house.bot(where, { ...house.env(), LATCHKEY_DB: 'data/latchkey.db' });
  const { code, stderr } = await latchkey(['restore', '2026-11-27'], where);
  expect(code).toBe(1);
  expect(stderr).toContain('Another bot is already running on');
  expect(membersIn(join(where, 'data', 'latchkey.db'))).toEqual(['first', 'second', 'third']);
});

test('without any copy that is said', async () => {
  const where = folder({});
  mkdirSync(join(where, 'data'));
  const isSaid = async () => {
    const { code, stderr } = await latchkey(['restore'], where);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no copy of');
  };
  await isSaid();
  writeFileSync(join(where, 'data', 'backups'), 'no folder');
  await isSaid();
});
