import { spawnSync } from 'node:child_process';
import { closeSync, openSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { lookAtLog } from '../../src/server/locks.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const newFolder = temporaryFolders();
const held: number[] = [];
afterEach(() => held.splice(0).forEach(closeSync));

function write(folder: string, name: string, day: number): string {
  const file = join(folder, name);
  writeFileSync(file, 'log\n');
  utimesSync(file, new Date(2026, 10, day), new Date(2026, 10, day));
  return file;
}

/** The lock belongs to the open file: it stays ours when the program that took it is gone. */
function hold(file: string): void {
  const log = openSync(file, 'r');
  held.push(log);
  spawnSync('flock', ['-xn', '3'], { stdio: ['ignore', 'ignore', 'ignore', log] });
}

test('the newest log, held by somebody, is a sign', async () => {
  const logDir = newFolder();
  write(logDir, 'log_20261123.log', 23);
  hold(write(logDir, 'log_20261124.log', 24));
  expect(await lookAtLog({ logDir })).toEqual([
    { sign: 'logLock', seen: 'running', params: { file: join(logDir, 'log_20261124.log') } },
  ]);
});

test('a second log of the same day is the newest', async () => {
  const logDir = newFolder();
  write(logDir, 'log_20261124.log', 24);
  hold(write(logDir, 'log_20261124_001.log', 24));
  expect(await lookAtLog({ logDir })).toMatchObject([{ seen: 'running' }]);
});

test('a log that nobody holds is no sign, and other files are none', async () => {
  const logDir = newFolder();
  write(logDir, 'log_20261124.log', 23);
  hold(write(logDir, 'FFmpeg.Transcode-2026-11-24.log', 24));
  expect(await lookAtLog({ logDir })).toEqual([]);
});

test('no folder, none of that name, no log in it: it cannot be seen', async () => {
  expect(await lookAtLog({})).toMatchObject([{ sign: 'logLock', seen: 'unseen' }]);
  expect(await lookAtLog({ logDir: newFolder() })).toMatchObject([{ seen: 'unseen' }]);
});

test('without the program that asks for the lock it cannot be seen', async () => {
  const logDir = newFolder();
  write(logDir, 'log_20261124.log', 24);
  const program = ChildProgram.start(
    ['server/locks.ts'],
    (url) => `
      process.env.PATH = '/nowhere';
      const { lookAtLog } = await import('${url('server/locks.ts')}');
      console.log(JSON.stringify(await lookAtLog({ logDir: '${logDir}' })));`,
  );
  const [line = ''] = await program.lines(1);
  await program.exited;
  expect(JSON.parse(line)).toEqual([{ sign: 'logLock', seen: 'unseen', params: { why: 'flock' } }]);
});
