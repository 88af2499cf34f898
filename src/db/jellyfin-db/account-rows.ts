import type { Database } from 'better-sqlite3';
import type { FileAccount } from '../../services/rescue/ladder/repair-port.js';
import { fromGuid } from './guid.js';

/** Kinds of rows in Permissions (docs/jellyfin.md, "jellyfin.db"). */
export const permission = { administrator: 0, disabled: 2 } as const;

export interface AccountRow {
  readonly guid: string;
  readonly name: string;
  readonly normalized: string | null;
  readonly count: number;
  /** NULL for never; 0 counts as 3. */
  readonly limit: number | null;
  readonly administrator: number | null;
  readonly disabled: number | null;
}

/** Every account; a household has few, and comparing names is not SQLite's to do. */
export function readAccounts(db: Database, hasNormalized: boolean): AccountRow[] {
  const rows = db.prepare<[], AccountRow>(`
    SELECT Id AS guid, Username AS name, ${hasNormalized ? 'NormalizedUsername' : 'NULL'} AS normalized,
      InvalidLoginAttemptCount AS count, LoginAttemptsBeforeLockout AS "limit",
      (SELECT Value FROM Permissions WHERE UserId = Users.Id AND Kind = ${permission.administrator}) AS administrator,
      (SELECT Value FROM Permissions WHERE UserId = Users.Id AND Kind = ${permission.disabled}) AS disabled
    FROM Users`);
  return rows.all();
}

export function toFileAccount(row: AccountRow): FileAccount {
  return {
    id: fromGuid(row.guid),
    name: row.name,
    isAdministrator: row.administrator === 1,
    isDisabled: row.disabled === 1,
    failedSignIns: row.count,
    signInLimit: row.limit === null || row.limit < 0 ? undefined : row.limit === 0 ? 3 : row.limit,
  };
}

/** Switched off, and not by failed sign-ins: an administrator's decision. */
export function isDisabledByAdmin({ isDisabled, failedSignIns, signInLimit }: FileAccount): boolean {
  return isDisabled && (signInLimit === undefined || failedSignIns < signInLimit);
}
