import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { inRoot } from './root.mjs';

/** Runs `work` while no other Latchkey script on this clone does the same; waits for its turn. */
export async function inTurn(name, work) {
  const file = inRoot(`.${name}.lock`);
  while (!take(file)) await wait(200);
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    // Left behind by a script that was killed: its owner is gone, so the turn is free.
    if (!alive(owner(file))) rmSync(file, { force: true });
    return false;
  }
}

/** The process that holds the turn; our own while the file is not written or already gone. */
function owner(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || process.pid;
  } catch (error) {
    if (error.code === 'ENOENT') return process.pid;
    throw error;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
