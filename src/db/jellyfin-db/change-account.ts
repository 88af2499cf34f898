import type { Database } from 'better-sqlite3';
import type { FileAccount } from '../../services/rescue/ladder/repair-port.js';
import { findAccount, isDisabledByAdmin, permission, readAccounts, toFileAccount, toGuid } from './accounts.js';
import { applyAndVerify, type Applied } from './apply-and-verify.js';
import { RepairRefusal } from './refusal.js';

interface AccountChange {
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

/** Changes what is not right yet, in one transaction. Throws RepairRefusal `notAdministrator`, `needsEnable`, and as `applyAndVerify` does. */
export function changeAccount(path: string, change: AccountChange): Applied<FileAccount> {
  return applyAndVerify(path, {
    tables: ['Users', 'Permissions', 'ApiKeys', ...(change.passwordHash === undefined ? [] : ['Devices'])],
    apply: (db) => apply(db, change),
    verify: (db) => verify(db, change),
  });
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

/** Reads the account back; undefined unless all of the change is in the file. */
function verify(db: Database, { accountId, key, passwordHash }: AccountChange): FileAccount | undefined {
  const guid = toGuid(accountId);
  const row = readAccounts(db).find((each) => each.guid.toUpperCase() === guid);
  const after = row && toFileAccount(row);
  const isThere =
    after &&
    !after.isDisabled &&
    after.failedSignIns === 0 &&
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
