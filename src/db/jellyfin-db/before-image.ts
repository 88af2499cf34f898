import type { Database } from 'better-sqlite3';
import { permission } from './account-rows.js';
import { toGuid } from './guid.js';

/** A row as SQLite has it. */
export type Row = Readonly<Record<string, string | number | null>>;

/** Everything of an account that a repair may change, as it was before; JSON through and through. */
export interface BeforeImage {
  readonly guid: string;
  readonly count: number;
  /** The row that says disabled; null where there is none. */
  readonly disabled: { readonly rowId: number; readonly value: number } | null;
  readonly password: string | null;
  readonly devices: readonly Row[];
}

export function readBefore(db: Database, accountId: string): BeforeImage {
  const guid = toGuid(accountId);
  const user = db
    .prepare<[string], { count: number; password: string | null }>(
      'SELECT InvalidLoginAttemptCount AS count, Password AS password FROM Users WHERE Id = ?',
    )
    .get(guid);
  const disabled = db
    .prepare<[string, number], { rowId: number; value: number }>(
      'SELECT Id AS rowId, Value AS value FROM Permissions WHERE UserId = ? AND Kind = ?',
    )
    .get(guid, permission.disabled);
  const devices = db.prepare<[string], Row>('SELECT * FROM Devices WHERE UserId = ?').all(guid);
  return { guid, count: user?.count ?? 0, disabled: disabled ?? null, password: user?.password ?? null, devices };
}
