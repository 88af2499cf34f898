import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '../ask.js';
import { readPlan, writePlan } from './plan.js';

/** What `systemctl start jellyfin` and `stop` are to a real one: `node control.js start|stop <server folder>`. */
const [, , verb, dir = ''] = process.argv;
if (verb === 'start') await start();
else if (verb === 'stop') await stop();
else process.exitCode = 2;

async function start(): Promise<void> {
  if (isAlive(readPlan(dir).pid)) return;
  const { pid: _gone, ...plan } = readPlan(dir);
  writePlan(dir, plan);
  const program = fileURLToPath(new URL('./server.js', import.meta.url));
  spawn(process.execPath, [program, dir], { stdio: 'ignore', detached: true }).unref();
  while (readPlan(dir).pid === undefined) await delay(20);
  const { port } = readPlan(dir);
  while (!(await ask(`http://127.0.0.1:${port}/System/Info/Public`).catch(() => undefined))) await delay(20);
}

async function stop(): Promise<void> {
  const { pid } = readPlan(dir);
  if (pid === undefined || !isAlive(pid)) return;
  process.kill(pid, 'SIGTERM');
  while (isAlive(pid)) await delay(20);
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
