import type { AccountDirectory } from '../accounts/account-directory.js';
import type { AccountNoticeStore, AccountNotices } from '../notices/account-notices.js';
import type { Transaction } from '../transaction.js';
import type { Audit } from '../audit.js';
import type { DenialStore, LockoutCardStore, LockoutStore } from './lockout.js';
import { Denials } from './lockout-denials.js';
import type { SignInDays } from '../history/history-store.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { LinkStore } from '../accounts/link.js';
import { LockoutCards } from './lockout-cards.js';
import { LockoutOwners } from './lockout-notices.js';
import type { LockoutMessages } from './lockout-messages.js';
import { Lockouts } from './lockout-watch.js';
import type { Log } from '../log.js';
import { ActivityLogReader } from './activity-log-reader.js';
import type { Members } from '../members/member-lookup-port.js';
import type { Messenger } from '../notices/messenger-port.js';
import { NotMe } from './not-me.js';
import type { Permissions } from '../accounts/permissions.js';
import type { PinWatch } from '../pins/pin-watch.js';
import type { Devices, ServerLog } from '../accounts/activity-log-port.js';
import type { SelfUnlocks } from '../requests/self-unlocks.js';
import { SignOuts } from './sign-outs.js';
import type { MemberPreferences } from '../members/member-preferences.js';

export interface LockoutPorts {
  readonly stores: {
    readonly transaction: Transaction;
    readonly lockouts: LockoutStore;
    readonly lockoutCards: LockoutCardStore;
    readonly denials: DenialStore;
    readonly accountWords: AccountNoticeStore;
    readonly links: LinkStore;
    readonly memberPreferences: MemberPreferences;
    readonly signInDays: SignInDays;
  };
  readonly watch: { readonly log: ServerLog; readonly devices: Devices };
  readonly lockoutMessages: LockoutMessages;
  readonly messenger: Messenger;
  readonly members: Members;
  readonly log: Log;
  readonly now: () => number;
}

export interface LockoutDeps {
  readonly jellyfin: Pick<Jellyfin, 'getAccount'>;
  readonly accounts: AccountDirectory;
  readonly permissions: Permissions;
  readonly words: AccountNotices;
  readonly pins: PinWatch | undefined;
  readonly selfUnlocks: SelfUnlocks;
  readonly audit: Audit;
  readonly adminChannelId: string;
}

/** Everything about lockouts, built on its ports. */
export function createLockouts(ports: LockoutPorts, deps: LockoutDeps) {
  const { stores, watch, lockoutMessages: messages, messenger, log, now } = ports;
  const { jellyfin, accounts, permissions, words, pins, selfUnlocks, audit, adminChannelId } = deps;
  const owners = new LockoutOwners({
    store: stores.lockouts,
    wordStore: stores.accountWords,
    links: stores.links,
    members: ports.members,
    preferences: stores.memberPreferences,
    words,
    selfUnlocks,
    messenger,
    messages,
    log,
  });
  const denials = new Denials({
    store: stores.denials,
    lockouts: stores.lockouts,
    serverLog: watch.log,
    devices: watch.devices,
    accounts,
    messenger,
    messages,
    audit,
    adminChannelId,
    log,
    now,
  });
  const cards = new LockoutCards(stores.lockoutCards, messenger, messages, adminChannelId, log, now);
  const lockouts = new Lockouts({
    store: stores.lockouts,
    follower: new ActivityLogReader(watch.log),
    days: stores.signInDays,
    jellyfin,
    accounts,
    // The card says whether the owner knows.
    tellers: [owners, cards, denials],
    transaction: stores.transaction,
    audit,
    log,
    now,
  });
  return {
    lockouts,
    notMe: new NotMe(stores.accountWords, stores.links, denials, pins),
    signOuts: new SignOuts(jellyfin, watch.devices, permissions, stores.denials, denials, audit, now),
  };
}
