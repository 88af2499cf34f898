import type { Database } from 'better-sqlite3';
import type { FileAccount, Target } from '../../services/rescue/ladder/repair-port.js';
import { RepairRefusal } from './refusal.js';

/** Kinds of rows in Permissions (docs/jellyfin.md, "jellyfin.db"). */
export const permission = { administrator: 0, disabled: 2 } as const;

interface AccountRow {
  readonly guid: string;
  readonly name: string;
  readonly normalized: string | null;
  readonly count: number;
  /** NULL for never; 0 counts as 3. */
  readonly limit: number | null;
  readonly administrator: number | null;
  readonly disabled: number | null;
  readonly authenticationProviderId: string;
}

/** Reads every account: a household has few, and SQLite would compare their names wrongly. */
export function readAccounts(db: Database): AccountRow[] {
  const rows = db.prepare<[], AccountRow>(`
    SELECT Id AS guid, Username AS name, ${hasNormalizedNames(db) ? 'NormalizedUsername' : 'NULL'} AS normalized,
      InvalidLoginAttemptCount AS count, AuthenticationProviderId AS authenticationProviderId, LoginAttemptsBeforeLockout AS "limit",
      (SELECT Value FROM Permissions WHERE UserId = Users.Id AND Kind = ${permission.administrator}) AS administrator,
      (SELECT Value FROM Permissions WHERE UserId = Users.Id AND Kind = ${permission.disabled}) AS disabled
    FROM Users`);
  return rows.all();
}

/** A row as the repair sees it. */
export function toFileAccount(row: AccountRow): FileAccount {
  return {
    id: fromGuid(row.guid),
    name: row.name,
    isAdministrator: row.administrator === 1,
    isDisabled: row.disabled === 1,
    failedSignIns: row.count,
    signInLimit: row.limit === null || row.limit < 0 ? undefined : row.limit === 0 ? 3 : row.limit,
    authenticationProviderId: row.authenticationProviderId,
  };
}

/** Whether an administrator has disabled the account, and not failed sign-ins. */
export function isDisabledByAdmin({ isDisabled, failedSignIns, signInLimit }: FileAccount): boolean {
  return isDisabled && (signInLimit === undefined || failedSignIns < signInLimit);
}

/** Finds one account; of names alike but for case, the exact one. Throws RepairRefusal `fileAccountUnknown` or `fileAccountAmbiguous`. */
export function findAccount(db: Database, wanted: Target): FileAccount {
  const all = readAccounts(db);
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
  const others = readAccounts(db).filter((row) => row.guid.toUpperCase() !== toGuid(id));
  return others.every((row) => (row.normalized || upperCase(row.name)) !== upper);
}

/** Whether somebody else who is not switched off or locked has the administrator's right. */
export function hasOtherAdministrator(db: Database, { id }: Pick<FileAccount, 'id'>): boolean {
  const others = readAccounts(db).filter((row) => row.guid.toUpperCase() !== toGuid(id));
  return others.some((row) => row.administrator === 1 && row.disabled !== 1);
}

const mostNames = 10;

function namesOf(rows: readonly AccountRow[]): string {
  const names = rows.slice(0, mostNames).map(({ name }) => name);
  return [...names, ...(rows.length > mostNames ? ['…'] : [])].join(', ');
}

/** An account id as Jellyfin's API gives it, 32 lower-case hex digits, in the form of jellyfin.db: upper case, with dashes. */
export function toGuid(id: string): string {
  const digits = id.toUpperCase().replaceAll('-', '');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}

/** The reverse of the above: 32 lower-case hex digits from the form of jellyfin.db. */
function fromGuid(guid: string): string {
  return guid.toLowerCase().replaceAll('-', '');
}

/** Upper case as the server makes it, which leaves ß and ﬁ alone (docs/jellyfin.md, "jellyfin.db"). */
function upperCase(text: string): string {
  return Array.from(text, (character) => {
    const upper = character.toUpperCase();
    return Array.from(upper).length === 1 ? upper : character;
  }).join('');
}

/** Whether the server takes the two for one name. */
export const isAlike = (one: string, other: string): boolean => upperCase(one) === upperCase(other);

/** The tables and columns that the repair reads and writes; the same in all versions (docs/jellyfin.md, "jellyfin.db"). */
const expected: Readonly<Record<string, readonly string[]>> = {
  Users: [
    ...['Id', 'Username', 'Password', 'InvalidLoginAttemptCount', 'LoginAttemptsBeforeLockout'],
    ...['AuthenticationProviderId', 'PasswordResetProviderId'],
  ],
  Permissions: ['Id', 'Kind', 'UserId', 'Value'],
  ApiKeys: ['Id', 'DateCreated', 'DateLastActivity', 'Name', 'AccessToken'],
  Devices: ['Id', 'UserId', 'AccessToken'],
  __EFMigrationsHistory: ['MigrationId'],
};

/** The names of a table's columns; none for a table that is not there. */
function columnsOf(db: Database, table: string): string[] {
  return db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
}

/**
 * Jellyfin's database has tables and indexes only. What else there is would run along with a change, or in the place of a
 * look: it may be anybody's, and have no end. Before anything is read. Throws RepairRefusal `runsAlong`.
 */
export function assertPlain(db: Database): void {
  const found = db
    .prepare<[], { type: string; name: string }>(
      // A table without a page of its own is a module's.
      `SELECT type, name FROM sqlite_master WHERE type NOT IN ('table', 'index') OR rootpage = 0`,
    )
    .get();
  if (found) throw new RepairRefusal('runsAlong', { type: found.type, name: found.name.slice(0, 100) });
}

/** Throws RepairRefusal `notJellyfinDatabase` with what is missing. */
export function assertShape(db: Database): void {
  for (const [table, wanted] of Object.entries(expected)) {
    const found = columnsOf(db, table);
    const missing = found.length === 0 ? table : wanted.find((column) => !found.includes(column));
    if (missing !== undefined) throw new RepairRefusal('notJellyfinDatabase', { missing: `${table}.${missing}` });
  }
}

/** From 10.11.10 on the server finds a name by its upper-case form in this column. */
function hasNormalizedNames(db: Database): boolean {
  return columnsOf(db, 'Users').includes('NormalizedUsername');
}
