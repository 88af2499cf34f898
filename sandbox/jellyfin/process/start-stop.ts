import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readPlan, writePlan } from './plan.js';

/** Starts the server of a folder, unless it runs, and waits until it answers. `program` is the built server.js. */
export function startServer(dir: string, program: string): void {
  const { pid, ...plan } = readPlan(dir);
  if (isAlive(pid)) return;
  writePlan(dir, plan);
  spawn(process.execPath, [program, dir], { stdio: 'ignore', detached: true }).unref();
  // It writes its process into the plan once it listens.
  waitUntil('started', () => readPlan(dir).pid !== undefined);
}

/** Asks the server of a folder to end, where it runs, and waits until it is gone. */
export function stopServer(dir: string): void {
  const { pid } = readPlan(dir);
  if (pid === undefined || !isAlive(pid)) return;
  process.kill(pid, 'SIGTERM');
  waitUntil('stopped', () => !isAlive(pid));
}

/** Nothing else is done meanwhile, as at a command that is waited for. Throws after 20 s. */
function waitUntil(what: string, isSo: () => boolean): void {
  const until = Date.now() + 20_000;
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (!isSo()) {
    if (Date.now() > until) throw new Error(`the loopback Jellyfin has not ${what} in 20 s`);
    Atomics.wait(never, 0, 0, 20);
  }
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0) && !isLeftOver(pid);
  } catch {
    return false;
  }
}

/** Ended, though nobody has taken note: the first process of a container takes none of processes that it did not start. */
function isLeftOver(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && /\) [ZX] /.test(readFileSync(stat, 'utf8'));
}
