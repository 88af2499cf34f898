import type { Database } from 'better-sqlite3';
import { otherProvider, ownProviders } from '../../services/accounts/account.js';
import type { FileAccount, RepairJob } from '../../services/rescue/ladder/repair-port.js';
import {
  findAccount,
  hasOtherAdministrator,
  isDisabledByAdmin,
  permission,
  readAccounts,
  toFileAccount,
  toGuid,
} from './accounts.js';
import { applyAndVerify, type Applied } from './apply-and-verify.js';
import { RepairRefusal } from './refusal.js';

/** What a person has said may be done to an account, beyond its unlock; see `RepairJob`. */
type Consents = Pick<RepairJob, 'administratorOnly' | 'enableDisabled' | 'ownProvider' | 'giveRight'>;

interface AccountChange extends Consents {
  /** 32 lower-case hex digits. */
  readonly accountId: string;
  /** An API key to be added, 32 lower-case hex digits. */
  readonly key?: string | undefined;
  /** As `hashPassword` makes it; the account's devices are signed out with it, as the server itself does. */
  readonly passwordHash?: string | undefined;
}

/**
 * Whether all that this account needs was said to be wanted; asked of the copy, and of the file itself, as a run that carries on
 * does not look at the copy again. Throws RepairRefusal `notAdministrator`, `needsEnable`, `needsProvider` or `needsRight`.
 */
export function assertWanted(account: FileAccount, isOnly: boolean, consents: Consents): void {
  const { name } = account;
  const { administratorOnly, enableDisabled, ownProvider, giveRight } = consents;
  if (administratorOnly && !account.isAdministrator) throw new RepairRefusal('notAdministrator', { name });
  if (isDisabledByAdmin(account) && !enableDisabled) throw new RepairRefusal('needsEnable', { name });
  const provider = otherProvider(account);
  if (provider !== undefined && ownProvider === undefined) throw new RepairRefusal('needsProvider', { name, provider });
  if (!account.isAdministrator && isOnly && giveRight === undefined) throw new RepairRefusal('needsRight', { name });
}

/** Changes what is not right yet, in one transaction. Throws RepairRefusal as `assertWanted` and `applyAndVerify` do. */
export function changeAccount(path: string, change: AccountChange): Applied<FileAccount> {
  return applyAndVerify(path, {
    tables: ['Users', 'Permissions', 'ApiKeys', ...(change.passwordHash === undefined ? [] : ['Devices'])],
    apply: (db) => apply(db, change),
    verify: (db) => verify(db, change),
  });
}

/** Whether there was anything to do. */
function apply(db: Database, change: AccountChange): boolean {
  const { accountId, key, passwordHash, ownProvider, giveRight } = change;
  const guid = toGuid(accountId);
  const account = findAccount(db, { id: accountId, name: accountId });
  assertWanted(account, !hasOtherAdministrator(db, account), change);
  // One that has no password of Jellyfin's own would stand open to anybody.
  if (ownProvider && passwordHash === undefined) throw new Error('Jellyfin is to check a password that is not there');
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
  if (ownProvider) {
    for (const [column, own] of Object.entries(ownProviders))
      run(`UPDATE Users SET ${column} = ? WHERE Id = ? AND ${column} <> ?`, own, guid, own);
  }
  if (giveRight)
    run(
      `UPDATE Permissions SET Value = 1 WHERE UserId = ? AND Kind = ${permission.administrator} AND Value <> 1`,
      guid,
    );
  if (passwordHash !== undefined && passwordOf(db, guid) !== passwordHash) {
    run('UPDATE Users SET Password = ? WHERE Id = ?', passwordHash, guid);
    run('DELETE FROM Devices WHERE UserId = ?', guid);
  }
  return rows > 0;
}

/** Reads the account back; undefined unless all of the change is in the file. */
function verify(
  db: Database,
  { accountId, key, passwordHash, ownProvider, giveRight }: AccountChange,
): FileAccount | undefined {
  const guid = toGuid(accountId);
  const row = readAccounts(db).find((each) => each.guid.toUpperCase() === guid);
  const after = row && toFileAccount(row);
  const isThere =
    after &&
    !after.isDisabled &&
    after.failedSignIns === 0 &&
    (!ownProvider || otherProvider(after) === undefined) &&
    (!giveRight || after.isAdministrator) &&
    (key === undefined || hasKey(db, key)) &&
    (passwordHash === undefined || passwordOf(db, guid) === passwordHash);
  return isThere ? after : undefined;
}

function hasKey(db: Database, key: string): boolean {
  return db.prepare('SELECT 1 FROM ApiKeys WHERE AccessToken = ?').get(key) !== undefined;
}

function passwordOf(db: Database, guid: string): string | null | undefined {
  return db.prepare<[string], string | null>('SELECT Password FROM Users WHERE Id = ?').pluck().get(guid);
}
