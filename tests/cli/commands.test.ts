import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { endAll, folder, latchkey, latchkeyProcess, machine, report, server, withKey } from './latchkey.js';

afterAll(endAll);

test('every command is in the help, which fits a terminal of 80 columns', async () => {
  const { code, stdout } = await latchkey(['--help']);
  const listed = [...stdout.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name]) => name);
  expect([code, listed]).toEqual([...[0, ['start', 'link', 'setup', 'rescue', 'doctor', 'health', 'restore', 'help']]]);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('`start` begins the bot, and what nobody has a sentence for is said as it is', async () => {
  const { code, stderr } = await latchkey(['start']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/(?<!Error): the bot is a process of its own/);
});

test('a Node that was replaced is told before anything is asked or begun', async () => {
  const cwd = folder({});
  const broken = join(cwd, 'broken.cjs');
  const message = 'compiled against a different Node.js version using NODE_MODULE_VERSION 115.';
  writeFileSync(broken, `require('node:module')._extensions['.node'] = () => { throw new Error('${message}'); };`);
  const said = await latchkeyProcess(['restore'], cwd, { NODE_OPTIONS: `--require ${broken}` });
  expect(said).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^Node was replaced since/) });
});

test('the object for programs has a code where there is one that is promised, and is English everywhere', async () => {
  const german = { LC_ALL: 'de_DE.UTF-8' };
  const closed = folder();
  symlinkSync('.env', join(closed, '.env'));
  expect(report(await latchkey(['rescue', 'alice', '--json'], closed, german))).toMatchObject({ code: null });
  const { url } = await server('12.0');
  const asked = ['rescue', 'alice', '--dry-run', '--url', url];
  expect(report(await latchkey([...asked, '--json'], folder(), german))).toMatchObject({
    sentence: expect.stringContaining('None of the ways is open'),
  });
  expect((await latchkey(asked, folder(), german)).stdout).toContain('Jellyfins Adresse');
});

test('which account is meant is asked of whoever names none, also where Jellyfin cannot be asked', async () => {
  const { url, calls } = await server('12.0');
  const without = await latchkey(['rescue', '--url', url]);
  // Without a key nothing is asked with one.
  expect(calls).toEqual([]);
  const away = await latchkey(['rescue', '--url', 'http://127.0.0.1:1', ...withKey('ab')]);
  for (const said of [without, away])
    expect(said).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^Which account\? [^\n]*\n$/) });
});

test('what cannot be looked at is no reason to hide why somebody is refused', async () => {
  const args = ['rescue', 'alice', '--rung', 'api', '--set-password'];
  const { code, stderr } = await latchkey(args, folder(), { ...machine(), LATCHKEY_TEST_MACHINE: '{' });
  expect([code, stderr]).toEqual([2, expect.stringContaining('--set-password is about jellyfin.db')]);
});
