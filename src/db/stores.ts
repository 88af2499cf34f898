import type { Database } from 'better-sqlite3';
import type { AtOnce } from '../services/at-once.js';
import { SqliteAccountWords } from './account-word-store.js';
import { SqliteAudit } from './audit-store.js';
import { SqliteDenials } from './denial-store.js';
import { openDatabase, type OpenOptions } from './database.js';
import { createForgetMember } from './forget-member.js';
import { SqliteHistoryStore } from './history-store.js';
import { SqliteLanguages } from './language-store.js';
import { SqliteLinkNews } from './link-news-store.js';
import { SqliteLinkProofs } from './link-proof-store.js';
import { SqliteLinkStore } from './link-store.js';
import { SqliteLockoutCards } from './lockout-card-store.js';
import { SqliteLockouts } from './lockout-store.js';
import { migrations } from './migrations/index.js';
import { SqliteOwnerNotices } from './owner-notice-store.js';
import { SqliteRescueStore } from './rescue-store.js';
import { SqliteRequestStore } from './request-store.js';
import { SqliteSignInDays } from './sign-in-days.js';
import { SqliteStandingCards } from './standing-card-store.js';
import { SqlitePaced } from './paced-store.js';
import { SqliteTempPasswordWords } from './temp-password-word-store.js';
import { SqliteTempPasswordStore } from './temp-password-store.js';
import { SqliteWordPreferences } from './word-preference-store.js';

/** Latchkey's own database, one store for each table. */
export interface Stores {
  readonly db: Database;
  readonly atOnce: AtOnce;
  readonly links: SqliteLinkStore;
  readonly requests: SqliteRequestStore;
  readonly tempPasswords: SqliteTempPasswordStore;
  readonly tempPasswordWords: SqliteTempPasswordWords;
  readonly paced: SqlitePaced;
  readonly languages: SqliteLanguages;
  readonly audit: SqliteAudit;
  readonly rescues: SqliteRescueStore;
  readonly accountWords: SqliteAccountWords;
  readonly history: SqliteHistoryStore;
  readonly signInDays: SqliteSignInDays;
  readonly standingCards: SqliteStandingCards;
  readonly forgetMember: ReturnType<typeof createForgetMember>;
  readonly lockouts: SqliteLockouts;
  readonly lockoutCards: SqliteLockoutCards;
  readonly denials: SqliteDenials;
  readonly ownerNotices: SqliteOwnerNotices;
  readonly linkNews: SqliteLinkNews;
  readonly linkProofs: SqliteLinkProofs;
  readonly wordPreferences: SqliteWordPreferences;
}

/** Opens the database, brings it up to date, and prepares its stores. Throws DatabaseRefused. */
export function openStores(path: string, log: OpenOptions['log'], now: () => number): Stores {
  const db = openDatabase(path, { migrations, log });
  return {
    db,
    atOnce: (work) => db.transaction(work).immediate(),
    links: new SqliteLinkStore(db),
    requests: new SqliteRequestStore(db),
    tempPasswords: new SqliteTempPasswordStore(db),
    tempPasswordWords: new SqliteTempPasswordWords(db),
    paced: new SqlitePaced(db),
    languages: new SqliteLanguages(db),
    audit: new SqliteAudit(db, now),
    rescues: new SqliteRescueStore(db),
    accountWords: new SqliteAccountWords(db),
    history: new SqliteHistoryStore(db),
    signInDays: new SqliteSignInDays(db),
    standingCards: new SqliteStandingCards(db),
    forgetMember: createForgetMember(db),
    lockouts: new SqliteLockouts(db),
    lockoutCards: new SqliteLockoutCards(db),
    denials: new SqliteDenials(db),
    ownerNotices: new SqliteOwnerNotices(db),
    linkNews: new SqliteLinkNews(db),
    linkProofs: new SqliteLinkProofs(db),
    wordPreferences: new SqliteWordPreferences(db),
  };
}
