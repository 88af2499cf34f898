import { expect, test } from '@jest/globals';
import { runCommand } from '../../src/server/run-command.js';

const run = (script: string, timeoutMs = 10_000) => runCommand(['sh', '-c', script], timeoutMs);

test('a command that works', async () => {
  expect(await run('echo stopped')).toEqual({ ok: true, ended: '0', said: 'stopped' });
});

test('a command that fails is heard to its last word', async () => {
  expect(await run('echo no such unit >&2; exit 5')).toEqual({ ok: false, ended: '5', said: 'no such unit' });
  const { said } = await run('seq 1 10000; exit 1');
  expect(said).toMatch(/9999\n10000$/);
  expect(said.length).toBeLessThanOrEqual(400);
});

test('a program that is not there', async () => {
  expect(await runCommand(['/nowhere/systemctl', 'stop'], 1000)).toEqual({ ok: false, ended: 'ENOENT', said: '' });
});

test('no shell reads it', async () => {
  expect(await runCommand(['echo', '$HOME;', '*'], 1000)).toMatchObject({ said: '$HOME; *' });
});

test('a command that takes too long is ended', async () => {
  expect(await run('exec sleep 60', 50)).toMatchObject({ ok: false, ended: 'SIGTERM' });
});

test('one that does not listen is ended, too', async () => {
  expect(await run(`trap '' TERM; while :; do sleep 0.1; done`, 50)).toMatchObject({ ok: false, ended: 'SIGKILL' });
});

test('a server that it leaves behind keeps nobody waiting', async () => {
  const startedAt = Date.now();
  expect(await run('sleep 4 & echo started')).toMatchObject({ ok: true, said: 'started' });
  expect(Date.now() - startedAt).toBeLessThan(3000);
});
