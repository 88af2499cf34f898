import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../sandbox/free-port.js';
import { ask } from '../../sandbox/jellyfin/ask.js';
import { startJellyfinProcess, type JellyfinProcess } from '../../sandbox/jellyfin/process/start-process.js';
import type { RepairJob } from '../../src/services/rescue/ladder/repair-port.js';
import { shapedServer, type ShapedServer, stopsAndDies } from '../server/server-shape.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { ends, jobFor, launcher, repair, repairProcess, repairToItsDeath } from './run-repair.js';
import { bytesOf, dump, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const byMyself = { serverIsStopped: false } as const;

describe.each(['10.10.7', '10.11.8', '10.11.11', '12.0'])('a server of %s', (version) => {
  let server: JellyfinProcess | undefined;
  afterEach(() => server?.close());

  test('is stopped, repaired and started; then the password is right and the key works', async () => {
    server = await startJellyfinProcess({
      version,
      title: 'repaired', // under its own name other tests on this machine would take it for theirs
      before: async (jellyfin) => {
        jellyfin.addUser('alice', { password: 'wonderland', administrator: true, limit: 3 });
        await jellyfin.lock('alice');
      },
    });
    const { dir, db, logDir, url, stopCommand, startCommand } = server;
    const before = server.pid;
    const key = 'ab'.repeat(16);
    const job: Partial<RepairJob> = { ...byMyself, url, key, stopCommand, startCommand };
    const ran = await repairProcess({ dir, db, logDir }, job);
    expect(ran.end).toMatchObject({
      outcome: 'done',
      before: { name: 'alice', isAdministrator: true, signInLimit: 3 },
      after: { isDisabled: false, failedSignIns: 0 },
      changed: true,
      leftStopped: false,
      key,
    });
    expect(ends(ran)).toContain('start done');
    expect(server.pid).not.toBe(before);
    const headers = { authorization: `MediaBrowser Token="${key}"` };
    expect(await ask(`${url}/Users`, { headers })).toMatchObject({ status: 200 });
    expect(await signIn(url, 'alice', 'wonderland')).toBe(200);
  });
});

describe('a server that is stopped by a command', () => {
  let folder: ServerFolder;
  let server: ShapedServer | undefined;
  let url: string;
  let port: number;

  beforeEach(async () => {
    folder = await fromLoopback(newFolder());
    port = await freePort();
    url = `http://127.0.0.1:${port}`;
    server = await running();
  });
  afterEach(() => server?.end());

  const running = () => shapedServer(folder.dir, port, { database: 'idle', log: true, port: true });
  const started = () => join(folder.dir, 'started');
  const commands = () => ({
    ...byMyself,
    url,
    stopCommand: ['kill', `${server?.pid}`],
    startCommand: ['sh', '-c', 'echo started >> "$0"', started()],
  });

  test.skipIf(process.platform === 'win32')(
    'is started with the umask that the bot was, whose own is its affair',
    async () => {
      const usual = process.umask(0o077);
      const startCommand = ['sh', '-c', 'umask > "$0"', started()];
      try {
        const { outcome } = await launcher.run(jobFor(folder, { ...commands(), startCommand }), () => undefined);
        expect({ outcome, umask: readFileSync(started(), 'utf8') }).toEqual({
          outcome: 'done',
          umask: expect.stringMatching(new RegExp(`^0*${usual.toString(8)}\\n$`)),
        });
      } finally {
        process.umask(usual);
      }
    },
  );

  test('is started again when its repair is refused, and everything is as it was', async () => {
    const before = { files: filesIn(folder), bytes: bytesOf(folder.db) };
    const { end } = await repair(folder, { ...commands(), account: { name: 'nobody' } });
    expect(end).toMatchObject({ outcome: 'refused', code: 'fileAccountUnknown', leftStopped: false, changed: false });
    expect([end.step, end.copy]).toEqual(['find', undefined]);
    expect(readFileSync(started(), 'utf8')).toBe('started\n');
    expect({ files: filesIn(folder), bytes: bytesOf(folder.db) }).toEqual(before);
  });

  test('is said to be left stopped when the command to start it does not work, and the account is open', async () => {
    const ran = await repair(folder, { ...commands(), startCommand: ['sh', '-c', 'echo no such unit; exit 4'] });
    expect(ran.end).toMatchObject({ outcome: 'done', changed: true, leftStopped: true });
    expect(ran.lines.at(-1)).toMatchObject({
      step: 'start',
      outcome: 'failed',
      code: 'startFailed',
      params: { why: 'no such unit' },
    });
  });

  test('is said to be left stopped, too, when the repair is refused and there is no such command', async () => {
    const unstartable = { ...commands(), startCommand: ['/no/such/program'] };
    const job = { ...unstartable, account: { name: 'nobody' }, key: 'ab'.repeat(16) };
    const { end, lines } = await repair(folder, job);
    expect(end).toMatchObject({ outcome: 'refused', code: 'fileAccountUnknown', leftStopped: true });
    expect(lines.at(-1)).toMatchObject({ step: 'start', code: 'startFailed', params: { why: 'ENOENT' } });
    expect(end.key).toBeUndefined();
  });

  test('by one that fails: nothing is touched, and the server is started, in case it has stopped', async () => {
    const job = { ...commands(), stopCommand: ['sh', '-c', 'echo not allowed >&2; exit 1'] };
    const { end } = await repair(folder, job);
    expect(end).toMatchObject({ outcome: 'refused', code: 'stopFailed', params: { why: 'not allowed' } });
    expect(end).toMatchObject({ changed: false, leftStopped: false });
    expect(existsSync(started())).toBe(true);
    expect(filesIn(folder)).toEqual(['jellyfin.db']);
    // One that says nothing is told by how it ended.
    const silent = await repair(folder, { ...commands(), stopCommand: ['sh', '-c', 'exit 3'] });
    expect(silent.end).toMatchObject({ code: 'stopFailed', params: { why: '3' } });
  });

  test('and comes back by itself, as a supervisor restarts it, was not stopped', async () => {
    const gone = server;
    let looks = Number.NaN;
    let back: Promise<ShapedServer> | undefined;
    // A proxy is asked at every look: once two have begun since the server was away, one of them has not seen it.
    const proxy = createServer((_question, answer) => {
      answer.writeHead(502).end();
      if (++looks === 3) back = running();
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    const { end } = await repair(
      folder,
      {
        ...commands(),
        url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
        lookAgainAfterMs: 5000, // it watches for twice that, and ends as soon as it sees the server
      },
      { onLine: ({ step }) => void (step === 'stopped' && gone?.end().then(() => (looks = 0))) },
    );
    server = await back;
    proxy.close();
    expect(end).toMatchObject({ outcome: 'refused', code: 'cameBack', changed: false, leftStopped: false });
    expect(filesIn(folder)).toEqual(['jellyfin.db']);
  });

  test('which closes its port first and ends later, is waited for', async () => {
    const begun = server;
    const job = { ...commands(), stopCommand: ['true'] };
    const ran = await repair(folder, job, {
      onLine: async ({ step, outcome }) => {
        if (step !== 'stopped' || outcome !== 'begun') return;
        await begun?.change({ port: false });
        await begun?.end();
      },
    });
    expect(ran.end).toMatchObject({ outcome: 'done', changed: true, leftStopped: false });
  });

  test('which nobody needs to stop any more, is started all the same', async () => {
    await server?.end();
    const ran = await repair(folder, commands());
    expect(ends(ran)).toContain('stop nothing');
    expect(readFileSync(started(), 'utf8')).toBe('started\n');
  });

  test('is neither stopped nor started when the person does that', async () => {
    await server?.end();
    const ran = await repair(folder, { ...commands(), serverIsStopped: true });
    expect(ran.end).toMatchObject({ outcome: 'done', leftStopped: false });
    expect(ends(ran)).toContain('start nothing');
    expect(existsSync(started())).toBe(false);
  });

  test('is not stopped for a look alone', async () => {
    const { end } = await repair(folder, { ...commands(), dryRun: true });
    expect(end).toMatchObject({ outcome: 'refused', code: 'needsStop' });
    expect(existsSync(started())).toBe(false);
  });

  test('which runs again after a change that nobody wrote down is stopped again, and the copy stays the first', async () => {
    const before = dump(folder.db);
    const dies = { ...commands(), startCommand: ['sh', '-c', 'kill -9 $PPID'] };
    expect(await repairToItsDeath(folder, dies)).toMatchObject({ end: undefined });
    const record = `${folder.db}.latchkey.json`;
    writeFileSync(record, readFileSync(record, 'utf8').replace('"stage": "changed"', '"stage": "changing"'));
    server = await running();
    const ran = await repair(folder, commands());
    expect(ran.end).toMatchObject({ outcome: 'done', changed: true, leftStopped: false });
    expect(ends(ran)).toEqual(expect.arrayContaining(['stop done', 'change nothing', 'start done']));
    expect(dump(ran.end.copy ?? '')).toEqual(before);
  });

  test('is started by the next run when the first was killed while it stopped it', async () => {
    const job = { ...commands(), stopCommand: ['sh', '-c', stopsAndDies(server?.pid)] };
    expect(await repairToItsDeath(folder, job)).toMatchObject({ end: undefined });
    expect(existsSync(started())).toBe(false);
    const ran = await repair(folder, commands());
    expect(ran.end).toMatchObject({ outcome: 'done', changed: true, leftStopped: false });
    expect(readFileSync(started(), 'utf8')).toBe('started\n');
  });

  test('is said to be left stopped by a next run that was told no command: none is kept', async () => {
    const job = { ...commands(), stopCommand: ['sh', '-c', stopsAndDies(server?.pid)] };
    expect(await repairToItsDeath(folder, job)).toMatchObject({ end: undefined });
    const ran = await repair(folder, { ...byMyself, url });
    expect(ran.end).toMatchObject({ outcome: 'done', changed: true, leftStopped: true });
    expect(existsSync(started())).toBe(false);
  });
});

async function signIn(url: string, Username: string, Pw: string): Promise<number> {
  const authorization = 'MediaBrowser Client="Test", Device="d", DeviceId="test", Version="1"';
  const headers = { authorization, 'content-type': 'application/json' };
  const body = JSON.stringify({ Username, Pw });
  return (await ask(`${url}/Users/AuthenticateByName`, { method: 'POST', headers, body })).status;
}
