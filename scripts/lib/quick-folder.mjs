import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const inMemory = '/dev/shm';
const enoughBytes = 2 * 1024 ** 3;

/**
 * Makes a folder for all that the tests write, which whoever made it removes: in memory where Linux has room there, as
 * SQLite waits for the disk at every commit, which was a third of the time; else where temporary files are.
 */
export function quickFolder(name) {
  if (hasRoom(inMemory)) {
    const folder = make(inMemory, name);
    if (runsPrograms(folder)) return folder;
    rmSync(folder, { recursive: true });
  }
  return make(tmpdir(), name);
}

function make(parent, name) {
  const folder = mkdtempSync(join(parent, name));
  chmodSync(folder, 0o1777); // as /tmp is: some tests act as another user
  return folder;
}

function hasRoom(folder) {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > enoughBytes;
}

/** Containers often forbid it there, and some tests write a program and start it. */
function runsPrograms(folder) {
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}
