import { AppError, ignoreAppError } from '../../errors.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { dayMs } from '../../time.js';
import type { LogEntry } from '../accounts/activity-log.js';
import { devicesOf } from '../accounts/device.js';
import { calmly } from '../log.js';
import type { Actor } from '../members/actor.js';
import { type AccountNotice, type AccountNoticeKind, isStillTheirs } from '../notices/account-notices.js';
import { isNameOnly } from '../notices/admin-channel.js';
import { messageKey } from '../notices/kept-message.js';
import type { Message } from '../notices/messenger-port.js';
import { triesFor } from './failed-sign-ins.js';
import type { Denial, Lockout, LockoutDeps, SignInFacts } from './lockout.js';
import { lockoutOf } from './lockout-notices.js';

/** How many of the log's newest entries are read. */
const mostEntries = 1000;

/** The button that stands on the message about one denial and on no other message. */
export const signOutButtonId = (accountId: string, denialId: number) => `status:sign-out:${accountId}:${denialId}`;
/** That for an administrator's account, where helpers would be refused. */
export const denialDetailsId = (accountId: string, denialId: number) => `status:denial:${accountId}:${denialId}`;

/** Tells the admins when an owner says that somebody else locked their account, with the facts that the server has. */
export class Denials {
  readonly #locks = new KeyedMutex<number>();

  constructor(private readonly deps: LockoutDeps) {}

  /**
   * Tells the admins, once for each lockout and owner; where Discord is in trouble, a later round does. Throws `requestGone`.
   */
  async deny(notice: AccountNotice): Promise<void> {
    const { denials, lockouts, audit } = this.deps.stores;
    const lockout = lockouts.byId(lockoutOf(notice));
    if (!lockout) throw new AppError('requestGone');
    const { accountId, accountName, id: lockoutId } = lockout;
    const memberId = notice.recipientId;
    const denial = denials.begin({ memberId, accountId, accountName, lockoutId, at: this.deps.now() });
    if (!denial) return;
    audit.record({ actorId: memberId, act: 'lockout', outcome: 'not me', accountId, accountName, memberId });
    await this.#show(denial, false);
  }

  /** Brings messages about denials up to date. Never throws. */
  async round(): Promise<void> {
    for (const denial of this.deps.stores.denials.stale()) await this.#show(denial, true);
  }

  #show({ id }: Denial, mayBeSent: boolean): Promise<void> {
    return this.#locks.run(id, async () => {
      // The call that held the lock before has shown it already.
      const denial = this.deps.stores.denials.stale().find((each) => each.id === id);
      if (!denial) return;
      const put = () => this.#put(denial, mayBeSent);
      await calmly(this.deps.log, { denial: id }, 'the admins could not be told of a denial yet', put);
    });
  }

  async #put(denial: Denial, mayBeSent: boolean): Promise<void> {
    const { stores, kept, lockoutMessages: messages, adminChannel, config } = this.deps;
    const { id, accountId, at: since, version } = denial;
    const lockout = stores.lockouts.byId(denial.lockoutId);
    // It may have become one since.
    const adminAccount = lockout?.adminAccount === true || this.deps.ownership.wasAdministrators(accountId);
    const isHidden = lockout && isNameOnly({ adminAccount }, config.discord);
    const facts = isHidden ? 'hidden' : lockout && (await this.#facts(lockout).catch(ignoreAppError));
    // The message stands already, and there is nothing to add.
    if (denial.message && !facts) return;
    const put = await kept.put({
      policy: 'denialCard',
      at: denial.message,
      channelId: adminChannel.id,
      key: messageKey('lockoutDenial', { id, since }),
      findBy: mayBeSent ? [signOutButtonId(accountId, id), denialDetailsId(accountId, id)] : [],
      message: messages.denied(denial, facts),
    });
    if (put.at) stores.denials.placed(id, put.at);
    // The facts that are missing now are added when the server answers again.
    if (facts && put.state === 'shown') stores.denials.shown(id, version);
  }

  /** What the server knows of the sign-ins that a denial is about, hidden from all but admins; undefined while it does not answer. */
  async facts(denialId: number, actor: Actor): Promise<SignInFacts | 'hidden' | undefined> {
    if (actor.rank !== 'admin') return 'hidden';
    const { denials, lockouts } = this.deps.stores;
    const lockout = lockouts.byId(denials.byId(denialId)?.lockoutId ?? 0);
    return lockout && this.#facts(lockout).catch(ignoreAppError);
  }

  async #facts({ accountId, accountName, lockedAt, tries }: Lockout): Promise<SignInFacts> {
    const { watch, accounts } = this.deps;
    const entries = await watch.log.page({ since: lockedAt - dayMs, startIndex: 0, limit: mostEntries });
    const failed = entries
      .filter(({ kind }) => kind === 'failed')
      .map(({ at, address, text }) => ({ at, address, text }));
    const own = await triesFor(accountName, failed, accounts);
    const isSignIn = ({ kind, accountId: id }: LogEntry) => kind === 'signedIn' && id === accountId;
    return {
      tries: own.tries.length > 0 ? own.tries : tries,
      signIns: entries.filter(isSignIn).map(({ at, address }) => ({ at, address })),
      devices: await devicesOf(watch.devices, accountId),
    };
  }
}

/** What somebody has said that it was not them. */
interface Denied {
  readonly accountName: string;
  /** Whether the account is known to be locked still. */
  readonly isLocked: boolean;
  /** Whether the admins could be told, by what the message was about. */
  readonly told: ReadonlyMap<AccountNoticeKind, boolean>;
  /** What stands there of a PIN that is good still, or the account's password by now. */
  readonly pin: Message | undefined;
}

/** Handles *It wasn't me* on a message about wrong passwords, a PIN, or both. */
export class NotMe {
  constructor(
    private readonly deps: LockoutDeps,
    private readonly denials: Denials,
  ) {}

  /**
   * Tells the admins. Returns what the message was about, and for each whether the admins could be told.
   * Throws `requestGone`, `requestNotYours`, `accountNotYours` or `cardOutdated`.
   */
  async press(noticeId: number, actor: Actor): Promise<Denied> {
    const { stores, ownership, notices, pins, adminChannel } = this.deps;
    const notice = stores.accountNotices.byId(noticeId);
    if (!notice) throw new AppError('requestGone');
    if (notice.recipientId !== actor.id) throw new AppError('requestNotYours');
    if (!isStillTheirs(ownership, notice)) throw new AppError('accountNotYours');
    const beside = notices.beside(notice);
    const told = new Map<AccountNoticeKind, boolean>();
    let pin: Message | undefined;
    for (const each of [notice, ...beside]) {
      if (each.kind === 'lockout') {
        await this.denials.deny(each);
        told.set('lockout', adminChannel.reaches({ helpersToo: true }));
      } else if (pins) {
        told.set(each.kind, await pins.notMe(each));
        if (beside.length > 0) pin = await notices.drawn(each);
      } else throw new AppError('cardOutdated');
    }
    const isLocked = stores.lockouts.locked().some(({ accountId }) => accountId === notice.accountKey);
    return { accountName: notice.accountName, isLocked, told, pin };
  }
}
