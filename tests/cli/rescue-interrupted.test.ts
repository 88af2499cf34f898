import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lchownSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import type { JellyfinProcess } from '../../sandbox/jellyfin/process/start-process.js';
import { until } from '../kill/until.js';
import { fromLoopback } from '../repair/server-folder.js';
import { isThere } from '../support/is-there.js';
import { isRootAmongOthers } from '../support/other-users.js';
import {
  atEnd,
  commands,
  endAll,
  environment,
  folder,
  ownServer,
  passwordIn,
  program,
  report,
  rescue,
  rescueProcess,
  server,
  signIn,
  withKey,
} from './latchkey.js';

afterAll(endAll);

const childrenOf = ({ pid }: ChildProcess) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() || undefined;

/** Sends it as soon as there is a process of the repair, which has not said a word by then. */
const whenTheRepairIsThere = (signal: NodeJS.Signals) => (child: ChildProcess) =>
  void until(
    () => childrenOf(child),
    () => 'no repair was started',
  ).then(() => child.kill(signal));

const finishes = /I finish what I have begun/;

describe('told to end when the repair has just been started, and has said nothing yet', () => {
  test.concurrent(
    'it is finished, the server runs, and the password is told',
    async () => {
      const own = await ownServer('10.10.7');
      const args = ['alice', '--rung', 'db', '--yes', '--server-dir', own.dir, ...commands(own)];
      const said = await rescueProcess(args, undefined, {}, whenTheRepairIsThere('SIGINT'));
      expect(said.stdout).toMatch(finishes);
      expect(said.code).toBe(0);
      expect(await signIn(own.url, passwordIn(said))).toBe(200);
    },
    60_000,
  );

  test.concurrent(
    'one that is refused, too, is gone through with',
    async () => {
      const own = await ownServer('12.0');
      const args = ['alice', '--yes', '--server-is-stopped', '--server-dir', own.dir];
      const said = await rescueProcess(args, undefined, {}, whenTheRepairIsThere('SIGTERM'));
      expect(said).toMatchObject({ code: 4, stdout: expect.stringMatching(finishes) });
      expect(said.stdout).not.toContain('Nothing was done.');
    },
    60_000,
  );
});

/** A proxy before the server, which answers by itself while that is away. */
async function behindProxy(url: string): Promise<string> {
  const proxy = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const onward = request(new URL(path ?? '', url), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  atEnd(() => proxy.close());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

test('a repair that stopped the server and could not go on: that is no run that has touched nothing', async () => {
  const own = await ownServer('10.10.7');
  const url = await behindProxy(own.url);
  const args = ['alice', '--rung', 'db', '--yes', '--url', url, '--server-dir', own.dir, ...commands(own)];
  const said = await rescueProcess(args, undefined, {}, (child) =>
    child.stdout?.on('data', (part: Buffer) => {
      if (part.toString().includes('Written down')) child.kill('SIGINT');
    }),
  );
  expect(said.stdout).toMatch(/✓ Jellyfin was told to stop\n(.|\n)*✓ Jellyfin answers again/);
  expect(said.stdout).toMatch(/That did not work\. I cannot see from here .* I did not touch jellyfin\.db\./);
  expect(said.code).toBe(1);
});

interface Looked {
  readonly password: string;
  readonly keys: number;
}

/** What counts of jellyfin.db, by a look at the file of a server that is stopped for it. */
function look(own: JellyfinProcess): Looked | undefined {
  own.stop();
  const db = new Database(own.db);
  try {
    return db
      .prepare<[], Looked>(
        `SELECT Password AS password, (SELECT count(*) FROM ApiKeys WHERE Name = 'Latchkey') AS keys
          FROM Users WHERE Username = 'alice'`,
      )
      .get();
  } finally {
    db.close();
  }
}

const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

test('a refusal names the server that an earlier rescue left stopped, with the command that starts it', async () => {
  const there = await fromLoopback(folder());
  const left = { version: 1, account: { name: 'alice' }, startedAt: 1, stage: 'stopped', stoppedByUs: true };
  writeFileSync(`${there.db}.latchkey.json`, JSON.stringify(left));
  const asked = ['alice', '--server-dir', there.dir, '--stop-command', 'stop it', '--start-command', 'start it'];
  const { code, stderr } = await rescue([...asked, '--set-password', '--keep-password']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/An earlier rescue stopped Jellyfin.*start it/);
  // Who has stopped it for this one knows it.
  const stopped = await rescue([...asked, '--server-is-stopped', '--rung', 'pin']);
  expect(stopped.stderr).not.toContain('An earlier rescue stopped');
});

describe('a connection that is gone in the middle', () => {
  (hasScript ? test.concurrent : test.skip)(
    'with its terminal: the repair is finished, no password is set that nobody reads, and its key is deleted',
    async () => {
      const own = await ownServer('10.10.7');
      const before = look(own);
      own.start();
      const args = ['alice', '--rung', 'db', '--yes', '--server-dir', own.dir, ...commands(own)];
      const quoted = [process.execPath, program, 'rescue', ...args].map((arg) => `'${arg}'`).join(' ');
      const cwd = folder();
      const env = { ...environment(cwd), TERM: 'dumb' };
      const terminal = spawn('script', ['-qec', `exec ${quoted}`, '/dev/null'], { cwd, env });
      atEnd(() => terminal.kill('SIGKILL'));
      let text = '';
      terminal.stdout.on('data', (part: Buffer) => (text += part.toString()));
      await until(
        () => text.includes('Jellyfin was told to stop') || undefined,
        () => text,
        30_000,
      );
      const pid = childrenOf(terminal);
      terminal.kill('SIGKILL');
      await until(
        () => (isThere(pid) ? undefined : true),
        () => 'it has ended',
        30_000,
      );
      // It answers again.
      expect(await signIn(own.url, 'no password of hers')).toBe(401);
      expect(before).toBeDefined();
      expect(look(own)).toEqual(before);
    },
    90_000,
  );

  test.concurrent(
    'with whoever was reading: no PIN is redeemed, and the password stays',
    async () => {
      const jellyfin = await server('10.11.11', { key: false });
      const { url, serverDir } = jellyfin;
      const asking = jellyfin.faults.hold({ path: /ForgotPassword$/ });
      const args = ['alice', '--rung', 'pin', '--yes', '--url', url, '--server-dir', serverDir];
      const said = await rescueProcess(args, undefined, {}, (child) => {
        void asking.arrived.then(() => {
          child.stdout?.destroy();
          asking.release();
        });
      });
      expect(said).toMatchObject({ code: 1, stderr: '' });
      expect(jellyfin.calls.filter(({ path }) => path.endsWith('/Pin'))).toEqual([]);
      expect(await signIn(url, 'forgotten')).toBe(200);
    },
    40_000,
  );
});

test('Ctrl-C while it only looks is an object, too, with --json', async () => {
  const jellyfin = await server('12.0');
  const looks = jellyfin.faults.hold({ path: /Public/ });
  const said = await rescueProcess(['alice', '--json', '--url', jellyfin.url], undefined, {}, (child) => {
    void looks.arrived.then(() => child.kill('SIGINT'));
  });
  expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was done.') });
  expect(report(said)).toMatchObject({ account: 'alice', outcome: 'cancelled', sentence: 'Nothing was done.' });
  looks.release();
});

test('an earlier rescue that ended without a word may have left a key: said by the next one', async () => {
  const own = await ownServer('10.10.7', 'stopped');
  const args = ['alice', '--yes', '--server-is-stopped', '--server-dir', own.dir];
  const cwd = folder();
  expect((await rescueProcess([...args, '--give-key'], cwd)).stdout).not.toContain('earlier rescue');
  const again = await rescueProcess(args, folder());
  expect(again.stdout).toMatch(/An earlier rescue of the last day added an API key.*called Latchkey.*delete it/);
  // Not where it is the key in the settings.
  expect((await rescueProcess(args, cwd)).stdout).not.toContain('earlier rescue');
});

/** Somebody at a terminal: when a sentence appears, a key is pressed. */
function atTerminal(
  args: readonly string[],
  answers: readonly (readonly [RegExp, string | (() => string)])[],
  cwd = folder(),
  language = {},
) {
  const quoted = [process.execPath, program, 'rescue', ...args].map((arg) => `'${arg}'`).join(' ');
  // A terminal of no size at all is what it would be otherwise; and no shell is to stand between the keys and the program.
  const child = spawn('script', ['-qec', `stty cols 80 rows 24; exec ${quoted}`, '/dev/null'], {
    cwd,
    env: { ...environment(cwd), TERM: 'xterm', ...language },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // Somebody who is not asked what they expected would wait for ever.
  atEnd(() => child.kill('SIGKILL'));
  const left = [...answers];
  let text = '';
  let from = 0;
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString();
    const [sentence, keys] = left[0] ?? [];
    const found = sentence?.exec(text.slice(from));
    if (!found) return;
    from += found.index + found[0].length;
    left.shift();
    child.stdin.write(typeof keys === 'function' ? keys() : (keys ?? ''));
  });
  return new Promise<{ code: number | null; text: string; plain: string }>((done) =>
    child.once('close', (code) => done({ code, text, plain: text.replace(/\u001B\[[\d;?]*[a-zA-Z]|\r/g, '') })),
  );
}

const ctrlC = '\u0003';
const knows = /Do you know the password[^]*No/;
const no = /Shall I go ahead[^]*No/;

(hasScript ? describe : describe.skip)('at a terminal', () => {
  test('questions are answered, in colour, and what is being done is taken away again', async () => {
    const { url, apiKey } = await server('12.0', { locked: true });
    const { code, text, plain } = await atTerminal(
      ['alice', '--url', url, ...withKey(apiKey)],
      [
        [knows, 'n'],
        [no, 'y'],
      ],
    );
    expect(code).toBe(0);
    expect(text).toContain('\u001B[32m✓\u001B[39m Unlocked');
    expect(text).toContain('\r\u001B[2K');
    const password = /Temporary password: (\S+)/.exec(plain)?.[1] ?? '';
    expect(await signIn(url, password)).toBe(200);
  });

  test('a key is asked for, and is the one', async () => {
    const { url, apiKey } = await server('12.0');
    const args = ['alice', '--ask-key', '--dry-run', '--url', url];
    const { plain } = await atTerminal(args, [[/Jellyfin's API key[^]*└/, ` ${apiKey}\r`]]);
    expect(plain).toContain('1. API key: my key works');
    expect(plain).not.toContain(apiKey);
  });

  test('in German the answers are German, too', async () => {
    const jellyfin = await server('12.0', { locked: true });
    const args = ['alice', '--url', jellyfin.url, ...withKey(jellyfin.apiKey)];
    const { plain } = await atTerminal(args, [[/Weißt du das Passwort[^]*Nein/, ctrlC]], folder(), {
      LC_ALL: 'de_DE.UTF-8',
    });
    expect(plain).toMatch(/Ja \/ ● Nein/);
  });

  test('who knows the password keeps it: the account is unlocked, and nothing else', async () => {
    const jellyfin = await server('12.0', { locked: true });
    const args = ['alice', '--url', jellyfin.url, ...withKey(jellyfin.apiKey)];
    const { code, plain } = await atTerminal(args, [
      [knows, 'y'],
      [no, 'y'],
    ]);
    expect(code).toBe(0);
    expect(plain).toMatch(/✓ Unlocked(.|\n)*sign in with the password that you know/);
    expect(await signIn(jellyfin.url, 'forgotten')).toBe(200);
  });

  test('a server that has to be stopped by hand: its signs are shown to whoever asks for them', async () => {
    const own = await ownServer('12.0');
    const args = ['alice', '--rung', 'db', '--yes', '--url', own.url, '--server-dir', own.dir];
    const { code, plain } = await atTerminal(args, [
      [/Open a[^]*What do you see of it/, '\u001B[A\r'],
      [/I see signs of Jellyfin[^]*What do you see of it/, '\r'],
    ]);
    expect(code).toBe(4);
    expect(plain).toMatch(/second window[^]*I see signs of Jellyfin: [^]*That did not work, for the reason above\./);
  });

  test('Ctrl-C at the first question ends it, and nothing was done', async () => {
    const jellyfin = await server('12.0', { locked: true });
    const args = ['alice', '--url', jellyfin.url, ...withKey(jellyfin.apiKey)];
    const { code, plain } = await atTerminal(args, [[knows, ctrlC]]);
    expect(code).toBe(1);
    expect(plain).toMatch(/Nothing was done\.\n$/);
    expect(jellyfin.user('alice').Policy.IsDisabled).toBe(true);
  });

  test('Ctrl-C while it only looks ends it at once', async () => {
    const jellyfin = await server('12.0');
    const looks = jellyfin.faults.hold({ path: /Public/ });
    const said = atTerminal(['alice', '--url', jellyfin.url], [[/Jellyfin's address/, ctrlC]]);
    expect(await said).toMatchObject({ code: 1, plain: expect.stringMatching(/Nothing was done\.\n$/) });
    looks.release();
  });

  test('Ctrl-C in the middle of a repair: it is finished, nothing more is asked, and the server runs', async () => {
    const own = await ownServer('10.10.7');
    const old = `${own.db}.latchkey-copy-20200101T000000Z`;
    writeFileSync(old, 'as large as the database');
    const args = ['alice', '--rung', 'db', '--server-dir', own.dir, ...commands(own)];
    const { code, plain } = await atTerminal(args, [
      [knows, 'n'],
      [no, 'y'],
      [/Jellyfin was told to stop/, ctrlC],
    ]);
    expect(plain).toContain('I finish what I have begun');
    expect(plain).toContain('✓ Jellyfin answers again');
    expect(plain).not.toContain('Shall I keep');
    expect(code).toBe(0);
    const password = /Temporary password: (\S+)/.exec(plain)?.[1] ?? '';
    expect(await signIn(own.url, password)).toBe(200);
    expect(existsSync(old)).toBe(true);
  });

  test('old copies are removed when somebody says so', async () => {
    const own = await ownServer('10.10.7', 'stopped');
    const old = `${own.db}.latchkey-copy-20200101T000000Z`;
    writeFileSync(old, 'as large as the database');
    const args = ['alice', '--yes', '--server-is-stopped', '--server-dir', own.dir];
    const { code, plain } = await atTerminal(args, [[/Remove these copies[^]*No/, 'y']]);
    expect(code).toBe(0);
    expect(plain).toMatch(/Older than 30 days:\n.*20200101T000000Z(.|\n)*Removed\./);
    expect(existsSync(old)).toBe(false);
    expect(readdirSync(dirname(own.db)).filter((name) => name.includes('latchkey-copy'))).toHaveLength(1);
  });

  const asRoot = isRootAmongOthers ? test : test.skip;
  asRoot(
    'but none of root’s, to which their folder has become a link while it was asked',
    async () => {
      const own = await ownServer('10.10.7', 'stopped');
      const data = dirname(own.db);
      const name = 'jellyfin.db.latchkey-copy-20200101T000000Z';
      writeFileSync(join(data, name), 'theirs');
      chmodSync(dirname(own.dir), 0o755);
      for (const each of ['', ...readdirSync(own.dir, { recursive: true, encoding: 'utf8' })])
        chownSync(join(own.dir, each), 65_534, 65_534);
      const roots = folder();
      chmodSync(roots, 0o755);
      copyFileSync(own.db, join(roots, 'jellyfin.db'));
      writeFileSync(join(roots, name), 'root’s');
      const exchanged = () => {
        renameSync(data, `${data}-before`);
        symlinkSync(roots, data);
        lchownSync(data, 65_534, 65_534);
        return 'y';
      };
      const args = ['alice', '--yes', '--server-is-stopped', '--server-dir', own.dir];
      const { plain } = await atTerminal(args, [[/Remove these copies[^]*No/, exchanged]]);
      expect(plain).toContain('Remove these copies');
      expect(readdirSync(data).sort()).toEqual(['jellyfin.db', name]);
    },
    60_000,
  );
});
