import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { atEnd, commands, environment, folder, ownServer, program, server, signIn } from './latchkey.js';

/** Somebody at a terminal: when a sentence appears, a key is pressed. */
function atTerminal(args: readonly string[], answers: readonly (readonly [RegExp, string])[], cwd = folder()) {
  const quoted = [process.execPath, program, 'rescue', ...args].map((arg) => `'${arg}'`).join(' ');
  // A terminal of no size at all is what it would be otherwise; and no shell is to stand between the keys and the program.
  const child = spawn('script', ['-qec', `stty cols 80 rows 24; exec ${quoted}`, '/dev/null'], {
    cwd,
    env: { ...environment(cwd), TERM: 'xterm' },
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
    child.stdin.write(keys);
  });
  return new Promise<{ code: number | null; text: string; plain: string }>((done) =>
    child.once('close', (code) => done({ code, text, plain: text.replace(/\u001B\[[\d;?]*[a-zA-Z]|\r/g, '') })),
  );
}

const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;
const ctrlC = '\u0003';
const no = /Shall I go ahead[^]*No/;

(hasScript ? describe : describe.skip)('at a terminal', () => {
  test('questions are answered, in colour, and what is being done is taken away again', async () => {
    const { url, apiKey } = await server('12.0', { locked: true });
    const { code, text, plain } = await atTerminal(['alice', '--url', url, '--api-key', apiKey], [[no, 'y']]);
    expect(code).toBe(0);
    expect(text).toContain('\u001B[32m✓\u001B[39m Unlocked');
    expect(text).toContain('\r\u001B[2K');
    const password = /Temporary password: (\S+)/.exec(plain)?.[1] ?? '';
    expect(await signIn(url, password)).toBe(200);
  });

  test('Ctrl-C at the first question ends it, and nothing was done', async () => {
    const jellyfin = await server('12.0', { locked: true });
    const args = ['alice', '--url', jellyfin.url, '--api-key', jellyfin.apiKey];
    const { code, plain } = await atTerminal(args, [[no, ctrlC]]);
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
  }, 60_000);

  test('old copies are removed when somebody says so', async () => {
    const own = await ownServer('10.10.7');
    own.stop();
    const old = `${own.db}.latchkey-copy-20200101T000000Z`;
    writeFileSync(old, 'as large as the database');
    const args = ['alice', '--yes', '--server-is-stopped', '--server-dir', own.dir];
    const { code, plain } = await atTerminal(args, [[/Remove these copies[^]*No/, 'y']]);
    expect(code).toBe(0);
    expect(plain).toMatch(/Older than 30 days: .*20200101T000000Z(.|\n)*Removed\./);
    expect(existsSync(old)).toBe(false);
    expect(readdirSync(dirname(own.db)).filter((name) => name.includes('latchkey-copy'))).toHaveLength(1);
  }, 60_000);
});
