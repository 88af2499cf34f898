import { hourMs, isRecent } from '../time.js';
import { hashPassword, isAlike, isPasswordOf, RepairRefusal } from '../db/jellyfin-db/index.js';
import type { Signs } from '../server/signs.js';
import { takesKey } from '../server/http-sign.js';
import type { RepairJob } from '../services/rescue/ladder/repair-port.js';
import { mayBeChanged, type RepairRecord } from './record.js';

/**
 * Whether an unfinished repair is carried on by this run; where not, it is given up, and this run begins anew. One that
 * may have changed the file is not given up: its copy and its record are the only way back.
 * Throws RepairRefusal `otherRescueUnfinished`.
 */
export function isCarriedOn(record: RepairRecord, job: RepairJob): boolean {
  const isSame = isAskedAgain(record, job);
  // A dry run takes away what it made: that must not be what says that the server stands still, nor the only way back.
  const isNeeded = mayBeChanged(record) || (job.dryRun && record.stoppedByUs);
  if (isNeeded && (job.dryRun || !isSame))
    throw new RepairRefusal('otherRescueUnfinished', { name: record.account?.name ?? '' });
  return isSame && !job.dryRun;
}

/** Whether this run is asked for what the unfinished one was asked for. */
function isAskedAgain({ account }: RepairRecord, job: RepairJob): boolean {
  const { id, name } = job.account;
  if (!account) return false;
  if (id !== undefined && account.id !== undefined) return id === account.id;
  return name === account.name || (account.alone === true && isAlike(name, account.name));
}

const sameOccasionMs = hourMs;

/** Whether who runs the same again was cut short just now, or told to: there is one change to be made, and one copy. */
export function isSameOccasion({ startedAt }: Pick<RepairRecord, 'startedAt'>): boolean {
  return isRecent(startedAt, Date.now(), sameOccasionMs);
}

/** Whether a repair whose change is made is over, as the server was started since; a key that works is still worth going on with. */
export async function isOver(record: RepairRecord, job: RepairJob, { running }: Signs): Promise<boolean> {
  if (record.stage !== 'changed' || running.length === 0 || job.dryRun) return false;
  if (!isAskedAgain(record, job)) return true;
  if (isSameOccasion(record)) return false;
  return job.setPassword !== undefined || record.key === undefined || !(await takesKey(job.url, record.key));
}

/**
 * What of an unfinished repair's record is to be otherwise, because the run that carries it on was asked for otherwise. A
 * key that the file may hold is kept, as whoever runs this is told which it is. Of a password only this run's is shown to
 * anybody: an earlier one must not be written any more. What is changed already, but not so, is to be changed once more.
 */
export function asAskedNow(record: RepairRecord, job: RepairJob): Partial<RepairRecord> {
  const isChanged = record.stage === 'changed';
  const needsKey = record.key === undefined && job.key !== undefined;
  const password = passwordAskedNow(record, job);
  return {
    ...(needsKey && { key: job.key }),
    ...((!isChanged || password.passwordHash !== undefined) && password),
    ...(isChanged && (needsKey || password.passwordHash !== undefined) && { stage: 'changing' as const }),
  };
}

function passwordAskedNow(record: RepairRecord, { setPassword }: RepairJob): Partial<RepairRecord> {
  const { passwordHash: earlier } = record;
  if (setPassword !== undefined)
    return earlier !== undefined && isPasswordOf(setPassword, earlier)
      ? {}
      : { passwordHash: hashPassword(setPassword) };
  return earlier === undefined ? {} : { passwordHash: undefined };
}
