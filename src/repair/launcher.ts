import { spawn, type ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../services/log.js';
import { takesKey } from '../server/http-sign.js';
import { lookForServer, type Signs } from '../server/signs.js';
import type {
  Repair,
  RepairEnd,
  RepairJob,
  RepairLine,
  ServerWhere,
  UnfinishedRepair,
} from '../services/rescue/ladder/repair-port.js';
import { asOwner, type Owner } from '../as-owner.js';
import { realOf, wayTo } from '../way-to.js';
import { mayBeAnybodys, type Database } from './admission.js';
import { isSameOccasion } from './carry-on.js';
import { isAtWork } from './lock.js';
import { addedOtherKey, mayBeChanged, readRecord, recordPath, type RepairRecord } from './record.js';
import { tried } from '../tried.js';
import { withUsualUmask } from '../umask.js';

interface RepairOptions {
  readonly log: Pick<Log, 'error'>;
  /** The built program of the repair. */
  readonly program: string;
  /** Where the server would be seen, as far as that is known from the beginning. */
  readonly where?: ServerWhere | undefined;
}

/**
 * Runs repairs in a child process: checking a large file takes seconds, and locks belong to a process. `breakOff` has the
 * one that is at work leave, and kills it where it was told that already.
 */
export function createRepair({ log, program, where = {} }: RepairOptions): Repair & { readonly breakOff: () => void } {
  let signals: NodeJS.Signals[] = [];
  let child: ChildProcess | undefined;
  const begun = (begunChild: ChildProcess) => {
    child = begunChild;
    signals = ['SIGTERM'];
  };
  return {
    breakOff: () => void child?.kill(signals.pop() ?? 'SIGKILL'),
    run: (job, onLine) => runChild({ log, program, begun }, { machine: where.machine, ...job }, onLine),
    unfinished: (db, more) => unfinished(db, { ...where, ...more }),
    look: (db, more) => signsSeen(db, { ...where, ...more }),
    addedOtherKey: async (db, sinceMs, key) => beside(db, (file) => addedOtherKey(file, sinceMs, key)) ?? false,
  };
}

function runChild(
  { log, program, begun }: Pick<RepairOptions, 'log' | 'program'> & { readonly begun: (child: ChildProcess) => void },
  job: RepairJob,
  onLine: (line: RepairLine) => void,
): Promise<RepairEnd> {
  return new Promise((resolve) => {
    // A session of its own: Ctrl-C at the terminal is for the program that started it, and must not leave the server stopped.
    const child = withUsualUmask(() =>
      spawn(process.execPath, [program], {
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
        windowsHide: true, // which would open a window for it
      }),
    );
    begun(child);
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

/** Undefined for a line that is not ours. */
const parse = (text: string) => tried(() => JSON.parse(text) as RepairLine);

/** A repair that was begun and not ended, as the record beside this jellyfin.db and the server say. */
export async function unfinished(db: string, where: ServerWhere): Promise<UnfinishedRepair | undefined> {
  const record = recordOf(db);
  if (!record) return undefined;
  if (record === 'unreadable') return unreadable(db);
  const { account, startedAt } = record;
  const atWork = beside(db, ({ path }) => isAtWork(path)) ?? false;
  const isStarted = !atWork && record.stage === 'changed' && (await look(db, where)).running.length > 0;
  // Nothing stands still, and nothing is left to go on with: the next run ends it, whosever rescue it was.
  if (isStarted && !(await mayGoOn(record, where))) return undefined;
  return {
    db,
    account,
    startedAt,
    stoppedByUs: record.stoppedByUs && !isStarted,
    mayBeChanged: mayBeChanged(record) && !isStarted,
    atWork,
  };
}

/** Whether the same rescue goes on from it, or may, as nobody can try the key where no address is known. */
async function mayGoOn(record: RepairRecord, { url }: ServerWhere): Promise<boolean> {
  const { key } = record;
  return isSameOccasion(record) || (key !== undefined && (url === undefined || (await takesKey(url, key))));
}

/** The end of a repair that died without reporting it: its record says how far it got. */
async function died(job: RepairJob, why: string): Promise<RepairEnd> {
  const found = recordOf(job.db);
  const record = found === 'unreadable' ? undefined : found;
  return {
    outcome: 'failed',
    code: 'repairDied',
    params: { why },
    copy: record?.copy,
    changed: record?.stage === 'changed',
    leftStopped: (record?.stoppedByUs ?? false) && !(await keepsRunning(job)),
    started: false,
    unseen: [],
  };
}

/** That it was going to be stopped is written down before it is told to: looked at twice, as it takes its time to end. */
async function keepsRunning({ db, lookAgainAfterMs = 5000, ...where }: RepairJob): Promise<boolean> {
  if ((await look(db, where)).running.length === 0) return false;
  await wait(lookAgainAfterMs);
  return (await look(db, where)).running.length > 0;
}

/** Signs of the server at this moment, by name. */
export async function signsSeen(db: string, where: ServerWhere) {
  const { running, unseen } = await look(db, where);
  return { running: running.map(({ sign }) => sign), unseen: unseen.map(({ sign }) => sign) };
}

const look = (db: string, { serverDir, logDir, url, machine }: ServerWhere): Promise<Signs> =>
  lookForServer({ db: realOf(db), serverDir, logDir, url, machine });

function recordOf(db: string): RepairRecord | 'unreadable' | undefined {
  try {
    return beside(db, (found) => readRecord(recordPath(found.path), found));
  } catch {
    return 'unreadable';
  }
}

/** Nothing is taken for known: a repair that is begun all the same says itself that it cannot read it. */
function unreadable(db: string): UnfinishedRepair {
  const unknown = { account: undefined, startedAt: 0, stoppedByUs: false, mayBeChanged: false } as const;
  return { db, ...unknown, atWork: false, unreadable: { file: recordPath(realOf(db)) } };
}

/**
 * Reads what lies beside this jellyfin.db, with the rights of its owner, or of its folder's where it is not there.
 * Undefined where the folder is closed to us or to them, and where what lies there may be anybody's.
 */
export function beside<T>(db: string, work: (found: Pick<Database, 'path' | 'uid'>) => T): T | undefined {
  let path: string;
  let owner: Owner;
  try {
    const { end } = wayTo(resolve(db));
    path = end.path;
    owner = end.file ?? end.folder;
    asOwner(owner, () => statSync(dirname(path)));
    if (mayBeAnybodys(end, owner.uid)) return undefined;
  } catch {
    return undefined;
  }
  return asOwner(owner, () => work({ path, uid: owner.uid }));
}
