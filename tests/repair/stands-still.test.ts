import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../sandbox/free-port.js';
import type { RepairJob } from '../../src/services/rescue/ladder/repair-port.js';
import type { RepairRecord } from '../../src/repair/record.js';
import { shapedServer, type ShapedServer, stopsAndDies } from '../server/server-shape.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { ends, jobFor, launcher, repair } from './run-repair.js';
import { change, dump, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const byMyself = { serverIsStopped: false } as const;

let folder: ServerFolder;
let server: ShapedServer | undefined;
let port: number;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
  port = await freePort();
});
afterEach(async () => {
  await server?.end();
  server = undefined;
});

const runs = async () => (server = await shapedServer(folder.dir, port, { database: 'idle', log: true, port: true }));
const url = () => `http://127.0.0.1:${port}`;
const started = () => join(folder.dir, 'started');
const commands = (): Partial<RepairJob> => ({
  ...byMyself,
  url: url(),
  stopCommand: ['kill', `${server?.pid}`],
  startCommand: ['sh', '-c', 'echo started >> "$0"', started()],
});
const recordFile = () => `${folder.db}.latchkey.json`;
const record = () => JSON.parse(readFileSync(recordFile(), 'utf8')) as RepairRecord;

/** What a run leaves that was killed at this stage, having stopped the server. */
async function killedAt(stage: RepairRecord['stage'], more: Partial<RepairRecord> = {}): Promise<void> {
  // One whose server does not start leaves the same record.
  const { end } = await repair(folder, { ...byMyself, startCommand: ['false'] });
  expect(end).toMatchObject({ outcome: 'done', leftStopped: true });
  writeFileSync(recordFile(), JSON.stringify({ ...record(), stage, stoppedByUs: true, ...more }));
}

describe('a run that finds the change made', () => {
  test('reads whether it still is, and makes it once more where it is not', async () => {
    await killedAt('changed');
    change(folder.db, (db) =>
      db.exec(`UPDATE Users SET InvalidLoginAttemptCount = 4 WHERE Username = 'alice';
        UPDATE Permissions SET Value = 1 WHERE Kind = 2 AND UserId = (SELECT Id FROM Users WHERE Username = 'alice')`),
    );
    const ran = await repair(folder);
    expect(ran.end).toMatchObject({ outcome: 'done', changed: true, after: { failedSignIns: 0, isDisabled: false } });
    expect(ends(ran)).toEqual(expect.arrayContaining(['stopped done', 'change done']));
  });

  test.each(['changing', 'changed'] as const)('at %s does not say that the server stands still', async (stage) => {
    await killedAt(stage);
    await runs();
    const { end } = await repair(folder, { url: url() });
    expect(end).toMatchObject({ outcome: 'refused', code: 'serverRunning', leftStopped: false });
    expect(existsSync(recordFile())).toBe(true);
  });
});

describe('a rescue whose server somebody has started by hand since is over', () => {
  const copies = () => filesIn(folder).filter((name) => /latchkey-copy-.*Z$/.test(name));
  const key = 'ab'.repeat(16);

  test('for the same account: what is there now is copied and changed, with a key of its own', async () => {
    await killedAt('changed', { key, startedAt: Date.now() - 61 * 60_000 });
    change(folder.db, (db) => db.exec(`UPDATE Users SET InvalidLoginAttemptCount = 4 WHERE Username = 'alice'`));
    server = await shapedServer(folder.dir, port, { database: 'idle', log: true, port: true, status: 401 });
    expect(await launcher.unfinished(folder.db, { url: url() })).toBeUndefined();
    const job = { ...commands(), key: 'cd'.repeat(16) };
    const { end } = await repair(folder, job);
    expect(end).toMatchObject({ outcome: 'done', before: { failedSignIns: 4 }, key: job.key, leftStopped: false });
    expect(copies()).toHaveLength(2);
    expect(existsSync(recordFile())).toBe(false);
    // The earlier one's is kept, too: it says which key it left.
    expect(filesIn(folder).filter((name) => /latchkey-\d{8}T\d{6}Z\.json$/.test(name))).toHaveLength(2);
  });

  test('is one that the bot tells of as long as its key may be worth going on with', async () => {
    await killedAt('changed', { key, startedAt: Date.now() - 61 * 60_000 });
    await runs();
    const left = (address?: string) =>
      launcher.unfinished(folder.db, { serverDir: folder.dir, logDir: folder.logDir, url: address });
    expect(await left(url())).toMatchObject({ account: { name: 'alice' } });
    // Where no address is known nobody can try it.
    expect(await left()).toMatchObject({ account: { name: 'alice' } });
    await server?.change({ status: 401 });
    expect(await left(url())).toBeUndefined();
    writeFileSync(recordFile(), JSON.stringify({ ...record(), key: undefined }));
    expect(await left()).toBeUndefined();
  });

  test('but for the same account within the hour: that is gone on with, and nothing is changed or copied again', async () => {
    await killedAt('changed', { key });
    server = await shapedServer(folder.dir, port, { database: 'idle', log: true, port: true, status: 401 });
    const left = await launcher.unfinished(folder.db, { url: url() });
    expect(left).toMatchObject({ stoppedByUs: false, mayBeChanged: false });
    const { end } = await repair(folder, { ...commands(), key: 'cd'.repeat(16) });
    expect(end).toMatchObject({ outcome: 'done', changed: true, key, leftStopped: false });
    expect(copies()).toHaveLength(1);
    expect(existsSync(recordFile())).toBe(false);
  });

  test('for another account, whom it does not keep away', async () => {
    await killedAt('changed');
    await runs();
    expect((await repair(folder, { ...commands(), account: { name: 'bob' } })).end).toMatchObject({
      outcome: 'done',
      after: { name: 'bob' },
    });
  });

  test('but for its key, while the server takes it: that is gone on with, and nothing is stopped', async () => {
    await killedAt('changed', { key });
    await runs();
    expect(await launcher.unfinished(folder.db, { url: url() })).toMatchObject({
      mayBeChanged: false,
      stoppedByUs: false,
    });
    expect((await repair(folder, { ...byMyself, url: url(), dryRun: true })).end.outcome).toBe('refused');
    const ran = await repair(folder, { ...byMyself, url: url(), key: 'cd'.repeat(16) });
    expect(ran.end).toMatchObject({ outcome: 'done', key, started: true, leftStopped: false });
    expect(ends(ran)).toEqual(['who done', 'record nothing']);
    expect(existsSync(recordFile())).toBe(false);
  });
});

describe('a repair that dies without a word', () => {
  const dying = async (stop: string) =>
    launcher.run(jobFor(folder, { ...commands(), stopCommand: ['sh', '-c', stop] }), () => undefined);

  test('while it stops the server says that it is stopped when it is', async () => {
    const { pid } = await runs();
    expect(await dying(stopsAndDies(pid))).toMatchObject({ code: 'repairDied', leftStopped: true });
  });

  test('and has not stopped it yet does not say so', async () => {
    await runs();
    expect(await dying('kill -9 $PPID')).toMatchObject({ code: 'repairDied', leftStopped: false });
    expect(record().stoppedByUs).toBe(true);
  });
});

describe('the unfinished rescue of somebody else', () => {
  test('keeps others away once it may have changed the file: they hear that the server stands still', async () => {
    await killedAt('changing');
    for (const job of [{ account: { name: 'bob' } }, { account: { name: 'root' } }]) {
      const { end } = await repair(folder, job);
      expect(end).toMatchObject({ code: 'otherRescueUnfinished', step: 'record', leftStopped: true });
    }
    await runs();
    const { end } = await repair(folder, { ...commands(), account: { name: 'bob' } });
    expect(end).toMatchObject({ code: 'otherRescueUnfinished', leftStopped: false });
  });

  test('is given up where it has changed nothing: the next one has its copy out of the way, and starts the server', async () => {
    await killedAt('copied');
    const before = dump(folder.db);
    const { startCommand } = commands();
    const { end } = await repair(folder, { ...commands(), stopCommand: undefined, account: { name: 'bob' } });
    expect(end).toMatchObject({ outcome: 'done', after: { name: 'bob' }, leftStopped: false });
    expect(startCommand).toBeDefined();
    expect(existsSync(started())).toBe(true);
    expect(dump(end.copy ?? '')).toEqual(before);
    expect(filesIn(folder)).toHaveLength(3);
  });
});

describe('a server that cannot be started again', () => {
  test('is not said to be stopped when the stop command did not work either', async () => {
    await runs();
    const { end } = await repair(folder, { ...commands(), stopCommand: ['false'], startCommand: ['false'] });
    expect(end).toMatchObject({ outcome: 'refused', code: 'stopFailed', step: 'stop', leftStopped: false });
    expect(filesIn(folder)).toEqual(['jellyfin.db']);
  });

  test('leaves the record, so that whoever comes next knows; the copy is gone', async () => {
    await runs();
    const job = { ...commands(), account: { name: 'alcie' }, startCommand: ['false'] };
    const { end } = await repair(folder, job);
    expect(end).toMatchObject({ code: 'fileAccountUnknown', step: 'find', leftStopped: true });
    expect(end.copy).toBeUndefined();
    expect(record()).toMatchObject({ stoppedByUs: true });
    expect(record()).not.toHaveProperty('startCommand');
    expect(filesIn(folder)).toEqual(['jellyfin.db', 'jellyfin.db.latchkey.json']);
    // The slip in the name keeps nobody away.
    const second = await repair(folder, { ...commands(), account: { name: 'alice' } });
    expect(second.end).toMatchObject({ outcome: 'done', leftStopped: false });
    expect(existsSync(recordFile())).toBe(false);
  });

  test('leaves the record, too, when all else was done, and the next run starts it', async () => {
    await runs();
    const { end } = await repair(folder, { ...commands(), startCommand: ['false'] });
    expect(end).toMatchObject({ outcome: 'done', changed: true, leftStopped: true });
    expect(record()).toMatchObject({ stage: 'changed', stoppedByUs: true });
    const second = await repair(folder, commands());
    expect(second.end).toMatchObject({ outcome: 'done', changed: true, leftStopped: false });
    expect(existsSync(recordFile())).toBe(false);
  });
});

test('signs that stay after a stop that worked are told one by one, with what was seen', async () => {
  const { pid } = await runs();
  const { end } = await repair(folder, { ...commands(), stopCommand: ['true'], stopPatienceMs: 300 });
  expect(end).toMatchObject({ outcome: 'refused', code: 'stillRunning', step: 'stopped', leftStopped: false });
  expect(end.params?.['signs']).toContain('openFile');
  expect(end.params?.['where']).toContain(`${pid}`);
  expect(end.params?.['where']).toContain('log_20261124.log');
});

test('an answer alone, after a stop that worked, may be a proxy’s: that has a sentence of its own', async () => {
  const introduction = '{"Version":"12.0.0","StartupWizardCompleted":true}';
  const proxy = createServer((_question, answer) => answer.end(introduction));
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  try {
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await runs();
    const { end } = await repair(folder, { ...commands(), url, stopPatienceMs: 1000 });
    expect(end).toMatchObject({ outcome: 'refused', code: 'stillAnswers', params: { signs: 'http', seconds: 1 } });
    expect(end.params?.['where']).toBe(`${url} 200`);
    expect(existsSync(started())).toBe(true);
  } finally {
    proxy.close();
  }
});
