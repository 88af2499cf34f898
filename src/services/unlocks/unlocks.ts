import { AppError } from '../../errors.js';
import type { ForAnswer } from '../../keyed-mutex.js';
import { assertOwnPassword, lockState, type Account } from '../accounts/account.js';
import type { UnlockResult } from '../accounts/jellyfin-port.js';
import { helps, type Actor } from '../members/actor.js';
import type { Engine } from '../requests/create-requests.js';
import { limits } from '../requests/rate-limits.js';
import type { Done, RequestKindActions } from '../requests/request-executor.js';
import { aboutAccount, type Asked, type Request, snapshotOf } from '../requests/request.js';

/**
 * How somebody's wish for an unlock was met: `at once` by a helper; `by oneself` by an owner, whose answer tells how it
 * went; `asked` of the helpers, with the limit where that alone is why; or there was nothing to unlock.
 */
export type Unlocked =
  | ({ readonly way: 'at once'; readonly isOwn: boolean } & UnlockResult)
  | ({ readonly way: 'by oneself'; readonly account: Account } & ForAnswer<Request>)
  | { readonly way: 'asked'; readonly asked: Asked; readonly limit?: SelfUnlockLimit | undefined }
  | { readonly way: 'not locked' };

/** An owner has unlocked the account `count` times by themselves, and can do so again at `at`, in seconds since 1970. */
interface SelfUnlockLimit {
  readonly at: number;
  readonly count: number;
}

export interface UnlockPorts {
  /** `allow`: owners may unlock their own account. */
  readonly config: { readonly selfUnlock: 'ask' | 'allow' };
}

/**
 * Unlocks: by helpers at once, by owners themselves where the household allows that, and on request. An owner's own
 * unlock is an ordinary request that they approve: it is carried on after a stop, and the admins see its card.
 */
export class Unlocks implements RequestKindActions {
  readonly changesAccount = true;

  constructor(private readonly deps: UnlockPorts & Engine) {}

  async execute(request: Request): Promise<Request> {
    const { jellyfin, executor } = this.deps;
    await jellyfin.unlock(request.accountId, executor.preWriteCheck(request));
    return executor.finish(request, 'due');
  }

  /** Ends what waits for the same unlock; the requests are to be published. */
  onDone({ accountId, decidedBy = 'latchkey' }: Done): Request[] {
    this.deps.events.emit('accountOpened', { accountId, actorId: decidedBy });
    return this.deps.endings.fulfil('unlock', accountId, decidedBy);
  }

  /** Somebody's rescue has opened an account, and its password stays: what waits for an unlock ends with it. */
  async openedByRescue(accountId: string, actorId: string): Promise<void> {
    const { stores, executor } = this.deps;
    await executor.publishAll(stores.transaction(() => this.onDone({ accountId, decidedBy: actorId })));
  }

  /**
   * Unlocks at once for helpers and up, and otherwise asks or lets the owner do it. Throws `accountNotYours`, `notAllowed`,
   * `adminAccount`, `disabledByAdmin`, `accountGone`, `tooManyRequests`, or a Jellyfin code.
   */
  async unlock(actor: Actor, accountId: string, channelId: string | undefined): Promise<Unlocked> {
    const result = helps(actor) ? await this.#atOnce(actor, accountId) : undefined;
    if (!result) return this.ask(actor, accountId, channelId);
    return { way: 'at once', ...result, isOwn: this.deps.ownership.has(actor.id, accountId) };
  }

  /** The same for somebody who wants to ask, whatever they may do. Throws as `unlock` does. */
  async ask(actor: Actor, accountId: string, channelId: string | undefined): Promise<Unlocked> {
    const { jellyfin, requests } = this.deps;
    const isOwn = this.deps.ownership.has(actor.id, accountId);
    const account = this.deps.config.selfUnlock === 'allow' && isOwn ? await jellyfin.getAccount(accountId) : undefined;
    if (account) {
      const state = lockState(account);
      if (state === 'disabled') throw new AppError('disabledByAdmin');
      if (state === 'open') assertOwnPassword(account);
      if (state === 'open') return { way: 'not locked' };
      const executed = await this.#byOneself(actor, account, channelId);
      if (executed) return { way: 'by oneself', account, ...executed };
    }
    try {
      const asked = await requests.ask('unlock', actor, accountId, channelId, account);
      return { way: 'asked', asked, limit: account && this.#limitOf(account) };
    } catch (error) {
      if (error instanceof AppError && error.code === 'notLocked') return { way: 'not locked' };
      throw error;
    }
  }

  /** Whether an owner could unlock this account by themselves at this moment. */
  mayOwnerUnlock(account: Account): boolean {
    const state = lockState(account);
    return (state === 'locked' || state === 'overLimit') && this.mayOwnerUnlockLocked(account);
  }

  /** The same for an account that is known to be locked. An administrator's takes an admin, whoever is linked to it. */
  mayOwnerUnlockLocked({ id, isAdministrator }: Pick<Account, 'id' | 'isAdministrator'>): boolean {
    const { config, rateLimits } = this.deps;
    return config.selfUnlock === 'allow' && !isAdministrator && rateLimits.againAt(id, 'self unlock') === undefined;
  }

  /** Undefined when the account is an administrator's own, linked to this person, and may only be asked for. */
  async #atOnce(actor: Actor, accountId: string): Promise<UnlockResult | undefined> {
    const { ownership, permissions, executor } = this.deps;
    try {
      return await executor.atOnce('unlock', actor, accountId, (account) =>
        permissions.assertMayChange(actor, account),
      );
    } catch (error) {
      const mayOnlyAsk = error instanceof AppError && error.code === 'adminAccount';
      if (mayOnlyAsk && ownership.has(actor.id, accountId)) return undefined;
      throw error;
    }
  }

  /** Undefined when the helpers must be asked. */
  async #byOneself(
    actor: Actor,
    account: Account,
    channelId: string | undefined,
  ): Promise<ForAnswer<Request> | undefined> {
    if (account.isAdministrator || this.#limitOf(account)) return undefined;
    const request = this.#approved(actor, account, channelId);
    if (!request) return undefined;
    this.deps.executor.record(request, 'begun', 'self unlock');
    return this.deps.executor.executeForAnswer(request);
  }

  #limitOf({ id, isAdministrator }: Account): SelfUnlockLimit | undefined {
    const at = isAdministrator ? undefined : this.deps.rateLimits.againAt(id, 'self unlock');
    return at === undefined ? undefined : { at, count: limits['self unlock'].count };
  }

  /** What they have asked for already is answered with it; undefined when that is being executed at this moment. */
  #approved(actor: Actor, account: Account, channelId: string | undefined): Request | undefined {
    const { stores, requests, rateLimits, now } = this.deps;
    const decision = { decidedBy: actor.id, decidedAt: now() };
    const open = stores.requests.open(actor.id, account.id, 'unlock');
    if (open && open.state !== 'pending') return undefined;
    if (!open) requests.checkPace(actor);
    // Counted first: a bot that is killed in between has counted one too many, never one too few.
    rateLimits.note(account.id, 'self unlock');
    if (open) return stores.requests.move(open.id, ['pending'], 'approved', decision);
    return stores.requests.insert({
      ...{
        kind: 'unlock',
        state: 'approved',
        origin: 'asked',
        ...aboutAccount(account),
        snapshot: snapshotOf(account),
      },
      ...{ memberId: actor.id, askedInChannelId: channelId, createdAt: now(), decidedBy: actor.id },
    });
  }
}
