import type { Database } from 'better-sqlite3';
import type { FileAccount } from '../../services/rescue/ladder/repair-port.js';
import { isDisabledByAdmin, permission, readAccounts, toFileAccount } from './account-rows.js';
import { exclusively, readNormally, syncFile, tidy } from './exclusively.js';
import { findAccount } from './find-account.js';
import { toGuid } from './guid.js';
import { RepairRefusal } from './repair-refusal.js';
import { asRepairRefusal, isBusy } from './sqlite-errors.js';

export interface AccountChange {
  /** 32 lower-case hex digits. */
  readonly accountId: string;
  /** Refuse an ordinary account. */
  readonly administratorOnly?: boolean | undefined;
  /** An account that an administrator disabled is enabled, too. */
  readonly enable: boolean;
  /** An API key to be added, 32 lower-case hex digits. */
  readonly key?: string | undefined;
  /** As `hashPassword` makes it; the account's devices are signed out with it, as the server itself does. */
  readonly passwordHash?: string | undefined;
}

export interface ChangeReport {
  /** Read back from the file after it was closed. */
  readonly after: FileAccount;
  /** Whether anything had to be changed in this run. */
  readonly changed: boolean;
  /** What still lies beside the file: a write-ahead log, or its index. */
  readonly left: readonly string[];
}

/**
 * Makes the guide's two changes, and adds the key, in one transaction; what is right already is left alone, so that a
 * second run changes nothing. Throws RepairRefusal: `busy`, `notAdministrator`, `needsEnable`, `corrupt`, `writeFailed` (read back: this run
 * changed nothing), `notAsWritten` (or nobody can tell).
 */
export function changeAccount(path: string, change: AccountChange): ChangeReport {
  const tables = ['Users', 'Permissions', 'ApiKeys', ...(change.passwordHash === undefined ? [] : ['Devices'])];
  let changed = false;
  let failure: unknown;
  try {
    exclusively(path, tables, (db) => (changed = apply(db, change)));
    syncFile(path);
  } catch (error) {
    if (error instanceof RepairRefusal) throw error;
    // Somebody else has it open: nothing was begun, and it must not be opened a second time.
    if (isBusy(error)) throw asRepairRefusal(error, 'writeFailed');
    failure = error;
  }
  // From here on only what stands in the file counts.
  try {
    const { after, isAsWanted } = readNormally(path, (db) => lookBack(db, change));
    // Last, so that it sees what this look may have left, too.
    const left = tidy(path);
    if (isAsWanted) return { after, changed, left };
  } catch (error) {
    if (error instanceof RepairRefusal) throw error;
    throw new RepairRefusal('notAsWritten', {}, { cause: failure ?? error });
  }
  if (failure !== undefined) throw asRepairRefusal(failure, 'writeFailed');
  throw new RepairRefusal('notAsWritten');
}

/** Whether there was anything to do. */
function apply(db: Database, { accountId, administratorOnly, enable, key, passwordHash }: AccountChange): boolean {
  const guid = toGuid(accountId);
  const account = findAccount(db, { id: accountId, name: accountId });
  // Asked here as well as of the copy, which a run that carries on does not look at again.
  if (administratorOnly && !account.isAdministrator)
    throw new RepairRefusal('notAdministrator', { name: account.name });
  if (isDisabledByAdmin(account) && !enable) throw new RepairRefusal('needsEnable', { name: account.name });
  let rows = 0;
  const run = (sql: string, ...values: (string | number)[]) => (rows += db.prepare(sql).run(...values).changes);
  run('UPDATE Users SET InvalidLoginAttemptCount = 0 WHERE Id = ? AND InvalidLoginAttemptCount <> 0', guid);
  run(`UPDATE Permissions SET Value = 0 WHERE UserId = ? AND Kind = ${permission.disabled} AND Value <> 0`, guid);
  if (key !== undefined && !hasKey(db, key)) {
    run(
      `INSERT INTO ApiKeys (DateCreated, DateLastActivity, Name, AccessToken)
       VALUES (strftime('%Y-%m-%d %H:%M:%f', 'now'), '0001-01-01 00:00:00', 'Latchkey', ?)`,
      key,
    );
  }
  if (passwordHash !== undefined && passwordOf(db, guid) !== passwordHash) {
    run('UPDATE Users SET Password = ? WHERE Id = ?', passwordHash, guid);
    run('DELETE FROM Devices WHERE UserId = ?', guid);
  }
  return rows > 0;
}

function lookBack(db: Database, { accountId, key, passwordHash }: AccountChange) {
  const guid = toGuid(accountId);
  const row = readAccounts(db, false).find((each) => each.guid.toUpperCase() === guid);
  if (!row) throw new RepairRefusal('notAsWritten');
  const after = toFileAccount(row);
  const isAsWanted =
    !after.isDisabled &&
    after.failedSignIns === 0 &&
    (key === undefined || hasKey(db, key)) &&
    (passwordHash === undefined || passwordOf(db, guid) === passwordHash);
  return { after, isAsWanted };
}

function hasKey(db: Database, key: string): boolean {
  return db.prepare('SELECT 1 FROM ApiKeys WHERE AccessToken = ?').get(key) !== undefined;
}

function passwordOf(db: Database, guid: string): string | null | undefined {
  return db.prepare<[string], string | null>('SELECT Password FROM Users WHERE Id = ?').pluck().get(guid);
}
