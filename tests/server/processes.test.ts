import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { lookAtProcesses, serverPrograms } from '../../src/server/processes.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { ended } from './server-shape.js';

const newFolder = temporaryFolders();
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await ended(child, () => child.kill('SIGKILL'));
});

/** Not the real name: a repair that is tried at the same time by another test would take these for a server. */
const programs = ['jellyfin-tried', 'jellyfin-tried.dll'];
const pidsSeen = (ownPids: number[] = []) =>
  lookAtProcesses({ machine: { programs }, ownPids }).map(({ params }) => params['pid']);

async function start(program: string, args: string[]): Promise<number> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await once(child, 'spawn');
  return child.pid ?? 0;
}

test('it is Jellyfin that is looked for', () => {
  expect(serverPrograms).toEqual(['jellyfin', 'jellyfin.dll', 'jellyfin.exe']);
});

test('a program of that name is seen', async () => {
  const program = join(newFolder(), 'jellyfin-tried');
  copyFileSync('/bin/sleep', program);
  chmodSync(program, 0o755);
  const pid = await start(program, ['60']);
  expect(pidsSeen()).toEqual([pid]);
  expect(pidsSeen([pid])).toEqual([]);
});

test('a program that is run by another one is seen', async () => {
  const library = join(newFolder(), 'jellyfin-tried.dll');
  writeFileSync(library, 'setTimeout(() => undefined, 60_000)');
  expect(pidsSeen()).toEqual([]);
  const pid = await start(process.execPath, [library]);
  expect(pidsSeen()).toEqual([pid]);
});

test('somebody who only speaks of it is not taken for it', async () => {
  await start('/bin/sh', ['-c', 'read line', 'jellyfin-tried']);
  await start('/usr/bin/tail', ['-f', '/dev/null', '--pid', String(process.pid)]);
  expect(pidsSeen()).toEqual([]);
});

test('one that is dead and not yet buried is not seen', async () => {
  const program = join(newFolder(), 'jellyfin-tried');
  copyFileSync('/bin/sleep', program);
  chmodSync(program, 0o755);
  // The parent never asks how it ended.
  const parent = spawn('/bin/sh', ['-c', `${program} 60 & echo $!; exec tail -f /dev/null`], { stdio: 'pipe' });
  children.push(parent);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  while (!pidsSeen().includes(pid)) await new Promise(setImmediate);
  process.kill(pid, 'SIGKILL');
  const state = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
  while (state() !== 'Z') await new Promise(setImmediate);
  expect(pidsSeen()).toEqual([]);
});
