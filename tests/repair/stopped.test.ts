import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../sandbox/free-port.js';
import { ended, shapedServer, type Shape, type ShapedServer } from '../server/server-shape.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { nowhere } from '../support/test-machine.js';
import { RescueSentences } from '../../src/commands/rescue/rescue-sentences.js';
import type { RefusalCode, RepairJob } from '../../src/services/rescue/ladder/repair-port.js';
import { createWords } from '../../src/words.js';
import { ends, repair, repairProcess, signNames, watchedBy, type StepLine } from './run-repair.js';
import { bytesOf, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
const mounting = canMount ? test : test.skip;
const hasProc = existsSync('/proc/self/fd');
const withProc = hasProc ? test : test.skip;
const unlessProc = hasProc ? '' : ' (skipped: there is no /proc here)';
const unlessMounting = canMount ? '' : ' (skipped: mounting is not allowed here)';

let folder: ServerFolder;
const closing: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A process that leaves some of the signs of a server, and answers at this address if it has a port. */
async function running(shape: Partial<Shape>): Promise<ShapedServer & { readonly url: string }> {
  const port = await freePort();
  const server = await shapedServer(folder.dir, port, { database: 'idle', log: false, port: false, ...shape });
  closing.push(() => server.end());
  return { ...server, url: `http://127.0.0.1:${port}` };
}

const introduction = '{"Version":"12.0.0","StartupWizardCompleted":true}';

async function answering(status: number, body = ''): Promise<string> {
  const server: Server = createServer((_question, answer) => answer.writeHead(status).end(body));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Not a byte is changed, nor a file made; gives back the signs by name. */
async function refused(
  code: RefusalCode,
  job: Partial<RepairJob> = {},
  { within, onLine }: { readonly within?: readonly string[]; readonly onLine?: (line: StepLine) => unknown } = {},
): Promise<string[]> {
  const before = { files: filesIn(folder), bytes: bytesOf(folder.db) };
  const { end, lines } = await (within
    ? repairProcess(folder, job, { within })
    : repair(folder, job, onLine && { onLine }));
  expect(end).toMatchObject({ outcome: 'refused', code, changed: false, leftStopped: false });
  expect(end.copy).toBeUndefined();
  expect(lines.map(({ step }) => step)).not.toContain('copy');
  expect({ files: filesIn(folder), bytes: bytesOf(folder.db) }).toEqual(before);
  return String(end.params?.['signs']).split(',').sort();
}

describe('one sign is enough to keep away, whatever the person says', () => {
  test('an idle server: alive and answering, with nothing of its database open', async () => {
    const { url } = await running({ log: true, port: true });
    const signs = await refused('serverRunning', { url });
    expect(signs).toEqual(['http', 'logLock', 'openFile']);
  });

  test('a process that is alive while its port is gone', async () => {
    await running({ log: true, database: 'open' });
    const signs = await refused('serverRunning');
    expect(signs).toEqual(['fileLock', 'logLock', 'openFile']);
  });

  test('its database open, and no lock on it, as after a migration', async () => {
    await running({ database: 'migrated' });
    expect(await refused('serverRunning')).toEqual(['openFile']);
  });

  test('the lock on its newest log, by a process that nobody sees', async () => {
    const log = openSync(join(folder.logDir, 'log_20261124.log'), 'r');
    closing.push(() => closeSync(log));
    spawnSync('flock', ['-xn', '3'], { stdio: ['ignore', 'ignore', 'ignore', log] });
    // What has it open is the process that started the repair, which is Latchkey.
    expect(await refused('serverRunning', {}, { within: [] })).toEqual(['logLock']);
  });

  test('another program that reads its log: which it is, and what it has open, is said', async () => {
    const log = join(folder.logDir, 'log_20261124.log');
    const reader = spawn('tail', ['-f', log], { stdio: ['ignore', 'pipe', 'ignore'] });
    const closed = new Promise((resolve) => reader.once('close', resolve));
    closing.push(() => (reader.kill(), closed));
    // It has the file open once it has shown what is in there.
    await new Promise((resolve) => reader.stdout.once('data', resolve));
    const where = `tail ${reader.pid} ${log}`;
    for (const [code, serverIsStopped] of [
      ['serverRunning', true],
      ['needsStop', false],
    ] as const) {
      const { end } = await repair(folder, { serverIsStopped });
      expect(end).toMatchObject({ code, params: { signs: 'openFile', where } });
      const sentences = new RescueSentences(createWords('en').in('en'), (words) => words);
      expect(sentences.why(code, end.params)).toContain(`(${where})`);
      expect(sentences.question('stopByHand', end.params)).toContain(`(${where})`);
    }
  });

  test('a lock on its database', async () => {
    await running({ database: 'open' });
    expect(await refused('serverRunning')).toEqual(['fileLock', 'openFile']);
  });

  test('an answer at its address', async () => {
    expect(await refused('serverRunning', { url: await answering(200, introduction) })).toEqual(['http']);
  });

  test('an answer at the port that its configuration names, when its address is another one', async () => {
    const port = Number(new URL(await answering(200, introduction)).port);
    const serverDir = newFolder();
    const network = `<NetworkConfiguration><InternalHttpPort>${port}</InternalHttpPort></NetworkConfiguration>`;
    writeFileSync(join(serverDir, 'network.xml'), network);
    expect(await refused('serverRunning', { serverDir })).toEqual(['http']);
  });

  mounting(`a process that goes by its name, with none of the other signs${unlessMounting}`, async () => {
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
    closing.push(() => ended(bystander, () => bystander.kill()));
    const name = join(folder.dir, 'name');
    writeFileSync(name, '/usr/bin/jellyfin\0--service');
    // Only the repair sees it under that name: other tests on this machine would take it for theirs.
    const script = `mount --bind ${name} /proc/${bystander.pid}/cmdline && exec "$@"`;
    const within = ['unshare', '-m', 'sh', '-c', script, 'sh'];
    expect(await refused('serverRunning', { machine: { address: nowhere } }, { within })).toEqual(['process']);
  });
});

describe('what cannot be seen is for the person to say', () => {
  const unseen: readonly [string, () => Promise<Partial<RepairJob>>, string][] = [
    ['a name that does not resolve', async () => ({ url: 'http://jellyfin.invalid:8096' }), 'http'],
    ['a proxy that gets no answer itself', async () => ({ url: await answering(502) }), 'http'],
    ['a proxy that waits in vain', async () => ({ url: await answering(504) }), 'http'],
    ['a proxy that knows no such page', async () => ({ url: await answering(404, '<html>') }), 'http'],
    ['a proxy with a page of its own', async () => ({ url: await answering(200, '<html>') }), 'http'],
    ['a proxy that sends everybody elsewhere', async () => ({ url: await answering(302) }), 'http'],
    ['a proxy far away that finds no server', async () => ({ url: await answering(530, '<html>') }), 'http'],
    ['no log folder', async () => ({ logDir: undefined }), 'logLock'],
    ['a log folder without a log', async () => ({ logDir: folder.dir }), 'logLock'],
  ];

  test.each(unseen)('%s', async (_what, job, sign) => {
    const given = { ...(await job()), serverIsStopped: false, acceptUnseen: [] };
    // In a container there are more.
    expect(await refused('cannotSee', given)).toContain(sign);
    const { end } = await repair(folder, { ...given, acceptUnseen: signNames });
    expect(end).toMatchObject({ outcome: 'done', changed: true, unseen: expect.arrayContaining([sign]) });
  });

  test('what answers in its place is named, with the address that would tell', async () => {
    const url = await answering(404, '<html>');
    const { end } = await repair(folder, { url, acceptUnseen: signNames.filter((sign) => sign !== 'http') });
    expect(end).toMatchObject({
      code: 'cannotSee',
      params: { signs: expect.stringContaining('http'), notJellyfin: `${url} 404` },
    });
    const sentences = new RescueSentences(createWords('en').in('en'), (words) => words);
    for (const said of [sentences.why('cannotSee', end.params), sentences.question('unseen', end.params)])
      expect(said).toContain(`(${url} 404): Jellyfin's own address would show it (--url http://127.0.0.1:8096`);
  });

  test('a yes to one sign is none to another that goes while it is looked', async () => {
    const log = join(folder.logDir, 'log_20261124.log');
    const accepted = signNames.filter((sign) => sign !== 'logLock');
    const { end } = await repair(
      folder,
      { acceptUnseen: accepted, lookAgainAfterMs: 500 },
      { onLine: ({ step, outcome }) => void (step === 'stopped' && outcome === 'begun' && rmSync(log)) },
    );
    expect(end).toMatchObject({ outcome: 'refused', code: 'cannotSee', changed: false });
    expect(end.params?.['signs']).toContain('logLock');
    expect((await repair(folder)).end).toMatchObject({ outcome: 'done', unseen: expect.arrayContaining(['logLock']) });
  });

  test('nobody is asked whether a server is stopped that is seen to run', async () => {
    const { url } = await running({ port: true });
    const given = { url, logDir: undefined, acceptUnseen: [] };
    expect(await refused('needsStop', { ...given, serverIsStopped: false })).toContain('http');
    expect(await refused('serverRunning', given)).toContain('http');
  });

  test('whoever says that it is stopped is asked about it all the same', async () => {
    const given = { url: 'http://jellyfin.invalid', acceptUnseen: [] };
    expect(await refused('cannotSee', given)).toContain('http');
    const ran = await repair(folder, { ...given, acceptUnseen: signNames });
    expect(ran.end).toMatchObject({ outcome: 'done', unseen: expect.arrayContaining(['http']) });
    expect(ran.lines).toContainEqual(
      expect.objectContaining({ step: 'stopped', outcome: 'done', params: { signs: expect.stringContaining('http') } }),
    );
  });
});

describe('it looks more than once', () => {
  test('a server that comes between the first look and the second is seen', async () => {
    const { url, change } = await running({});
    let came: Promise<void> | undefined;
    const signs = await refused(
      'serverRunning',
      { url, lookAgainAfterMs: 1500 },
      { onLine: (line) => void (line.step === 'stopped' && (came ??= change({ port: true }))) },
    );
    expect(signs).toEqual(['http']);
  });

  withProc(`a server that comes while the copy is made is seen before the file is opened${unlessProc}`, async () => {
    const { url, change } = await running({});
    const before = { files: filesIn(folder), bytes: bytesOf(folder.db) };
    // Held up where it first touches the file, for as long as the server needs to start.
    const held = watchedBy(join(newFolder(), 'notes'), { call: 'make', file: folder.db, when: 1, then: 'SIGSTOP' });
    const ran = await repairProcess(
      folder,
      { url },
      {
        within: held,
        onLine: async ({ step, outcome }, child) => {
          if (step !== 'copy' || outcome !== 'begun') return;
          await standsStill(child);
          await change({ port: true });
          child.kill('SIGCONT');
        },
      },
    );
    expect(ends(ran).at(-1)).toBe('find done');
    expect(ran.end).toMatchObject({ outcome: 'refused', code: 'serverRunning', changed: false });
    expect({ files: filesIn(folder), bytes: bytesOf(folder.db) }).toEqual(before);
  });
});

async function standsStill({ pid }: ChildProcess): Promise<void> {
  while (!/\) [Tt] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await new Promise(setImmediate);
}

test('a running server and no word on how to stop it: that is what is asked for', async () => {
  const { url } = await running({ port: true });
  expect(await refused('needsStop', { url, serverIsStopped: false })).toEqual(['http']);
});
