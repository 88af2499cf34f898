import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Repair, RepairEnd, RepairJob, RepairLine, ServerWhere } from '../services/rescue/ladder/repair-port.js';
import type { Log } from '../services/log.js';
import { addedOtherKey } from './record.js';
import { died, real, signsSeen, unfinished } from './left-behind.js';

export interface RepairOptions {
  readonly log: Pick<Log, 'error'>;
  /** The built program of the repair. */
  readonly program: string;
  /** Where the server would be seen, as far as that is known from the beginning. */
  readonly where?: ServerWhere | undefined;
}

/** Runs repairs in a child process: checking a large file takes seconds, and locks belong to a process. */
export function createRepair({ log, program, where = {} }: RepairOptions): Repair {
  return {
    run: (job, onLine) => runChild(program, job, onLine, log),
    unfinished: (db, more) => unfinished(db, { ...where, ...more }),
    look: (db, more) => signsSeen(db, { ...where, ...more }),
    addedOtherKey: async (db, sinceMs, key) => addedOtherKey(real(db), sinceMs, key),
  };
}

function runChild(
  program: string,
  job: RepairJob,
  onLine: (line: RepairLine) => void,
  log: Pick<Log, 'error'>,
): Promise<RepairEnd> {
  return new Promise((resolve) => {
    // A session of its own: Ctrl-C at the terminal is for whoever started it, and must not leave the server stopped.
    const child = spawn(process.execPath, [program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      windowsHide: true, // which would open a window for it
    });
    let end: RepairEnd | undefined;
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-1000)));
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parse(text);
      if (!line) return;
      if (line.kind === 'end') end = line;
      else onLine(line);
    });
    child.once('error', (error) => (complaint ||= error.message));
    child.once('close', (code, signal) => {
      if (!end) log.error({ code, signal, complaint }, 'the repair of jellyfin.db ended without a word');
      resolve(end ?? died(job, String(signal ?? code ?? 'unknown')));
    });
    // A child that is gone already has its say in `close`.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(job));
  });
}

function parse(text: string): RepairLine | undefined {
  try {
    return JSON.parse(text) as RepairLine;
  } catch {
    return undefined; // not a line of ours
  }
}
