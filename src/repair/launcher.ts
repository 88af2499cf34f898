import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Repair, RepairEnd, RepairJob, RepairLine, UnfinishedRepair } from '../services/rescue/repair-port.js';
import type { Logger } from '../logger.js';
import { addedOtherKey } from './added-keys.js';
import { isAtWork } from './lock.js';
import { mayBeChanged, readRecord, recordPath, type RepairRecord } from './record.js';

export interface RepairOptions {
  readonly log: Pick<Logger, 'error'>;
  /** The built program of the repair. */
  readonly program?: string | undefined;
}

/** Runs repairs in a child process: checking a large file takes seconds, and locks belong to a process. */
export function createRepair({
  log,
  program = fileURLToPath(new URL('./main.js', import.meta.url)),
}: RepairOptions): Repair {
  return {
    run: (job, onLine) => runChild(program, job, onLine, log),
    unfinished: async (db) => unfinished(db),
    addedOtherKey: async (db, sinceMs, key) => addedOtherKey(real(db), sinceMs, key),
  };
}

function runChild(
  program: string,
  job: RepairJob,
  onLine: (line: RepairLine) => void,
  log: Pick<Logger, 'error'>,
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

/** Its record knows what it had come to. */
function died(job: RepairJob, why: string): RepairEnd {
  const record = recordOf(job.db);
  return {
    outcome: 'failed',
    code: 'repairDied',
    params: { why },
    copy: record?.copy,
    changed: record?.stage === 'changed',
    leftStopped: record?.stoppedByUs ?? false,
    startCommand: record?.startCommand,
    unseen: [],
  };
}

function unfinished(db: string): UnfinishedRepair | undefined {
  const record = recordOf(db);
  if (!record) return undefined;
  const { account, act, startedAt, stoppedByUs, startCommand } = record;
  const atWork = isAtWork(real(db));
  return { db, account, act, startedAt, stoppedByUs, startCommand, mayBeChanged: mayBeChanged(record), atWork };
}

function recordOf(db: string): RepairRecord | undefined {
  try {
    return readRecord(recordPath(real(db)));
  } catch {
    return undefined; // the repair itself says that it cannot be read
  }
}

function real(db: string): string {
  try {
    return realpathSync(db);
  } catch {
    return db;
  }
}
