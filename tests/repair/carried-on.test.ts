import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { startJellyfin } from '../../sandbox/jellyfin/index.js';
import { checkCopy } from '../../src/db/jellyfin-db/check-copy.js';
import { changeAccount, isPasswordOf } from '../../src/db/jellyfin-db/index.js';
import { copyName, oldCopies } from '../../src/repair/copy.js';
import { lockRepair } from '../../src/repair/lock.js';
import { tried } from '../../src/tried.js';
import { writeDurably } from '../../src/sync-folder.js';
import type { RepairRecord } from '../../src/repair/record.js';
import type { RepairJob } from '../../src/services/rescue/ladder/repair-port.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { ends, jobFor, launcher, type Ran, repair, repairProcess, repairToItsDeath } from './run-repair.js';
import { bytesOf, change, crashed, dump, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const key = 'ab'.repeat(16);

let folder: ServerFolder;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
});

/** Killed when the change is in the file and the server is about to be started. */
const diesAtStart = { serverIsStopped: false, startCommand: ['sh', '-c', 'kill -9 $PPID'] };

async function killed(job: Partial<RepairJob>): Promise<void> {
  expect(await repairToItsDeath(folder, job)).toMatchObject({ end: undefined });
}

const record = () => `${folder.db}.latchkey.json`;
const copies = () => filesIn(folder).filter((name) => /latchkey-copy-.*Z$/.test(name));

/** As a run leaves it that was killed before it had made its copy. */
function begunFor(account: RepairJob['account']): void {
  const begun = { version: 1, account, startedAt: Date.now(), stage: 'begun', stoppedByUs: false };
  writeFileSync(record(), JSON.stringify(begun), { mode: 0o600 });
}

function setStage(stage: string): void {
  writeFileSync(record(), JSON.stringify({ ...JSON.parse(readFileSync(record(), 'utf8')), stage }));
}

describe('a repair that was killed', () => {
  test('before it had looked the account up is gone on with for the one whose id is given now, whatever its name was', async () => {
    let bob = '';
    change(folder.db, (db) => {
      bob = db.prepare<[], string>(`SELECT Id FROM Users WHERE Username = 'bob'`).pluck().get() ?? '';
    });
    begunFor({ name: 'alice' });
    const { end } = await repair(folder, { account: { id: bob.toLowerCase().replaceAll('-', ''), name: 'alice' } });
    expect(end).toMatchObject({ outcome: 'done', after: { name: 'bob' } });
    expect(copies()).toHaveLength(1);
  });

  test('is finished by the next run, which changes nothing a second time and makes no second copy', async () => {
    const before = dump(folder.db);
    await killed({ ...diesAtStart, key });
    const after = dump(folder.db);
    const ran = await repair(folder, { key: 'cd'.repeat(16) });
    const account = { name: 'alice', id: ran.end.after?.id };
    expect(ran.end).toMatchObject({ outcome: 'done', changed: true, key, account });
    const looked = ['who done', 'record nothing', 'stop nothing', 'stopped done', 'change nothing', 'compare done'];
    expect(ends(ran)).toEqual([...looked, 'start nothing']);
    expect(dump(folder.db)).toEqual(after);
    expect(copies()).toHaveLength(1);
    expect(dump(join(folder.dir, 'data', copies()[0] ?? ''))).toEqual(before);
    expect(filesIn(folder)).toHaveLength(3);
  });

  test('between the change and writing down that it was made: the copy and the old values stay the first', async () => {
    const before = dump(folder.db);
    await killed({ ...diesAtStart, key });
    setStage('changing');
    const ran = await repair(folder, { key });
    expect(ran.end).toMatchObject({ outcome: 'done', changed: true, after: { failedSignIns: 0 } });
    expect(ends(ran)).toContain('change nothing');
    expect(dump(ran.end.copy ?? '')).toEqual(before);
    expect(copies()).toHaveLength(1);
  });

  test('before the change: the copy is made again, as the server may have run since', async () => {
    await killed(diesAtStart);
    change(folder.db, (db) => db.exec('UPDATE Users SET InvalidLoginAttemptCount = 5'));
    setStage('copied');
    const { end } = await repair(folder);
    expect(end).toMatchObject({ outcome: 'done', before: { failedSignIns: 5 }, after: { failedSignIns: 0 } });
    expect(dump(end.copy ?? '')['Users']?.join()).toContain('"InvalidLoginAttemptCount":5');
    expect(copies()).toHaveLength(1);
  });

  test.each(['copied', 'changing', 'changed'])(
    'at %s: the password of the last run is the one that works',
    async (stage) => {
      await killed({ ...diesAtStart, setPassword: 'of the first run' });
      setStage(stage);
      const { end } = await repair(folder, { setPassword: 'of the second run' });
      expect(end).toMatchObject({ outcome: 'done', changed: true });
      const jellyfin = await startJellyfin({ version: '10.11.8', dir: folder.dir });
      try {
        expect((await jellyfin.signIn('alice', 'of the second run')).status).toBe(200);
      } finally {
        await jellyfin.close();
      }
    },
  );

  test('whose next run is to set a password: the copy holds the first one, and the devices', async () => {
    const before = dump(folder.db);
    await killed(diesAtStart);
    const { end } = await repair(folder, { setPassword: 'new', key });
    expect(end).toMatchObject({ outcome: 'done', changed: true });
    expect(dump(end.copy ?? '')).toEqual(before);
  });

  test('is not forgotten for a look alone, nor for another account', async () => {
    await killed(diesAtStart);
    // But for the lock of the one that was killed, which the next one takes and removes.
    const files = filesIn(folder).filter((name) => !name.includes('.lock'));
    for (const job of [{ dryRun: true }, { account: { name: 'bob' } }]) {
      const { end } = await repair(folder, job);
      expect(end).toMatchObject({ outcome: 'refused', code: 'otherRescueUnfinished', params: { name: 'alice' } });
    }
    expect(filesIn(folder)).toEqual(files);
    expect((await repair(folder)).end.outcome).toBe('done');
  });

  test.each([
    ['nobody else can be meant by it', '', 'done'],
    ['somebody else is called so', `UPDATE Users SET Username = 'Alice' WHERE Username = 'bob'`, 'refused'],
  ])('is asked for in another spelling, where %s', async (_, sql, outcome) => {
    change(folder.db, (db) => db.exec(sql));
    await killed(diesAtStart);
    const ran = await repair(folder, { account: { name: 'Alice' } });
    expect(ran.end.outcome).toBe(outcome);
    const carriedOn = { step: 'record', outcome: 'nothing', params: { name: 'alice' } };
    if (outcome === 'done') expect(ran.lines).toContainEqual({ kind: 'step', ...carriedOn });
    else expect(ran.end).toMatchObject({ code: 'otherRescueUnfinished', params: { name: 'alice' } });
  });

  test('can be looked up by the bot, which starts again meanwhile', async () => {
    expect(await launcher.unfinished(folder.db)).toBeUndefined();
    const job = jobFor(folder, { ...diesAtStart, key });
    expect(await launcher.run(job, () => undefined)).toMatchObject({
      outcome: 'failed',
      code: 'repairDied',
      params: { why: 'SIGKILL' },
      changed: true,
      // The person stopped it, not the repair.
      leftStopped: false,
    });
    expect(await launcher.unfinished(folder.db)).toMatchObject({
      account: { name: 'alice' },
      stoppedByUs: false,
      atWork: false,
    });
    // Whoever has put the file away all the same has a rescue to go on with.
    rmSync(folder.db);
    expect(await launcher.unfinished(folder.db)).toMatchObject({ account: { name: 'alice' }, mayBeChanged: true });
    begunFor({ name: 'alice' });
    expect(await launcher.unfinished(folder.db)).toMatchObject({ account: { name: 'alice' }, mayBeChanged: false });
  });
});

describe('whether a repair is at work is seen', () => {
  test('by its lock, also when its change is made and the server runs again', async () => {
    await killedAt('changed', { startedAt: 0 });
    serverRuns();
    const left = () => launcher.unfinished(folder.db, { serverDir: folder.dir, logDir: folder.logDir });
    expect(await left()).toBeUndefined();
    const lock = lockRepair(folder.db);
    expect(await left()).toMatchObject({ atWork: true, mayBeChanged: true });
    lock.release();
  });

  test('as no, where something else lies in the place of its lock', async () => {
    await killedAt('changing');
    mkdirSync(`${folder.db}.latchkey.lock`);
    expect(await launcher.unfinished(folder.db)).toMatchObject({ atWork: false });
  });
});

test('of many that take the lock of a repair in turn, and remove it, one has it at a time', async () => {
  const shared = mkdtempSync(join(tmpdir(), 'latchkey-lock-'));
  const takers = [1, 2, 3].map(() =>
    ChildProgram.start(
      ['repair/lock.ts'],
      (url) => `
          const { closeSync, openSync, rmSync } = await import('node:fs');
          const { lockRepair } = await import('${url('repair/lock.ts')}');
          const mark = '${join(shared, 'at-work')}';
          // A file that is made anew at this moment may be taken for a strange one, which sends away as well.
          const refusals = ['rescueRunning', 'strangeFile'];
          for (let taken = 0; taken < 80; ) {
            let lock;
            try {
              lock = lockRepair('${join(shared, 'jellyfin.db')}');
            } catch (error) {
              if (refusals.includes(error.code)) continue;
              throw error;
            }
            closeSync(openSync(mark, 'wx'));
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
            rmSync(mark);
            lock.release();
            taken += 1;
          }
          console.log('alone');`,
    ),
  );
  try {
    expect(await Promise.all(takers.map((each) => each.lines(1)))).toEqual([['alone'], ['alone'], ['alone']]);
  } finally {
    for (const each of takers) await each.kill();
    rmSync(shared, { recursive: true, force: true });
  }
});

test('what the system does not let be written is told as what may have become of the file', async () => {
  // Its record cannot be written any more: something of its name stands where it begins.
  mkdirSync(`${record()}.part`);
  const { end } = await repair(folder, quick);
  expect(end).toMatchObject({ outcome: 'failed', code: 'recordFailed', step: 'record', changed: false });
  rmdirSync(`${record()}.part`);
  await killedAt('changing');
  mkdirSync(`${record()}.part`);
  const job = { ...quick, serverIsStopped: false, stopCommand: ['kill', `${serverRuns().pid}`] };
  expect((await repair(folder, job)).end).toMatchObject({ outcome: 'failed', code: 'notAsWritten', step: 'stop' });
});

test('a lock that cannot be had leaves nothing open', () => {
  const lock = `${folder.db}.latchkey.lock`;
  const open = () => readdirSync('/proc/self/fd').filter((each) => linkOf(`/proc/self/fd/${each}`) === lock).length;
  const { release } = lockRepair(folder.db);
  expect(() => lockRepair(folder.db)).toThrow('rescueRunning');
  release();
  expect(open()).toBe(0);
  writeFileSync(lock, 'no database'.repeat(100));
  expect(() => lockRepair(folder.db)).toThrow(expect.objectContaining({ code: 'strangeFile', params: { file: lock } }));
  expect(open()).toBe(0);
});

/** Undefined for one that was closed meanwhile. */
const linkOf = (link: string) => tried(() => readlinkSync(link));

test('a repair that cannot keep others away says why, and changes nothing', async () => {
  const db = join(folder.dir, 'data', `${'x'.repeat(246)}.db`);
  renameSync(folder.db, db);
  const bytes = bytesOf(db);
  const { end } = await repair({ ...folder, db }, quick);
  expect(end).toMatchObject({ outcome: 'failed', code: 'recordFailed', step: 'who', changed: false });
  expect(end.params?.['why']).toContain('ENAMETOOLONG');
  expect(bytesOf(db)).toBe(bytes);
});

test('a change that is made has not come to nothing where its record cannot be kept beside another', async () => {
  const now = Math.floor(Date.now() / 1000);
  const stamp = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  for (let more = 0; more < 20; more += 1) writeFileSync(`${folder.db}.latchkey-${stamp(now + more)}.json`, '{');
  const { end } = await repair(folder, { ...quick, key });
  expect(end).toMatchObject({ outcome: 'failed', code: 'recordUnreadable', changed: true, key });
});

test('a record that cannot be read is not passed over', async () => {
  const bytes = bytesOf(folder.db);
  for (const text of ['', '{', '{"version":2}']) {
    writeFileSync(record(), text);
    expect((await repair(folder)).end).toMatchObject({ code: 'recordUnreadable', params: { file: record() } });
    expect(readFileSync(record(), 'utf8')).toBe(text);
  }
  expect(bytesOf(folder.db)).toBe(bytes);
});

test('of two rescues at once one is sent away, and the other one finishes', async () => {
  crashed(folder, (db) => db.exec('UPDATE Users SET InvalidLoginAttemptCount = 7'));
  let second: Promise<Ran> | undefined;
  const first = await repair(
    folder,
    { lookAgainAfterMs: 2000 },
    { onLine: ({ step }) => void (step === 'record' && (second ??= repairProcess(folder))) },
  );
  expect(first.end).toMatchObject({ outcome: 'done', before: { failedSignIns: 7 } });
  expect((await second)?.end).toMatchObject({ outcome: 'refused', code: 'rescueRunning', changed: false });
  expect(copies()).toHaveLength(1);
});

test('two rescues within one second have a copy and a record each', async () => {
  await repair(folder);
  change(folder.db, (db) => db.exec('UPDATE Users SET InvalidLoginAttemptCount = 6'));
  const { end } = await repair(folder);
  expect(end.before?.failedSignIns).toBe(6);
  expect(copies()).toHaveLength(2);
  expect(filesIn(folder)).toHaveLength(5);
});

const helpers: ChildProcess[] = [];
afterEach(() => {
  for (const helper of helpers.splice(0)) helper.kill('SIGKILL');
});

const quick = { lookAgainAfterMs: 0 };
const leftRecord = () => JSON.parse(readFileSync(record(), 'utf8')) as RepairRecord;
const finished = () => filesIn(folder).filter((name) => /latchkey-\d+T\d+Z\.json$/.test(name));

/** What a run leaves behind that was killed at this stage. */
async function killedAt(stage: RepairRecord['stage'], more: Partial<RepairRecord> = {}): Promise<string> {
  const { end } = await repair(folder, { ...quick, ...(more.key && { key: more.key }) });
  const copy = end.copy ?? '';
  const [name = ''] = finished();
  const done = JSON.parse(readFileSync(join(folder.dir, 'data', name), 'utf8')) as RepairRecord;
  rmSync(join(folder.dir, 'data', name));
  if (stage !== 'changed') writeFileSync(folder.db, readFileSync(copy));
  // A copy is younger than what it was made of.
  utimesSync(copy, new Date(), new Date());
  writeFileSync(record(), JSON.stringify({ ...done, keyDigest: undefined, stage, ...more }));
  return copy;
}

/** A process with the log open, as a server has it. */
function serverRuns(): ChildProcess {
  const log = openSync(join(folder.logDir, 'log_20261124.log'), 'a');
  const server = spawn('sleep', ['60'], { stdio: ['ignore', log, 'ignore'] });
  closeSync(log);
  helpers.push(server);
  return server;
}

function passwordOfAlice(file = folder.db): string {
  const db = new Database(file);
  try {
    return db.prepare<[], string>(`SELECT Password FROM Users WHERE Username = 'alice'`).pluck().get() ?? '';
  } finally {
    db.close();
  }
}

describe('a run that carries on', () => {
  test.each(['changing', 'changed'] as const)(
    'at %s keeps its hands off an account that is ordinary by now',
    async (stage) => {
      await killedAt(stage);
      change(folder.db, (db) =>
        db.exec(`UPDATE Permissions SET Value = 0 WHERE Kind = 0;
        UPDATE Users SET InvalidLoginAttemptCount = 8 WHERE Username = 'alice'`),
      );
      const { end } = await repair(folder, { ...quick, administratorOnly: true });
      expect(end).toMatchObject({ code: 'notAdministrator' });
      expect(dump(folder.db)['Users']?.join()).toContain('"InvalidLoginAttemptCount":8');
    },
  );

  test('as a dry run gives up one that has changed nothing, such as a dry run that was killed', async () => {
    await killedAt('copied');
    const { end } = await repair(folder, { ...quick, dryRun: true });
    expect(end.outcome).toBe('done');
    expect(filesIn(folder)).toEqual(['jellyfin.db']);
    await killedAt('stopped', { stoppedByUs: true });
    expect((await repair(folder, { ...quick, dryRun: true })).end).toMatchObject({
      code: 'otherRescueUnfinished',
      leftStopped: true,
    });
  });

  test('as a dry run leaves the copy and the record of the unfinished one', async () => {
    const copy = await killedAt('changing');
    const { end } = await repair(folder, { ...quick, dryRun: true });
    expect(end.code).toBe('otherRescueUnfinished');
    expect(existsSync(copy)).toBe(true);
    expect(leftRecord().stage).toBe('changing');
  });

  test('and stops the server anew keeps it written down that the file may be changed', async () => {
    await killedAt('changing', { stoppedByUs: true });
    serverRuns();
    const { end } = await repair(folder, {
      ...quick,
      serverIsStopped: false,
      stopCommand: ['false'],
    });
    expect(end.code).toBe('stopFailed');
    expect(leftRecord().stage).toBe('changing');
  });

  test.each(['copied', 'changing', 'changed'] as const)(
    'at %s writes the password that is shown this time',
    async (stage) => {
      await killedAt(stage, { passwordHash: `$PBKDF2-SHA512$iterations=210000$${'00'.repeat(16)}$${'11'.repeat(64)}` });
      const before = passwordOfAlice();
      const { end } = await repair(folder, { ...quick, setPassword: 'shown this time' });
      expect(end.outcome).toBe('done');
      expect(isPasswordOf('shown this time', passwordOfAlice())).toBe(true);
      expect(passwordOfAlice(end.copy)).toBe(before);
    },
  );

  test.each(['copied', 'changing'] as const)('at %s without a password writes none', async (stage) => {
    await killedAt(stage, { passwordHash: `$PBKDF2-SHA512$iterations=210000$${'00'.repeat(16)}$${'11'.repeat(64)}` });
    const before = passwordOfAlice();
    expect((await repair(folder, quick)).end.outcome).toBe('done');
    expect(passwordOfAlice()).toBe(before);
  });

  test.each(['copied', 'changing', 'changed'] as const)(
    'at %s adds the key that the first one did not want',
    async (stage) => {
      await killedAt(stage);
      const { end } = await repair(folder, { ...quick, key });
      expect(end).toMatchObject({ outcome: 'done', key });
      expect(dump(folder.db)['ApiKeys']?.join()).toContain(key);
    },
  );

  test('copies anew what was written to since', async () => {
    const copy = await killedAt('copied');
    change(folder.db, (db) => db.exec(`UPDATE Users SET AudioLanguagePreference = 'lately'`));
    utimesSync(copy, new Date(), new Date(Date.now() - 60_000));
    await repair(folder, quick);
    expect(copies()).toHaveLength(1);
    expect(dump(copy)['Users']?.join()).toContain('lately');
  });

  test('and is refused says that the server stands still', async () => {
    await killedAt('stopped', { stoppedByUs: true });
    const { end } = await repair(folder, {
      ...quick,
      serverIsStopped: false,
      acceptUnseen: [],
      logDir: join(folder.dir, 'nowhere'),
    });
    expect(end).toMatchObject({ outcome: 'refused', code: 'cannotSee', leftStopped: true });
  });

  test('is told the key when the first was cut short at its very end', async () => {
    await killedAt('changed', { key });
    const { startedAt } = leftRecord();
    const stamp = new Date(startedAt).toISOString().replace(/[-:]|\.\d+/g, '');
    writeFileSync(`${folder.db}.latchkey-${stamp}.json`, JSON.stringify({ ...leftRecord(), key: undefined }));
    const { end } = await repair(folder, { ...quick, key });
    expect(end).toMatchObject({ outcome: 'done', key });
    expect(finished()).toHaveLength(1);
  });
});

test('what stands in the way ends with the record there until the server is started', async () => {
  const server = serverRuns();
  const { end } = await repair(folder, {
    ...quick,
    account: { name: 'nobody' },
    serverIsStopped: false,
    stopCommand: ['kill', `${server.pid}`],
    startCommand: ['sh', '-c', `ls ${join(folder.dir, 'data')} > ${join(folder.dir, 'seen')}`],
  });
  expect(end).toMatchObject({ code: 'fileAccountUnknown', leftStopped: false });
  expect(readFileSync(join(folder.dir, 'seen'), 'utf8')).toContain('latchkey.json');
  expect(filesIn(folder)).toEqual(['jellyfin.db']);
});

test('old copies are found beside the file that is meant, also by way of a link; a link of such a name is none', () => {
  const link = join(folder.dir, 'link.db');
  symlinkSync(folder.db, link);
  writeFileSync(`${folder.db}.latchkey-copy-20200101T000000Z`, 'old');
  symlinkSync('nowhere', `${folder.db}.latchkey-copy-20200102T000000Z`);
  // What goes with a copy is none itself, nor are those of another database, or one of tomorrow.
  for (const name of ['jellyfin.db.latchkey-copy-20200101T000000Z-wal', 'other.db.latchkey-copy-20200101T000000Z'])
    writeFileSync(join(folder.dir, 'data', name), 'other');
  writeFileSync(`${folder.db}.latchkey-copy-20990101T000000Z`, 'tomorrow');
  expect(oldCopies(link, Date.now()).map(({ bytes }) => bytes)).toEqual([3]);
});

test('a copy is never given the name of another, which it would replace', () => {
  const time = new Date('2026-11-30T10:10:10Z');
  for (const second of [10, 11]) {
    expect(copyName(folder.db, time)).toBe(`${folder.db}.latchkey-copy-20261130T1010${second}Z`);
    writeFileSync(copyName(folder.db, time), 'of an earlier rescue');
  }
});

test('two repairs within one second have a copy and a record each', async () => {
  await repair(folder, quick);
  change(folder.db, (db) => db.exec(`UPDATE Users SET InvalidLoginAttemptCount = 7 WHERE Username = 'bob'`));
  await repair(folder, { ...quick, account: { name: 'bob' } });
  expect(finished()).toHaveLength(2);
  expect(copies()).toHaveLength(2);
});

test('a record is made whole or not at all', () => {
  const file = join(folder.dir, 'record.json');
  writeFileSync(`${file}.part`, '{"half');
  writeDurably(file, 'whole');
  expect(readFileSync(file, 'utf8')).toBe('whole');
  expect(readdirSync(folder.dir).filter((name) => name.startsWith('record.json.'))).toHaveLength(0);
});

test('a killed look at the copy leaves nothing for the next to keep', () => {
  writeFileSync(`${folder.db}-wal`, '');
  checkCopy(folder.db);
  expect(filesIn(folder)).toEqual(['jellyfin.db']);
});

test('a file that somebody else has is called busy, and not opened a second time', () => {
  const other = new Database(folder.db);
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec(`BEGIN IMMEDIATE; UPDATE Users SET InvalidLoginAttemptCount = 9; COMMIT`);
  try {
    const account = { accountId: '0'.repeat(32), enable: false };
    expect(() => changeAccount(folder.db, account)).toThrow(expect.objectContaining({ code: 'busy' }));
  } finally {
    other.close();
  }
});
