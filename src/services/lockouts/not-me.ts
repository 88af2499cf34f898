import { AppError } from '../../errors.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { dayMs } from '../../time.js';
import type { Account } from '../accounts/account.js';
import type { Device, Devices, LogEntry, ServerLog } from '../accounts/activity-log.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { LinkStore } from '../accounts/link.js';
import type { Permissions } from '../accounts/permissions.js';
import type { Audit } from '../audit.js';
import type { Log } from '../log.js';
import type { Actor } from '../members/actor.js';
import {
  type AccountNotice,
  type AccountNoticeKind,
  type AccountNoticeStore,
  isStillTheirs,
} from '../notices/account-notices.js';
import { type KeptMessages, messageKey } from '../notices/kept-message.js';
import type { PinWatch } from '../pins/pin-watch.js';
import { triesFor } from './failed-sign-ins.js';
import type { Denial, DenialStore, Lockout, LockoutMessages, LockoutStore, SignInFacts } from './lockout.js';
import { lockoutOf } from './lockout-notices.js';

/** How many of the log's newest entries are read. */
const mostEntries = 1000;

/** The button that stands on the message about one denial and on no other message. */
export const signOutButtonId = (accountId: string, denialId: number) => `status:sign-out:${accountId}:${denialId}`;

export interface DenialsDeps {
  readonly store: DenialStore;
  readonly lockouts: Pick<LockoutStore, 'byId'>;
  readonly serverLog: ServerLog;
  readonly devices: Pick<Devices, 'list'>;
  readonly accounts: { list(): Promise<readonly Account[]> };
  readonly kept: KeptMessages;
  readonly messages: LockoutMessages;
  readonly audit: Audit;
  readonly adminChannelId: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Tells the admins when an owner says that somebody else locked their account, with the facts that the server has. */
export class Denials {
  readonly #locks = new KeyedMutex<number>();

  constructor(private readonly deps: DenialsDeps) {}

  /**
   * Tells the admins, once for each lockout and owner; where Discord is in trouble, a later round does. Throws `requestGone`.
   */
  async deny(notice: AccountNotice): Promise<void> {
    const { store, lockouts, audit, now } = this.deps;
    const lockout = lockouts.byId(lockoutOf(notice));
    if (!lockout) throw new AppError('requestGone');
    const { accountId, accountName, id: lockoutId } = lockout;
    const memberId = notice.recipientId;
    const denial = store.begin({ memberId, accountId, accountName, lockoutId, at: now() });
    if (!denial) return;
    audit.record({ actorId: memberId, act: 'lockout', outcome: 'not me', accountId, accountName, memberId });
    await this.#show(denial, false);
  }

  /** Brings messages about denials up to date. Never throws. */
  async round(): Promise<void> {
    for (const denial of this.deps.store.stale()) await this.#show(denial, true);
  }

  #show({ id }: Denial, mayBeSent: boolean): Promise<void> {
    return this.#locks.run(id, async () => {
      // The call that held the lock before has shown it already.
      const denial = this.deps.store.stale().find((each) => each.id === id);
      if (!denial) return;
      try {
        await this.#put(denial, mayBeSent);
      } catch (err) {
        this.deps.log.warn({ err, denial: id }, 'the admins could not be told of a denial yet');
      }
    });
  }

  async #put(denial: Denial, mayBeSent: boolean): Promise<void> {
    const { store, lockouts, kept, messages, adminChannelId } = this.deps;
    const { id, accountId, at: since, version } = denial;
    const lockout = lockouts.byId(denial.lockoutId);
    const facts = lockout && (await this.#facts(lockout));
    // The message stands already, and there is nothing to add.
    if (denial.message && !facts) return;
    await kept.put({
      policy: 'denialCard',
      at: denial.message,
      channelId: adminChannelId,
      key: messageKey('lockoutDenial', { id, since }),
      findBy: mayBeSent ? [signOutButtonId(accountId, id)] : [],
      message: messages.denied(denial, facts),
      shown: (message) => {
        if (message) store.placed(id, message);
        // The facts that are missing now are added when the server answers again.
        if (facts) store.shown(id, version);
      },
    });
  }

  /** Reads the facts; undefined while the server does not answer. */
  async #facts({ accountId, accountName, lockedAt, tries }: Lockout): Promise<SignInFacts | undefined> {
    const { serverLog, devices, accounts } = this.deps;
    try {
      const entries = await serverLog.page({ since: lockedAt - dayMs, startIndex: 0, limit: mostEntries });
      const failed = entries
        .filter(({ kind }) => kind === 'failed')
        .map(({ at, address, text }) => ({ at, address, text }));
      const names = async () => (await accounts.list()).map(({ name }) => name);
      const own = await triesFor(accountName, failed, names);
      return {
        tries: own.isSure && own.tries.length > 0 ? own.tries : tries,
        signIns: entries.filter(isSignInOf(accountId)).map(({ at, address }) => ({ at, address })),
        devices: (await devices.list()).filter((device) => device.accountId === accountId),
      };
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }
}

function isSignInOf(id: string) {
  return ({ kind, accountId }: LogEntry) => kind === 'signedIn' && accountId === id;
}

export interface NotMeDeps {
  readonly store: Pick<AccountNoticeStore, 'byId' | 'at'>;
  readonly links: Pick<LinkStore, 'ofMember'>;
  readonly denials: Pick<Denials, 'deny'>;
  /** Undefined where the server's folder cannot be watched for PINs. */
  readonly pins: Pick<PinWatch, 'notMe'> | undefined;
}

/** Handles *It wasn't me* on a message about wrong passwords, a PIN, or both. */
export class NotMe {
  constructor(private readonly deps: NotMeDeps) {}

  /**
   * Tells the admins. Returns what the message was about, and whether the admins could be told.
   * Throws `requestGone`, `requestNotYours`, `accountNotYours` or `cardOutdated`.
   */
  async press(noticeId: number, actor: Actor): Promise<ReadonlyMap<AccountNoticeKind, boolean>> {
    const { store, links, denials, pins } = this.deps;
    const notice = store.byId(noticeId);
    if (!notice) throw new AppError('requestGone');
    if (notice.recipientId !== actor.id) throw new AppError('requestNotYours');
    if (!isStillTheirs(links, notice)) throw new AppError('accountNotYours');
    const beside = notice.message
      ? store.at(notice.message).filter(({ id, isOver }) => id !== noticeId && !isOver)
      : [];
    const told = new Map<AccountNoticeKind, boolean>();
    for (const each of [notice, ...beside]) {
      if (each.kind === 'lockout') {
        await denials.deny(each);
        told.set('lockout', true);
      } else if (pins) told.set(each.kind, await pins.notMe(each.id, actor));
      else throw new AppError('cardOutdated');
    }
    return told;
  }
}

/** The devices on which an account would be signed out. */
export interface SignOutPreview {
  readonly account: Account;
  readonly devices: readonly Device[];
  /** The devices on which other accounts are signed in as well, which would be signed out, too. */
  readonly shared: readonly Device[];
}

export interface SignOutsDeps {
  readonly jellyfin: Pick<Jellyfin, 'getAccount'>;
  readonly devices: Devices;
  readonly permissions: Permissions;
  readonly store: Pick<DenialStore, 'signedOut'>;
  /** Updates the messages that offered to sign out. */
  readonly denials: Pick<Denials, 'round'>;
  readonly audit: Audit;
  readonly now: () => number;
}

/** Signs an account out on all its devices, for those who may change it. */
export class SignOuts {
  constructor(private readonly deps: SignOutsDeps) {}

  /** Lists the devices, and changes nothing. Throws `notAllowed`, `adminAccount` or a Jellyfin code. */
  async preview(actor: Actor, accountId: string): Promise<SignOutPreview> {
    const { jellyfin, permissions, devices } = this.deps;
    const account = await jellyfin.getAccount(accountId);
    await permissions.assertMayChange(actor, account);
    return { account, ...devicesOf(account.id, await devices.list()) };
  }

  /** Signs the account out and reads that back. Throws as `preview` does, or `jellyfinNotApplied`. */
  async everywhere(actor: Actor, accountId: string): Promise<SignOutPreview> {
    const { store, denials, now } = this.deps;
    const before = await this.preview(actor, accountId);
    const { account, devices } = before;
    this.#record(actor, account, 'begun');
    for (const id of new Set(devices.map((device) => device.id))) await this.deps.devices.signOut(id);
    const left = devicesOf(account.id, await this.deps.devices.list()).devices;
    // A device that was not there before has just signed in, with the right password: it does not count.
    if (left.some(({ id }) => devices.some((device) => device.id === id))) throw new AppError('jellyfinNotApplied');
    store.signedOut(account.id, actor.id, now());
    this.#record(actor, account, 'done');
    await denials.round();
    return before;
  }

  #record(actor: Actor, { id: accountId, name: accountName }: Account, outcome: 'begun' | 'done'): void {
    this.deps.audit.record({ actorId: actor.id, act: 'sign out', outcome, accountId, accountName });
  }
}

function devicesOf(accountId: string, all: readonly Device[]): Pick<SignOutPreview, 'devices' | 'shared'> {
  const devices = all.filter((device) => device.accountId === accountId);
  const shared = devices.filter(({ id }) => all.some((other) => other.id === id && other.accountId !== accountId));
  return { devices, shared };
}
