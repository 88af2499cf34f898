import type { Database } from 'better-sqlite3';
import { DatabaseRefused, sqliteCode } from './database-errors.js';

/** One step of the schema. The list of them is append-only: what was once released is never changed or moved. */
export interface Migration {
  /** Unique, kept in the database, such as `0001-accounts`. */
  readonly name: string;
  up(db: Database): void;
}

/** Marks a file as Latchkey's in its header (the letters LTCH), so that another program's database is never migrated. */
const applicationId = 0x4c544348;

/**
 * Brings the database to the newest schema, each migration in a transaction of its own, and returns the names of those that ran.
 * Two processes may do it at once. Throws DatabaseRefused: `notOurs`, `newer`, `migrationFailed`.
 */
export function migrate(db: Database, migrations: readonly Migration[]): string[] {
  claim(db);
  const insert = db.prepare('INSERT INTO migrations (name, applied_at) VALUES (?, ?)');
  const ran: string[] = [];
  refuseNewer(db, migrations);
  for (const migration of migrations) {
    const step = db.transaction(() => {
      if (appliedNames(db).includes(migration.name)) return false;
      migration.up(db);
      insert.run(migration.name, Date.now());
      return true;
    });
    if (run(migration.name, () => step.immediate())) ran.push(migration.name);
  }
  return ran;
}

function claim(db: Database): void {
  const ours = () => db.pragma('application_id', { simple: true }) === applicationId;
  if (ours()) return;
  db.transaction(() => {
    if (ours()) return;
    if (db.prepare('SELECT 1 FROM sqlite_master').get() !== undefined) {
      throw new DatabaseRefused('notOurs', `${db.name} belongs to another program. Check LATCHKEY_DB.`);
    }
    db.pragma(`application_id = ${applicationId}`);
    db.exec('CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT, WITHOUT ROWID');
  }).immediate();
}

function appliedNames(db: Database): unknown[] {
  return db.prepare('SELECT name FROM migrations ORDER BY name').pluck().all();
}

function refuseNewer(db: Database, migrations: readonly Migration[]): void {
  const known = migrations.map(({ name }) => name);
  const unknown = appliedNames(db).filter((name) => !known.some((one) => one === name));
  if (unknown.length === 0) return;
  throw new DatabaseRefused(
    'newer',
    `${db.name} was written by a newer Latchkey (it has ${unknown.join(', ')}). Start that version, or put back a copy from before the update.`,
  );
}

function run(name: string, step: () => boolean): boolean {
  try {
    return step();
  } catch (error) {
    // A full disk or a damaged file has a sentence of its own.
    if (sqliteCode(error) && !/^SQLITE_(ERROR|CONSTRAINT|MISMATCH)/.test(sqliteCode(error) ?? '')) throw error;
    throw new DatabaseRefused('migrationFailed', `The database could not be brought up to date (${name}).`, {
      cause: error,
    });
  }
}
