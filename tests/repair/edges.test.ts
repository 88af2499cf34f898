import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { changeAccount, isPasswordOf } from '../../src/db/jellyfin-db/index.js';
import { checkCopy } from '../../src/db/jellyfin-db/check-copy.js';
import { oldCopies } from '../../src/repair/copy.js';
import { writeDurably } from '../../src/repair/files.js';
import type { RepairRecord } from '../../src/repair/record.js';
import { whyNoAnswer } from '../../src/server/http-sign.js';
import { repair } from './run-repair.js';
import { change, dump, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

let home: string;
let folder: ServerFolder;
const helpers: ChildProcess[] = [];
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'repair-review-'));
  folder = await fromLoopback(home);
});
afterEach(() => {
  for (const helper of helpers.splice(0)) helper.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const key = 'a'.repeat(32);
const quick = { lookAgainAfterMs: 0 };
const recordFile = () => `${folder.db}.latchkey.json`;
const record = () => JSON.parse(readFileSync(recordFile(), 'utf8')) as RepairRecord;
const finished = () => filesIn(folder).filter((name) => /latchkey-\d+T\d+Z\.json$/.test(name));
const copies = () => filesIn(folder).filter((name) => /latchkey-copy-/.test(name));

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
  writeFileSync(recordFile(), JSON.stringify({ ...done, keyDigest: undefined, stage, ...more }));
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
    expect(record().stage).toBe('changing');
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
    expect(record().stage).toBe('changing');
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
      logDir: join(home, 'nowhere'),
    });
    expect(end).toMatchObject({ outcome: 'refused', code: 'cannotSee', leftStopped: true });
  });

  test('is told the key when the first was cut short at its very end', async () => {
    await killedAt('changed', { key });
    const { startedAt } = record();
    const stamp = new Date(startedAt).toISOString().replace(/[-:]|\.\d+/g, '');
    writeFileSync(`${folder.db}.latchkey-${stamp}.json`, JSON.stringify({ ...record(), key: undefined }));
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
    startCommand: ['sh', '-c', `ls ${join(folder.dir, 'data')} > ${join(home, 'seen')}`],
  });
  expect(end).toMatchObject({ code: 'fileAccountUnknown', leftStopped: false });
  expect(readFileSync(join(home, 'seen'), 'utf8')).toContain('latchkey.json');
  expect(filesIn(folder)).toEqual(['jellyfin.db']);
});

test('old copies are found beside the file that is meant, also by way of a link', () => {
  const link = join(home, 'link.db');
  symlinkSync(folder.db, link);
  writeFileSync(`${folder.db}.latchkey-copy-20200101T000000Z`, 'old');
  expect(oldCopies(link, Date.now()).map(({ bytes }) => bytes)).toEqual([3]);
});

test('two repairs within one second have a copy and a record each', async () => {
  await repair(folder, quick);
  change(folder.db, (db) => db.exec(`UPDATE Users SET InvalidLoginAttemptCount = 7 WHERE Username = 'bob'`));
  await repair(folder, { ...quick, account: { name: 'bob' } });
  expect(finished()).toHaveLength(2);
  expect(copies()).toHaveLength(2);
});

test('a record is made whole or not at all, and never over another', () => {
  const file = join(home, 'record.json');
  const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  writeFileSync(`${file}.part`, '{"half');
  writeDurably(file, 'whole', owner, true);
  expect(() => writeDurably(file, 'another', owner, true)).toThrow('EEXIST');
  expect(readFileSync(file, 'utf8')).toBe('whole');
  expect(readdirSync(home).filter((name) => name.startsWith('record.json.'))).toHaveLength(0);
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
}, 10_000);

test('a name with two addresses of which only one refuses says nothing', () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const silent = Object.assign(new Error('silent'), { code: 'ETIMEDOUT' });
  const both = (errors: Error[]) => Object.assign(new AggregateError(errors), { code: 'ECONNREFUSED' });
  expect(whyNoAnswer(both([refused, refused]))).toBe('nobody');
  expect(whyNoAnswer(both([refused, silent]))).toBe('ETIMEDOUT');
  expect(whyNoAnswer(refused)).toBe('nobody');
});
