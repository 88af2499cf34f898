import type { Database } from 'better-sqlite3';
import type { Transaction } from '../services/transaction.js';
import { SqliteAccountNotices } from './notices/account-notice-store.js';
import { openDatabase, type OpenOptions } from './database.js';
import { createForgetMember } from './members/forget-member.js';
import { SqliteAudit, SqliteHistoryStore, SqliteSignInDays } from './history/history-store.js';
import { SqliteLanguages, SqliteMemberPreferences } from './members/member-preference-store.js';
import { SqliteLinkNews } from './links/link-news-store.js';
import { SqliteLinkProofs } from './links/link-proof-store.js';
import { SqliteLinkStore } from './links/link-store.js';
import { SqliteDenials, SqliteLockoutCards, SqliteLockouts } from './lockouts/lockout-store.js';
import { migrations } from './migrations/index.js';
import { SqliteNotices } from './notices/notice-store.js';
import { SqliteRescueStore } from './rescue/rescue-store.js';
import { SqliteRequestStore } from './requests/request-store.js';
import { SqliteStatusCards } from './status-card/status-card-store.js';
import { SqliteRateLimits } from './requests/rate-limit-store.js';
import { SqliteTempPasswordStore } from './passwords/temp-password-store.js';

/** Latchkey's own database, one store for each table. */
export interface Stores {
  readonly db: Database;
  readonly transaction: Transaction;
  readonly links: SqliteLinkStore;
  readonly requests: SqliteRequestStore;
  readonly tempPasswords: SqliteTempPasswordStore;
  readonly rateLimits: SqliteRateLimits;
  readonly languages: SqliteLanguages;
  readonly audit: SqliteAudit;
  readonly rescues: SqliteRescueStore;
  readonly accountNotices: SqliteAccountNotices;
  readonly history: SqliteHistoryStore;
  readonly signInDays: SqliteSignInDays;
  readonly statusCards: SqliteStatusCards;
  readonly forgetMember: ReturnType<typeof createForgetMember>;
  readonly lockouts: SqliteLockouts;
  readonly lockoutCards: SqliteLockoutCards;
  readonly denials: SqliteDenials;
  readonly notices: SqliteNotices;
  readonly linkNews: SqliteLinkNews;
  readonly linkProofs: SqliteLinkProofs;
  readonly memberPreferences: SqliteMemberPreferences;
}

/** Opens the database, brings it up to date, and prepares its stores. Throws DatabaseRefused. */
export function openStores(path: string, log: OpenOptions['log'], now: () => number): Stores {
  const db = openDatabase(path, { migrations, log });
  const notices = new SqliteNotices(db);
  return {
    db,
    transaction: (work) => db.transaction(work).immediate(),
    links: new SqliteLinkStore(db),
    requests: new SqliteRequestStore(db, notices),
    tempPasswords: new SqliteTempPasswordStore(db),
    rateLimits: new SqliteRateLimits(db),
    languages: new SqliteLanguages(db),
    audit: new SqliteAudit(db, now),
    rescues: new SqliteRescueStore(db),
    accountNotices: new SqliteAccountNotices(db),
    history: new SqliteHistoryStore(db),
    signInDays: new SqliteSignInDays(db),
    statusCards: new SqliteStatusCards(db),
    forgetMember: createForgetMember(db),
    lockouts: new SqliteLockouts(db),
    lockoutCards: new SqliteLockoutCards(db),
    denials: new SqliteDenials(db),
    notices,
    linkNews: new SqliteLinkNews(db),
    linkProofs: new SqliteLinkProofs(db),
    memberPreferences: new SqliteMemberPreferences(db),
  };
}
