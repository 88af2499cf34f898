import type { Database } from 'better-sqlite3';
import type { LinkStore } from '../services/accounts/link.js';
import type { Audit } from '../services/audit.js';
import type { HistoryStore, SignInDays } from '../services/history/history.js';
import type { DenialStore, LockoutCardStore, LockoutStore } from '../services/lockouts/lockout.js';
import type { Languages, MemberPreferences } from '../services/members/member-preferences.js';
import type { RescueStore } from '../services/rescue/rescue-run.js';
import type { StatusCardStore } from '../services/status-card/status-card.js';
import type { Transaction } from '../services/transaction.js';
import { SqliteAccountNotices } from './notices/account-notice-store.js';
import { openDatabase, type OpenOptions } from './database.js';
import { createForgetMember } from './members/forget-member.js';
import { createAudit, createHistoryStore, createSignInDays } from './history/history-store.js';
import { createLanguages, createMemberPreferences } from './members/member-preference-store.js';
import { SqliteLinkNews } from './links/link-news-store.js';
import { SqliteLinkProofs } from './links/link-proof-store.js';
import { createLinkStore } from './links/link-store.js';
import { createDenialStore, createLockoutCardStore, createLockoutStore } from './lockouts/lockout-store.js';
import { migrations } from './migrations/index.js';
import { SqliteNotices } from './notices/notice-store.js';
import { createRescueStore } from './rescue/rescue-store.js';
import { SqliteRequestStore } from './requests/request-store.js';
import { createStatusCardStore } from './status-card/status-card-store.js';
import { SqliteRateLimits } from './requests/rate-limit-store.js';
import { SqliteTempPasswordStore } from './passwords/temp-password-store.js';

/** Latchkey's own database, one store for each table. */
export interface Stores {
  readonly db: Database;
  readonly transaction: Transaction;
  readonly links: LinkStore;
  readonly requests: SqliteRequestStore;
  readonly tempPasswords: SqliteTempPasswordStore;
  readonly rateLimits: SqliteRateLimits;
  readonly languages: Languages;
  readonly audit: Audit;
  readonly rescues: RescueStore;
  readonly accountNotices: SqliteAccountNotices;
  readonly history: HistoryStore;
  readonly signInDays: SignInDays;
  readonly statusCards: StatusCardStore;
  readonly forgetMember: ReturnType<typeof createForgetMember>;
  readonly lockouts: LockoutStore;
  readonly lockoutCards: LockoutCardStore;
  readonly denials: DenialStore;
  readonly notices: SqliteNotices;
  readonly linkNews: SqliteLinkNews;
  readonly linkProofs: SqliteLinkProofs;
  readonly memberPreferences: MemberPreferences;
}

/** Opens the database, brings it up to date, and prepares its stores. Throws DatabaseRefused. */
export function openStores(path: string, log: OpenOptions['log'], now: () => number): Stores {
  const db = openDatabase(path, { migrations, log });
  const notices = new SqliteNotices(db);
  return {
    db,
    transaction: (work) => db.transaction(work).immediate(),
    links: createLinkStore(db),
    requests: new SqliteRequestStore(db, notices),
    tempPasswords: new SqliteTempPasswordStore(db),
    rateLimits: new SqliteRateLimits(db),
    languages: createLanguages(db),
    audit: createAudit(db, now),
    rescues: createRescueStore(db),
    accountNotices: new SqliteAccountNotices(db),
    history: createHistoryStore(db),
    signInDays: createSignInDays(db),
    statusCards: createStatusCardStore(db),
    forgetMember: createForgetMember(db),
    lockouts: createLockoutStore(db),
    lockoutCards: createLockoutCardStore(db),
    denials: createDenialStore(db),
    notices,
    linkNews: new SqliteLinkNews(db),
    linkProofs: new SqliteLinkProofs(db),
    memberPreferences: createMemberPreferences(db),
  };
}
