import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RepairJob } from '../../src/services/rescue/repair-port.js';
import type { RepairRecord } from '../../src/repair/record.js';
import { shapedServer, type ShapedServer } from '../server/server-shape.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { emptyPort, ends, repair, repairToItsDeath } from './run-repair.js';
import { change, dump, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const byMyself = { serverIsStopped: false } as const;

let folder: ServerFolder;
let server: ShapedServer | undefined;
let port: number;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
  port = await emptyPort();
});
afterEach(async () => {
  await server?.end();
  server = undefined;
});

const runs = async () => (server = await shapedServer(folder.dir, port, { database: 'idle', log: true, port: true }));
const started = () => join(folder.dir, 'started');
const commands = (): Partial<RepairJob> => ({
  ...byMyself,
  url: `http://127.0.0.1:${port}`,
  stopCommand: ['kill', `${server?.pid}`],
  startCommand: ['sh', '-c', 'echo started >> "$0"', started()],
});
const recordFile = () => `${folder.db}.latchkey.json`;
const record = () => JSON.parse(readFileSync(recordFile(), 'utf8')) as RepairRecord;

/** What a run leaves that was killed at this stage, having stopped the server. */
async function killedAt(stage: RepairRecord['stage']): Promise<void> {
  const dies = { ...byMyself, startCommand: ['sh', '-c', 'kill -9 $PPID'] };
  expect(await repairToItsDeath(folder, dies)).toMatchObject({ end: undefined });
  const startCommand = ['systemctl', 'start', 'jellyfin'];
  writeFileSync(recordFile(), JSON.stringify({ ...record(), stage, stoppedByUs: true, startCommand }));
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

  test('does not say that the server stands still while it runs', async () => {
    await killedAt('changed');
    await runs();
    const { end } = await repair(folder, { url: `http://127.0.0.1:${port}` });
    expect(end).toMatchObject({ outcome: 'refused', code: 'serverRunning', leftStopped: false });
    expect(existsSync(recordFile())).toBe(true);
  });
});

describe('the unfinished rescue of somebody else', () => {
  test('keeps others away once it may have changed the file: they hear that the server stands still', async () => {
    await killedAt('changing');
    for (const job of [{ account: { name: 'bob' } }, { act: 'undo' as const }]) {
      const { end } = await repair(folder, job);
      expect(end).toMatchObject({ code: 'otherRescueUnfinished', step: 'record', leftStopped: true });
      expect(end.startCommand).toEqual(['systemctl', 'start', 'jellyfin']);
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
    expect(record()).toMatchObject({ stoppedByUs: true, startCommand: ['false'] });
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
  const proxy = createServer((_question, answer) => answer.writeHead(404).end());
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  try {
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await runs();
    const { end } = await repair(folder, { ...commands(), url, stopPatienceMs: 3000 });
    expect(end).toMatchObject({ outcome: 'refused', code: 'stillAnswers', params: { signs: 'http', seconds: 3 } });
    expect(end.params?.['where']).toBe(`${url} 404`);
    expect(existsSync(started())).toBe(true);
  } finally {
    proxy.close();
  }
});
