import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, vi } from 'vitest';
import { ask } from '../../sandbox/jellyfin/ask.js';
import { startJellyfin, type Jellyfin } from '../../sandbox/jellyfin/index.js';
import type { TestMachine } from '../../src/app/test-machine.js';
import { stepUp } from '../../src/as-owner.js';
import { latchkey as runLatchkey } from '../../src/cli/latchkey.js';
import { testMachine } from '../support/test-machine.js';
import { startJellyfinProcess, type JellyfinProcess } from '../../sandbox/jellyfin/process/start-process.js';

const endings: (() => unknown)[] = [];

/** Done when the tests of a file are over, the last one first. */
export const atEnd = (end: () => unknown): void => void endings.push(end);

/** Ends what the tests of a file have begun; each file calls it itself, as this one is loaded once for many of them. */
export async function endAll(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}

export const program = resolve('dist/cli.js');

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder to run in, with a `.env` of these lines where there are any; it is the person's home, too. */
export function folder(env?: Record<string, string>): string {
  const made = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
  endings.push(() => rmSync(made, { recursive: true, force: true }));
  const lines = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}\n`);
  if (env) writeFileSync(join(made, '.env'), lines.join(''), { mode: 0o600 });
  return made;
}

/** The flags that say where a server is. */
export const where = ({ url, serverDir }: Jellyfin) => ['--url', url, '--server-dir', serverDir];

/** The flags that give a key, which is in a file: a command line can be read by everybody. */
export function withKey(key: string): readonly [string, string] {
  const file = join(folder(), 'key');
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return ['--api-key-file', file];
}

/** A machine without a Jellyfin, on which nothing waits long; `given` in the place of some of it. */
export const machine = (given: Partial<TestMachine> = {}): Record<string, string> => ({
  LATCHKEY_TEST_MACHINE: JSON.stringify({
    machine: testMachine,
    folders: [],
    lookAgainAfterMs: 100,
    waitFactor: 0.1,
    ...given,
  }),
});

/** What the command line of somebody whose home is this folder has in its environment. */
export const environment = (home: string) => ({ PATH: process.env.PATH, HOME: home, LANG: 'C', ...machine() });

/** `latchkey rescue` in this process, nobody at its terminal. */
export const rescue = (args: readonly string[], cwd?: string, env?: Record<string, string>): Promise<Said> =>
  latchkey(['rescue', ...args], cwd, env);

/** Which of its ends are a terminal. */
interface Terminals {
  readonly stdin?: boolean;
  readonly stdout?: boolean;
}

/** The same for any of its commands. One at a time: the folder to run in is this process's own meanwhile. */
export async function latchkey(
  args: readonly string[],
  cwd = folder(),
  env: Record<string, string> = {},
  isTTY: Terminals = {},
): Promise<Said> {
  const stdin = { isTTY: isTTY.stdin ?? false };
  const stdout = Object.assign(new PassThrough(), { isTTY: isTTY.stdout ?? false });
  const stderr = new PassThrough();
  const argv = [process.execPath, resolve('src/cli.ts'), ...args];
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const start = () => Promise.reject(new Error('the bot is a process of its own'));
    const code = await runLatchkey({ argv, env: { ...environment(cwd), ...env }, stdin, stdout, stderr }, start);
    return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  } finally {
    // A process that has stepped down ends so.
    stepUp();
    process.chdir(before);
  }
}

/** Presses keys at the question that this process asks next, or types a text. */
export async function presses(...keys: readonly string[]): Promise<void> {
  const isAsked = () => expect(process.stdin.listenerCount('keypress')).toBeGreaterThan(0);
  await vi.waitFor(isAsked, { timeout: 20_000 });
  for (const key of keys) {
    if (key === 'ctrlC') process.stdin.emit('keypress', '\u0003', { name: 'c', ctrl: true, sequence: '\u0003' });
    else if (key === 'enter') process.stdin.emit('keypress', '\r', { name: 'return', sequence: '\r' });
    else process.stdin.emit('keypress', key, { name: key, sequence: key });
  }
}

/** `latchkey rescue` as the built program; `meanwhile` is told of it when it has been started. */
export const rescueProcess = (
  args: readonly string[],
  cwd?: string,
  env?: Record<string, string>,
  meanwhile?: (child: ChildProcess) => void,
): Promise<Said> => latchkeyProcess(['rescue', ...args], cwd, env, meanwhile);

/** The same for any of its commands. */
export function latchkeyProcess(
  args: readonly string[],
  cwd = folder(),
  env: Record<string, string> = {},
  meanwhile: (child: ChildProcess) => void = () => undefined,
): Promise<Said> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...environment(cwd), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  meanwhile(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })));
}

/** What a rescue with `--json` has printed: exactly one object, on one line, and nothing else. */
export function report({ stdout }: Said): Record<string, unknown> {
  if (!/^\{.*\}\n$/.test(stdout)) throw new Error(`not one object:\n${stdout}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

export function passwordIn({ stdout }: Said): string {
  const found = [...stdout.matchAll(/Temporary password: (\S+)/g)];
  if (found.length !== 1) throw new Error(`${found.length} passwords in:\n${stdout}`);
  return found[0]?.[1] ?? '';
}

/** A server in this process with alice, an administrator who forgot her password. */
export async function server(
  version: string,
  { key = true, locked = false, disabled = false } = {},
): Promise<Jellyfin> {
  const jellyfin = await startJellyfin({ version });
  endings.push(() => jellyfin.close());
  jellyfin.addUser('alice', { password: 'forgotten', administrator: true, limit: 3, disabled });
  jellyfin.addUser('bob', { password: 'builder' });
  if (locked) await jellyfin.lock('alice');
  if (!key) jellyfin.revokeKey();
  return jellyfin;
}

/** A server in a process of its own, which may be stopped; alice locked, and no key any more. */
export async function ownServer(version: string, state?: 'stopped'): Promise<JellyfinProcess> {
  const own = await startJellyfinProcess({
    version,
    // Under its real name every other test, and a real one on this machine, would take it for a running server.
    title: 'rescued',
    isStopped: state === 'stopped',
    before: async (jellyfin) => {
      jellyfin.addUser('alice', { password: 'forgotten', administrator: true, limit: 3 });
      await jellyfin.lock('alice');
      jellyfin.revokeKey();
    },
  });
  endings.push(() => own.close());
  return own;
}

export const commands = ({ stopCommand, startCommand }: JellyfinProcess) => [
  '--stop-command',
  stopCommand.join(' '),
  '--start-command',
  startCommand.join(' '),
];

export async function signIn(url: string, password: string, name = 'alice'): Promise<number> {
  const headers = {
    authorization: 'MediaBrowser Client="t", Device="t", DeviceId="t", Version="1"',
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ Username: name, Pw: password });
  return (await ask(`${url}/Users/AuthenticateByName`, { method: 'POST', headers, body })).status;
}

export async function keyWorks(url: string, key: string): Promise<boolean> {
  return (await ask(`${url}/Users`, { headers: { authorization: `MediaBrowser Token="${key}"` } })).status === 200;
}

export const savedKey = (cwd: string): string | undefined =>
  /^JELLYFIN_API_KEY=([\da-f]{32})$/m.exec(readFileSync(join(cwd, '.env'), 'utf8'))?.[1];

/** The same server as somebody far away reaches it: a proxy says where the call came from. */
export async function fromFarAway(url: string): Promise<string> {
  const target = new URL(url);
  const proxy = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, 'x-forwarded-for': '203.0.113.9' };
    const { method, url: path } = incoming;
    const onward = request({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  endings.push(() => proxy.close());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}
