import { findInCopy, hashPassword, isHashOf, RepairRefusal } from '../db/jellyfin-db/index.js';
import type { RepairJob } from '../services/rescue/repair-port.js';
import type { RepairRecord } from './record.js';

/** Only the run that was not finished may be carried on. Throws RepairRefusal `otherRescueUnfinished`. */
export function mustBeTheSame({ act, account }: RepairRecord, job: RepairJob): void {
  const { id, name } = job.account ?? {};
  const isSame =
    act === job.act &&
    // A look alone takes the record and the copy away with it, and must not take these.
    !job.dryRun &&
    (act === 'undo' || (id !== undefined && account?.id !== undefined ? id === account.id : name === account?.name));
  if (!isSame) throw new RepairRefusal('otherRescueUnfinished', { act, name: account?.name ?? '' });
}

/**
 * What a run asks for that the one which it carries on did not, as a change of its record: the person is told the
 * password of this run, and the key is looked for where it is said to be. Undefined where it asks for nothing else.
 */
export function askedSince(
  found: RepairRecord,
  { act, key, setPassword }: RepairJob,
): Partial<RepairRecord> | undefined {
  if (act === 'undo') return undefined;
  const mayBeChanged = found.stage === 'changing' || found.stage === 'changed';
  const newKey = found.key === undefined && key !== undefined ? { key } : undefined;
  const newPassword = passwordSince(found, setPassword, mayBeChanged);
  if (!newKey && !newPassword) return undefined;
  // What is in the file already is found there and left alone; the rest is added to it.
  return { ...newKey, ...newPassword, ...(found.stage === 'changed' && { stage: 'changing' }) };
}

function passwordSince(
  { passwordHash, account, copy, before }: RepairRecord,
  setPassword: string | undefined,
  mayBeChanged: boolean,
): Partial<RepairRecord> | undefined {
  // Nobody would know it; one that may be in the file is known from the record alone, which an undo needs.
  if (setPassword === undefined)
    return passwordHash !== undefined && !mayBeChanged ? { passwordHash: undefined } : undefined;
  if (passwordHash !== undefined && isHashOf(passwordHash, setPassword)) return undefined;
  const isImageWhole = passwordHash !== undefined || !mayBeChanged;
  return {
    passwordHash: hashPassword(setPassword),
    // The image was taken without the password and the devices, which were not to be changed; the copy has them.
    ...(!isImageWhole && copy !== undefined && account && before && { before: findInCopy(copy, account).before }),
  };
}
