import type { Log } from '../services/log.js';
import { createPasswordLog } from './accounts/password-log-store.js';
import { openDatabase } from './database.js';
import { createAudit, createHistoryStore, createSignInDays } from './history/history-store.js';
import { createLinkNewsStore } from './links/link-news-store.js';
import { createLinkProofStore } from './links/link-proof-store.js';
import { createLinkStore } from './links/link-store.js';
import { createDenialStore, createLockoutCardStore, createLockoutStore } from './lockouts/lockout-store.js';
import { createForgetMember } from './members/forget-member.js';
import { createLanguages, createMemberNames, createMemberPreferences } from './members/member-preference-store.js';
import { migrations } from './migrations/index.js';
import { createAccountNoticeStore } from './notices/account-notice-store.js';
import { createNoticeStore } from './notices/notice-store.js';
import { createPassStore } from './passes/pass-store.js';
import { createTempPasswordStore } from './passwords/temp-password-store.js';
import { transactionOn } from './rows.js';
import { createRateLimitStore } from './requests/rate-limit-store.js';
import { createOutageStore } from './outages/outage-store.js';
import { createRequestStore } from './requests/request-store.js';
import { createRescueStore } from './rescue/rescue-store.js';
import { createDeviceSignInStore } from './sign-in/device-sign-in-store.js';
import { createStatusCardStore } from './status-card/status-card-store.js';

/** Latchkey's own database, one store for each table. */
export type Stores = ReturnType<typeof openStores>;

/** Opens the database, brings it up to date, and prepares its stores. Throws DatabaseRefused. */
export function openStores(path: string, log: Pick<Log, 'info' | 'warn'>, now: () => number) {
  const db = openDatabase(path, migrations, log);
  const transaction = transactionOn(db);
  const notices = createNoticeStore(db);
  return {
    /** When this database was made. */
    madeAt: db.prepare<[], number>('SELECT min(applied_at) FROM migrations').pluck().get() ?? 0,
    db,
    transaction,
    links: createLinkStore(db),
    requests: createRequestStore(db, notices, transaction),
    passes: createPassStore(db),
    tempPasswords: createTempPasswordStore(db),
    rateLimits: createRateLimitStore(db),
    languages: createLanguages(db),
    audit: createAudit(db, now),
    rescues: createRescueStore(db),
    accountNotices: createAccountNoticeStore(db),
    history: createHistoryStore(db),
    signInDays: createSignInDays(db),
    statusCards: createStatusCardStore(db),
    outages: createOutageStore(db),
    forgetMember: createForgetMember(db),
    lockouts: createLockoutStore(db),
    lockoutCards: createLockoutCardStore(db),
    denials: createDenialStore(db),
    notices,
    linkNews: createLinkNewsStore(db),
    linkProofs: createLinkProofStore(db),
    deviceSignIns: createDeviceSignInStore(db),
    passwordLog: createPasswordLog(db),
    memberPreferences: createMemberPreferences(db),
    memberNames: createMemberNames(db),
  };
}
