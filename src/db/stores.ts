import type { Database } from 'better-sqlite3';
import type { LinkStore } from '../services/accounts/link.js';
import type { Audit } from '../services/audit.js';
import type { HistoryStore, SignInDays } from '../services/history/history.js';
import type { DenialStore, LockoutCardStore, LockoutStore } from '../services/lockouts/lockout.js';
import type { Languages, MemberPreferences } from '../services/members/member-preferences.js';
import type { RescueStore } from '../services/rescue/rescue-run.js';
import type { StatusCardStore } from '../services/status-card/status-card.js';
import type { LinkNewsStore } from '../services/links/link-notices.js';
import type { LinkProofStore } from '../services/links/link-proofs.js';
import type { AccountNoticeStore } from '../services/notices/account-notices.js';
import type { NoticeStore } from '../services/notices/notice.js';
import type { TempPasswordStore } from '../services/passwords/temp-password.js';
import type { RateLimitStore } from '../services/requests/rate-limits.js';
import type { RequestStore } from '../services/requests/request.js';
import type { Transaction } from '../services/transaction.js';
import { createAccountNoticeStore } from './notices/account-notice-store.js';
import { openDatabase, type OpenOptions } from './database.js';
import { createForgetMember } from './members/forget-member.js';
import { createAudit, createHistoryStore, createSignInDays } from './history/history-store.js';
import { createLanguages, createMemberPreferences } from './members/member-preference-store.js';
import { createLinkNewsStore } from './links/link-news-store.js';
import { createLinkProofStore } from './links/link-proof-store.js';
import { createLinkStore } from './links/link-store.js';
import { createDenialStore, createLockoutCardStore, createLockoutStore } from './lockouts/lockout-store.js';
import { migrations } from './migrations/index.js';
import { createNoticeStore } from './notices/notice-store.js';
import { createRescueStore } from './rescue/rescue-store.js';
import { createRequestStore } from './requests/request-store.js';
import { createStatusCardStore } from './status-card/status-card-store.js';
import { createRateLimitStore } from './requests/rate-limit-store.js';
import { createTempPasswordStore } from './passwords/temp-password-store.js';

/** Latchkey's own database, one store for each table. */
export interface Stores {
  readonly db: Database;
  readonly transaction: Transaction;
  readonly links: LinkStore;
  readonly requests: RequestStore;
  readonly tempPasswords: TempPasswordStore;
  readonly rateLimits: RateLimitStore;
  readonly languages: Languages;
  readonly audit: Audit;
  readonly rescues: RescueStore;
  readonly accountNotices: AccountNoticeStore;
  readonly history: HistoryStore;
  readonly signInDays: SignInDays;
  readonly statusCards: StatusCardStore;
  readonly forgetMember: ReturnType<typeof createForgetMember>;
  readonly lockouts: LockoutStore;
  readonly lockoutCards: LockoutCardStore;
  readonly denials: DenialStore;
  readonly notices: NoticeStore;
  readonly linkNews: LinkNewsStore;
  readonly linkProofs: LinkProofStore;
  readonly memberPreferences: MemberPreferences;
}

/** Opens the database, brings it up to date, and prepares its stores. Throws DatabaseRefused. */
export function openStores(path: string, log: OpenOptions['log'], now: () => number): Stores {
  const db = openDatabase(path, { migrations, log });
  const notices = createNoticeStore(db);
  return {
    db,
    transaction: (work) => db.transaction(work).immediate(),
    links: createLinkStore(db),
    requests: createRequestStore(db, notices),
    tempPasswords: createTempPasswordStore(db),
    rateLimits: createRateLimitStore(db),
    languages: createLanguages(db),
    audit: createAudit(db, now),
    rescues: createRescueStore(db),
    accountNotices: createAccountNoticeStore(db),
    history: createHistoryStore(db),
    signInDays: createSignInDays(db),
    statusCards: createStatusCardStore(db),
    forgetMember: createForgetMember(db),
    lockouts: createLockoutStore(db),
    lockoutCards: createLockoutCardStore(db),
    denials: createDenialStore(db),
    notices,
    linkNews: createLinkNewsStore(db),
    linkProofs: createLinkProofStore(db),
    memberPreferences: createMemberPreferences(db),
  };
}
