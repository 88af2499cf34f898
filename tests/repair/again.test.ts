import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { startJellyfin } from '../../sandbox/jellyfin/index.js';
import type { RepairJob } from '../../src/services/rescue/ladder/repair-port.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { ends, jobFor, launcher, repair, repairToItsDeath } from './run-repair.js';
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
    });
    expect(await launcher.unfinished(folder.db)).toMatchObject({
      account: { name: 'alice' },
      stoppedByUs: false,
      atWork: false,
    });
  });
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
  let second: ReturnType<typeof repair> | undefined;
  const first = await repair(
    folder,
    { lookAgainAfterMs: 2000 },
    { onLine: ({ step }) => void (step === 'record' && (second ??= repair(folder))) },
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
