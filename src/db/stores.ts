import type { Database } from 'better-sqlite3';
import { SqliteAccountWords } from './account-word-store.js';
import { SqliteAudit } from './audit-store.js';
import { openDatabase, type OpenOptions } from './database.js';
import { SqliteLanguages } from './language-store.js';
import { SqliteLinkStore } from './link-store.js';
import { migrations } from './migrations/index.js';
import { SqliteRescueStore } from './rescue-store.js';
import { SqliteRequestStore } from './request-store.js';
import { SqlitePaced } from './paced-store.js';
import { SqliteTempPasswordWords } from './temp-password-word-store.js';
import { SqliteTempPasswordStore } from './temp-password-store.js';

/** Latchkey's own database, one store for each table. */
export interface Stores {
  readonly db: Database;
  readonly links: SqliteLinkStore;
  readonly requests: SqliteRequestStore;
  readonly tempPasswords: SqliteTempPasswordStore;
  readonly tempPasswordWords: SqliteTempPasswordWords;
  readonly paced: SqlitePaced;
  readonly languages: SqliteLanguages;
  readonly audit: SqliteAudit;
  readonly rescues: SqliteRescueStore;
  readonly accountWords: SqliteAccountWords;
}

/** Opens the database, brings it up to date, and prepares its stores. Throws DatabaseRefused. */
export function openStores(path: string, log: OpenOptions['log'], now: () => number): Stores {
  const db = openDatabase(path, { migrations, log });
  return {
    db,
    links: new SqliteLinkStore(db),
    requests: new SqliteRequestStore(db),
    tempPasswords: new SqliteTempPasswordStore(db),
    tempPasswordWords: new SqliteTempPasswordWords(db),
    paced: new SqlitePaced(db),
    languages: new SqliteLanguages(db),
    audit: new SqliteAudit(db, now),
    rescues: new SqliteRescueStore(db),
    accountWords: new SqliteAccountWords(db),
  };
}
