import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { inRoot } from './root.mjs';

/** Runs `work` while no other Latchkey script on this clone does the same; waits for its turn. */
export async function inTurn(name, work) {
  const file = inRoot(`.${name}.lock`);
  for (let tries = 0; !take(file); tries += 1) {
    if (tries === 5) console.log(`Waiting for another command that does the same here (${name}).`);
    await wait(200);
  }
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
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (leftBehind(file)) rmSync(file, { force: true });
    return false;
  }
}

/** A script that was killed leaves its turn behind: its process is gone, or the file never got its id. */
function leftBehind(file) {
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    return owner > 0 ? !alive(owner) : Date.now() - statSync(file).mtimeMs > 5_000;
  } catch (error) {
    if (error.code === 'ENOENT') return false; // given back this very moment
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
