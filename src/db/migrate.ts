import type { Database } from 'better-sqlite3';
import { asRefusal, DatabaseRefused } from './database-errors.js';

/** One step of the schema. The list of them is append-only: what was once released is never changed or moved. */
export interface Migration {
  /** Unique, kept in the database, such as `0001-accounts`. */
  readonly name: string;
  up(db: Database): void;
}

/** Marks a file as Latchkey's in its header (the letters LTCH), so that another program's database is never migrated. */
const applicationId = 0x4c544348;

/**
 * Brings the database to the newest schema in one transaction, and returns the names of the migrations that ran.
 * Two processes may do it at once. Throws DatabaseRefused.
 */
export function migrate(db: Database, migrations: readonly Migration[]): string[] {
  const upToDate = db.transaction(() => {
    claim(db);
    const applied = mustBeKnown(db, migrations);
    const missing = migrations.filter(({ name }) => !applied.includes(name));
    for (const migration of missing) run(db, migration);
    return missing.map(({ name }) => name);
  });
  return upToDate.immediate();
}

/** The migrations that ran on it; `file` is its name for people. Throws DatabaseRefused where a newer Latchkey has made others. */
export function mustBeKnown(db: Database, migrations: readonly Migration[], file = db.name): string[] {
  const known = new Set(migrations.map(({ name }) => name));
  const applied = db.prepare<[], string>('SELECT name FROM migrations ORDER BY name').pluck().all();
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length === 0) return applied;
  throw new DatabaseRefused('newer', { file, names: unknown.join(', ') });
}

/**
 * Whether the file's header says that it is Latchkey's, and it has tables and indexes only: a view in the place of a table
 * may be looked at without end.
 */
export function isLatchkeys(db: Database): boolean {
  if (db.pragma('application_id', { simple: true }) !== applicationId) return false;
  return db.prepare(`SELECT 1 FROM sqlite_master WHERE type NOT IN ('table', 'index')`).get() === undefined;
}

/** By the first bytes of its file: whether it is a database, and Latchkey's (https://sqlite.org/fileformat2.html#the_database_header). */
export function readHeader(start: Buffer): { readonly isDatabase: boolean; readonly isMarked: boolean } {
  const isDatabase = start.toString('latin1', 0, 16) === 'SQLite format 3\0';
  return { isDatabase, isMarked: isDatabase && start.readUInt32BE(68) === applicationId };
}

function claim(db: Database): void {
  if (isLatchkeys(db)) return;
  if (db.prepare('SELECT 1 FROM sqlite_master').get() !== undefined) {
    throw new DatabaseRefused('otherProgram', { file: db.name });
  }
  db.pragma(`application_id = ${applicationId}`);
  db.exec('CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT, WITHOUT ROWID');
}

function run(db: Database, migration: Migration): void {
  try {
    migration.up(db);
    db.prepare('INSERT INTO migrations (name, applied_at) VALUES (?, ?)').run(migration.name, Date.now());
  } catch (cause) {
    // A full disk or a damaged file has a sentence of its own.
    const refusal = asRefusal(cause, db.name);
    if (refusal instanceof DatabaseRefused) throw refusal;
    throw new DatabaseRefused('notMigrated', { name: migration.name }, { cause });
  }
}
