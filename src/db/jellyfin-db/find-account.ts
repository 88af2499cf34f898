import type { Database } from 'better-sqlite3';
import type { FileAccount } from '../../services/rescue/ladder/repair-port.js';
import { readAccounts, toFileAccount, type AccountRow } from './account-rows.js';
import { toGuid } from './guid.js';
import { RepairRefusal } from './repair-refusal.js';
import { hasNormalizedNames } from './shape.js';
import { upperCase } from './upper-case.js';

/** Which account is meant; the id, where it is known, decides. */
export interface AccountWanted {
  readonly id?: string | undefined;
  readonly name: string;
}

/**
 * Finds exactly one account, comparing in code what SQLite would compare wrongly. Where two names differ in case only,
 * the one that is spelled as asked for is meant. Throws RepairRefusal `fileAccountUnknown` or `fileAccountAmbiguous`.
 */
export function findAccount(db: Database, wanted: AccountWanted): FileAccount {
  const all = readAccounts(db, hasNormalizedNames(db));
  if (wanted.id !== undefined) {
    const guid = toGuid(wanted.id);
    const byId = all.find((row) => row.guid.toUpperCase() === guid);
    if (byId) return toFileAccount(byId);
    throw new RepairRefusal('fileAccountUnknown', { name: wanted.name, known: namesOf(all) });
  }
  const upper = upperCase(wanted.name);
  const alike = all.filter((row) => (row.normalized || upperCase(row.name)) === upper);
  const exact = alike.filter((row) => row.name === wanted.name);
  const [found, second] = exact.length === 1 ? exact : alike;
  if (!found) throw new RepairRefusal('fileAccountUnknown', { name: wanted.name, known: namesOf(all) });
  if (second) throw new RepairRefusal('fileAccountAmbiguous', { name: wanted.name, known: namesOf(alike) });
  return toFileAccount(found);
}

/** Whether no other account has a name that differs from this one's in case only, so that either spelling means it. */
export function nameIsUnique(db: Database, { id, name }: FileAccount): boolean {
  const upper = upperCase(name);
  const others = readAccounts(db, hasNormalizedNames(db)).filter((row) => row.guid.toUpperCase() !== toGuid(id));
  return others.every((row) => (row.normalized || upperCase(row.name)) !== upper);
}

const mostNames = 10;

function namesOf(rows: readonly AccountRow[]): string {
  const names = rows.slice(0, mostNames).map(({ name }) => name);
  return [...names, ...(rows.length > mostNames ? ['…'] : [])].join(', ');
}
