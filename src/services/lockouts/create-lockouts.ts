import type { AccountDirectory } from '../accounts/account-directory.js';
import type { Devices, ServerLog, ActivityLogReader } from '../accounts/activity-log.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { LinkStore } from '../accounts/link.js';
import type { Permissions } from '../accounts/permissions.js';
import type { Audit } from '../audit.js';
import type { SignInDays } from '../history/history.js';
import type { Log } from '../log.js';
import type { MemberPreferences } from '../members/member-preferences.js';
import type { Members } from '../members/member-lookup-port.js';
import type { AccountNoticeStore, AccountNotices } from '../notices/account-notices.js';
import type { KeptMessages } from '../notices/kept-message.js';
import type { Messenger } from '../notices/messenger-port.js';
import type { PinWatch } from '../pins/pin-watch.js';
import type { Unlocks } from '../unlocks/unlocks.js';
import type { Transaction } from '../transaction.js';
import type { DenialStore, LockoutCardStore, LockoutMessages, LockoutStore } from './lockout.js';
import { LockoutCards, LockoutNotices } from './lockout-notices.js';
import { Lockouts } from './lockout-watch.js';
import { Denials, NotMe, SignOuts } from './not-me.js';

export interface LockoutPorts {
  readonly stores: {
    readonly transaction: Transaction;
    readonly lockouts: LockoutStore;
    readonly lockoutCards: LockoutCardStore;
    readonly denials: DenialStore;
    readonly accountNotices: AccountNoticeStore;
    readonly links: LinkStore;
    readonly memberPreferences: MemberPreferences;
    readonly signInDays: SignInDays;
    readonly audit: Audit;
  };
  readonly watch: { readonly log: ServerLog; readonly devices: Devices };
  readonly lockoutMessages: LockoutMessages;
  readonly messenger: Messenger;
  readonly members: Members;
  readonly config: { readonly discord: { readonly adminChannelId: string } };
  readonly log: Log;
  readonly now: () => number;
}

/** The services that lockouts stand on. */
export interface LockoutDeps {
  readonly jellyfin: Pick<Jellyfin, 'getAccount'>;
  readonly accounts: AccountDirectory;
  readonly logReader: ActivityLogReader;
  readonly permissions: Permissions;
  readonly notices: AccountNotices;
  readonly kept: KeptMessages;
  readonly pins: PinWatch | undefined;
  readonly unlocks: Unlocks;
}

/** Builds everything about lockouts on its ports and on the services that it needs. */
export function createLockouts(ports: LockoutPorts, earlier: LockoutDeps) {
  const { stores, watch, lockoutMessages: messages, messenger, members, log, now } = ports;
  const { jellyfin, accounts, logReader, permissions, notices, kept, pins, unlocks } = earlier;
  const { lockouts: store, accountNotices: noticeStore, links, memberPreferences: preferences, audit } = stores;
  const { adminChannelId } = ports.config.discord;
  const owners = new LockoutNotices({
    store,
    notices,
    noticeStore,
    links,
    members,
    preferences,
    unlocks,
    messenger,
    messages,
    log,
  });
  const cards = new LockoutCards({ store: stores.lockoutCards, kept, messages, adminChannelId, log, now });
  const denials = new Denials({
    store: stores.denials,
    lockouts: store,
    serverLog: watch.log,
    devices: watch.devices,
    accounts,
    kept,
    messages,
    audit,
    adminChannelId,
    log,
    now,
  });
  const lockouts = new Lockouts({
    store,
    serverLog: watch.log,
    logReader,
    days: stores.signInDays,
    jellyfin,
    accounts,
    // Owners before cards: a card says whether the owner was told.
    tellers: [owners, cards, denials],
    transaction: stores.transaction,
    audit,
    log,
    now,
  });
  return {
    lockouts,
    notMe: new NotMe({ store: noticeStore, links, denials, pins }),
    signOuts: new SignOuts({
      jellyfin,
      devices: watch.devices,
      permissions,
      store: stores.denials,
      denials,
      audit,
      now,
    }),
  };
}
