import { realpathSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { lookForServer, type Signs } from '../server/signs.js';
import { takesKey } from '../server/takes-key.js';
import type {
  RepairEnd,
  RepairJob,
  ServerWhere,
  SignsSeen,
  UnfinishedRepair,
} from '../services/rescue/ladder/repair-port.js';
import { isSameOccasion } from './carry-on.js';
import { isAtWork } from './lock.js';
import { mayBeChanged, readRecord, recordPath, type RepairRecord } from './record.js';

/** A repair that was begun and not ended, as the record beside this jellyfin.db and the server say. */
export async function unfinished(db: string, where: ServerWhere): Promise<UnfinishedRepair | undefined> {
  const record = recordOf(db);
  if (!record) return undefined;
  if (record === 'unreadable') return unreadable(db);
  const { account, startedAt, startCommand } = record;
  const atWork = isAtWork(real(db));
  const isStarted = !atWork && record.stage === 'changed' && (await look(db, where)).running.length > 0;
  // Nothing stands still, and nothing is left to go on with: the next run ends it, whoever's it is.
  if (isStarted && !(await mayGoOn(record, where))) return undefined;
  return {
    db,
    account,
    startedAt,
    startCommand,
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

/** The end of a repair that died without a word: its record knows what it had come to. */
export async function died(job: RepairJob, why: string): Promise<RepairEnd> {
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
    startCommand: record?.startCommand,
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
export async function signsSeen(db: string, where: ServerWhere): Promise<SignsSeen> {
  const { running, unseen } = await look(db, where);
  return { running: running.map(({ sign }) => sign), unseen: unseen.map(({ sign }) => sign) };
}

const look = (db: string, { serverDir, logDir, url }: ServerWhere): Promise<Signs> =>
  lookForServer({ db: real(db), serverDir, logDir, url });

function recordOf(db: string): RepairRecord | 'unreadable' | undefined {
  try {
    return readRecord(recordPath(real(db)));
  } catch {
    return 'unreadable';
  }
}

/** Nothing is taken for known: a repair that is begun all the same says itself that it cannot read it. */
function unreadable(db: string): UnfinishedRepair {
  const unknown = { account: undefined, startedAt: 0, stoppedByUs: false, mayBeChanged: false } as const;
  return { db, ...unknown, atWork: false, unreadable: { file: recordPath(real(db)) } };
}

/** The file that is really meant; as given where there is none. */
export function real(db: string): string {
  try {
    return realpathSync(db);
  } catch {
    return db;
  }
}
