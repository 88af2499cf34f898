import type { Database } from 'better-sqlite3';
import { RepairRefusal } from './refusal.js';

/** The tables and columns that the repair reads and writes; the same in all versions (docs/jellyfin.md, "jellyfin.db"). */
const expected: Readonly<Record<string, readonly string[]>> = {
  Users: ['Id', 'Username', 'Password', 'InvalidLoginAttemptCount', 'LoginAttemptsBeforeLockout'],
  Permissions: ['Id', 'Kind', 'UserId', 'Value'],
  ApiKeys: ['Id', 'DateCreated', 'DateLastActivity', 'Name', 'AccessToken'],
  Devices: ['Id', 'UserId', 'AccessToken'],
  __EFMigrationsHistory: ['MigrationId'],
};

/** The names of a table's columns; none for a table that is not there. */
export function columnsOf(db: Database, table: string): string[] {
  return db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
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
export function hasNormalizedNames(db: Database): boolean {
  return columnsOf(db, 'Users').includes('NormalizedUsername');
}
