import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../free-port.js';
import { startJellyfin, type Jellyfin } from '../index.js';
import { readPlan, writePlan, type ServerTrouble } from './plan.js';
import { startServer, stopServer } from './start-stop.js';

/** A Jellyfin in a process of its own, which can be stopped, killed, repaired and started again. */
export interface JellyfinProcess {
  readonly dir: string;
  readonly logDir: string;
  readonly db: string;
  readonly url: string;
  /** The key that it was set up with. */
  readonly apiKey: string;
  readonly stopCommand: readonly string[];
  readonly startCommand: readonly string[];
  readonly pid: number | undefined;
  start(): void;
  stop(): void;
  kill(): void;
  /** Moves its clock, while it runs: so far ahead of the computer's it is from now on. */
  setClock(aheadMs: number): void;
  /** Lets things go wrong while it runs, instead of those before. */
  setTrouble(trouble: ServerTrouble): void;
  /** Ends it, and removes its folder. */
  close(): void;
}

interface ProcessOptions {
  readonly version: string;
  /** What the process is called; `jellyfin` unless given. */
  readonly title?: string;
  /** How far its clock is ahead of the computer's. */
  readonly aheadMs?: number;
  /** Where it tells of each call and of who is signed in. */
  readonly reportTo?: string;
  /** Makes accounts and the like, before the process is started for the first time. */
  readonly before?: (jellyfin: Jellyfin) => void | Promise<void>;
  /** It stands still until it is started. */
  readonly isStopped?: boolean;
}

const built = resolve('dist-tools/sandbox/jellyfin/process');
const control = join(built, 'control.js');

/** Sets a server up in this process, then starts it in its own, unless it is to be found stopped. */
export async function startJellyfinProcess({
  version,
  title = 'jellyfin',
  aheadMs = 0,
  reportTo,
  before,
  isStopped = false,
}: ProcessOptions): Promise<JellyfinProcess> {
  const home = mkdtempSync(join(tmpdir(), 'jellyfin-process-'));
  const dir = join(home, 'jellyfin');
  const first = await startJellyfin({ version, dir });
  await before?.(first);
  const { apiKey } = first;
  await first.close();
  const port = await freePort();
  writePlan(dir, { version, port, title, aheadMs, ...(reportTo !== undefined && { reportTo }) });
  const server: JellyfinProcess = {
    dir,
    logDir: join(dir, 'log'),
    db: join(dir, 'data', 'jellyfin.db'),
    url: `http://127.0.0.1:${port}`,
    apiKey,
    stopCommand: [process.execPath, control, 'stop', dir],
    startCommand: [process.execPath, control, 'start', dir],
    get pid() {
      return readPlan(dir).pid;
    },
    start: () => startServer(dir, join(built, 'server.js')),
    stop: () => stopServer(dir),
    kill: () => {
      const { pid } = readPlan(dir);
      if (pid === undefined) return;
      process.kill(pid, 'SIGKILL');
      stopServer(dir);
    },
    setClock: (ahead) => writePlan(dir, { ...readPlan(dir), aheadMs: ahead }),
    setTrouble: (trouble) => writePlan(dir, { ...readPlan(dir), trouble }),
    close: () => {
      const { pid } = readPlan(dir);
      if (pid !== undefined) endAtOnce(pid);
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  if (!isStopped) server.start();
  return server;
}

/** Nothing of a server that is closed is needed any more. */
function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it was stopped before
  }
}
