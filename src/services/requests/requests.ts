import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../errors.js';
import { assertHelps, assertOwnPassword, longestAccountName, type Account, type Wish } from '../accounts/account.js';
import { assertFree, type LinkCheck } from '../accounts/link.js';
import type { Actor } from '../members/actor.js';
import type { LinkMaker } from './link-maker.js';
import { assertMayAsk } from './rate-limits.js';
import type { RequestDeps } from './request-deps.js';
import type { RequestEndings } from './request-endings.js';
import type { RequestExecutor } from './request-executor.js';
import {
  aboutAccount,
  type Asked,
  helpersMayDecide,
  type NewRequest,
  type Request,
  snapshotOf,
  type StateChange,
} from './request.js';

/** Discord slows a channel down where many cards are sent at once; the person who asks is not kept waiting for theirs. */
const cardPatienceMs = 2000;

/**
 * What members ask for and what is decided about it; `RequestExecutor` does what was approved. `channelId`: the server
 * channel that somebody asks in, undefined in direct messages.
 */
export class Requests {
  constructor(
    private readonly deps: RequestDeps & {
      readonly executor: RequestExecutor;
      readonly endings: RequestEndings;
      readonly linkMaker: LinkMaker;
    },
  ) {}

  /**
   * Asks for something for an own account; `read`: the account, where it was read just now. Throws `accountNotYours`,
   * `tooManyRequests`, what `assertHelps` throws, or a Jellyfin code.
   */
  async ask(
    kind: Wish,
    actor: Actor,
    accountId: string,
    channelId: string | undefined,
    read?: Account,
  ): Promise<Asked> {
    const { stores, ownership, jellyfin } = this.deps;
    ownership.assertOwn(actor.id, accountId);
    const open = stores.requests.open(actor.id, accountId, kind);
    if (open) return this.asked(open);
    this.checkPace(actor);
    const account = read ?? (await jellyfin.getAccount(accountId));
    ownership.assertOwn(actor.id, accountId);
    assertHelps(kind, account);
    return this.put({
      ...{ kind, ...aboutAccount(account), snapshot: snapshotOf(account) },
      ...{ memberId: actor.id, askedInChannelId: channelId },
    });
  }

  /** Asks the admins to link the member to an account; they pick which. Throws `tooManyRequests`. */
  async askForLink(actor: Actor, channelId: string | undefined): Promise<Asked> {
    const open = this.deps.stores.requests.open(actor.id, '', 'link');
    if (open) return this.asked(open);
    this.checkPace(actor);
    const nobodys = { accountId: '', accountName: '', adminAccount: false };
    return this.put({ kind: 'link', ...nobodys, memberId: actor.id, askedInChannelId: channelId });
  }

  /**
   * Asks for an unlock or a new password of an account by its name, and to be linked to it. Nobody is asked whether there is
   * such an account before the answer is given, and the answer does not wait for the card, which says so: nothing that
   * the member sees, and no moment at which they see it, depends on it. Throws `tooManyRequests`.
   */
  askByName(kind: 'unlock' | 'reset', actor: Actor, name: string, channelId: string | undefined): Asked {
    const open = this.deps.stores.requests.open(actor.id, '', kind);
    if (open) return this.asked(open);
    this.checkPace(actor);
    const request = this.#insert({
      ...{ kind, accountId: '', accountName: [...name].slice(0, longestAccountName).join(''), adminAccount: false },
      ...{ memberId: actor.id, linksOnApproval: true, askedInChannelId: channelId },
    });
    if (!request) throw new AppError('tryAgain');
    void this.deps.executor.publish(request);
    return this.asked(request, true);
  }

  /**
   * Approves a waiting request and executes it. `version`: what the presser saw of a request that links its asker. Throws
   * `requestGone`, `requestDecided`, `ownersChanged`, `memberLeft`, or why the actor may not.
   */
  async approve(id: number, actor: Actor, version: number): Promise<Request> {
    const { stores, jellyfin, ownership, executor, endings } = this.deps;
    const request = await this.#toDecide(id, actor);
    if (!request.linksOnApproval) {
      await endings.mustBeHere(request.memberId);
      return executor.execute(this.#decide(request, 'approved', 'approve', actor));
    }
    if (request.accountName === '') throw new AppError('cardOutdated');
    // What the card showed is approved, whatever that name stands for by now.
    if (request.offeredId === undefined) throw new AppError('linkNoAccount');
    const account = await jellyfin.getAccount(request.offeredId);
    if (request.kind === 'reset') assertOwnPassword(account);
    await ownership.lookForThoseBack(account.id);
    return this.approveLink(request, actor, account, () => {
      // Read again: Jellyfin and Discord were waited for.
      if (stores.requests.byId(id)?.version !== version) throw new AppError('ownersChanged');
    });
  }

  /** Approves a request that links with the account picked in its card's list of free ones. Throws as `approveLink` does, or `accountTaken`. */
  async approvePicked(id: number, actor: Actor, accountId: string): Promise<Request> {
    const request = await this.#toDecide(id, actor);
    const account = await this.deps.jellyfin.getAccount(accountId);
    if (request.kind === 'reset') assertOwnPassword(account);
    return this.approveLink(request, actor, account, () =>
      assertFree(this.deps.stores.links, request.memberId, accountId),
    );
  }

  /**
   * Approves a request that links by naming the account, and makes the link, which no later *Try again* does.
   * Throws as `approve` does, `linkAdminAccount`, or `requestNewer`.
   */
  async approveLink(request: Request, actor: Actor, account: Account, check?: LinkCheck): Promise<Request> {
    const { stores, executor, endings, linkMaker, outbox, now } = this.deps;
    const { state, kind, memberId } = request;
    if (!request.linksOnApproval) throw new AppError('cardOutdated');
    if (account.isAdministrator) throw new AppError('linkAdminAccount');
    if (state === 'pending') {
      await endings.mustBeHere(memberId);
      // Linked since in another way, they have asked for the same as its owner.
      if (stores.requests.open(memberId, account.id, kind)) throw new AppError('requestNewer');
      if (check) this.#check(request, () => check(account));
    }
    const { approved, changed } = stores.transaction(() => {
      const chosen = { accountId: account.id, accountName: account.name };
      const approved = this.#decide(request, 'approved', 'approve', actor, chosen);
      // The outcome of a request for nothing but the link is a greeting, too.
      const isGreeted = executor.changesAccount(kind);
      const link = { memberId, account, madeBy: 'request', linkedBy: actor.id, linkedAt: now(), isGreeted } as const;
      return { approved, changed: linkMaker.make(link).changed };
    });
    void executor.publishAll(changed);
    const executed = await executor.execute(approved);
    // What was asked for comes first; who was linked with it hears of that, too.
    void outbox.deliver(['greeting'], account.id);
    return executed;
  }

  /** Tries a failed request again. Throws as `approve` does, `linkGone`, `requestNewer`, or a Jellyfin code. */
  async retry(id: number, actor: Actor): Promise<Request> {
    const { stores, jellyfin, permissions, executor, endings, outbox, now } = this.deps;
    const request = await this.#toDecide(id, actor);
    const { state, kind, memberId, accountId, adminAccount } = request;
    if (state !== 'failed') throw this.#decidedAlready(id);
    await endings.mustBeHere(memberId);
    const decided = { ...request, decidedBy: actor.id };
    if (!(await executor.isStillTheirs(decided, actor.rank))) throw new AppError('linkGone');
    // Somebody else may have tried this one again while Discord was asked.
    const open = stores.requests.open(memberId, accountId, kind, request.pass?.restriction);
    if (open && open.id !== id) throw new AppError('requestNewer');
    let isAdministrator = adminAccount;
    if (executor.changesAccount(kind)) {
      // An account may have become an administrator's since: then the right is another one.
      const account = await jellyfin.getAccount(accountId);
      await permissions.assertMayChange(actor, account);
      isAdministrator = account.isAdministrator;
    }
    return executor.execute(
      stores.transaction(() => {
        const reopened = stores.requests.reopen(id, actor.id, now(), isAdministrator);
        if (!reopened) throw this.#decidedAlready(id);
        outbox.settle({ kind: 'outcome', subjectId: `${id}`, recipientId: memberId }, 'dropped');
        executor.record(reopened, 'done', 'approve', actor.id);
        return reopened;
      }),
    );
  }

  /** Denies a waiting request; why is for the member. Throws as `approve` does. */
  async deny(id: number, actor: Actor, why: Pick<StateChange, 'denyReason' | 'reason'>): Promise<Request> {
    const request = await this.#toDecide(id, actor);
    const ended = { endedAt: this.deps.now(), deliveryStatus: 'due' as const, ...why };
    return this.deps.executor.publish(this.#decide(request, 'denied', 'deny', actor, ended));
  }

  /** Takes an own waiting request back. Throws `requestGone`, `requestNotYours`, `requestDecided`. */
  async cancel(id: number, actor: Actor): Promise<Request> {
    const { executor, now } = this.deps;
    const request = this.existing(id);
    if (request.memberId !== actor.id) throw new AppError('requestNotYours');
    const undecided = { decidedBy: undefined, decidedAt: undefined };
    return executor.publish(this.#decide(request, 'cancelled', 'cancel', actor, { endedAt: now(), ...undecided }));
  }

  pending(): Request[] {
    return this.deps.stores.requests.pending();
  }

  /** Waiting and approved requests of one member. */
  openOf(memberId: string): Request[] {
    return this.deps.stores.requests.openOf(memberId);
  }

  byId(id: number): Request | undefined {
    return this.deps.stores.requests.byId(id);
  }

  /** The same; throws `requestGone`. */
  existing(id: number): Request {
    const request = this.deps.stores.requests.byId(id);
    if (!request) throw new AppError('requestGone');
    return request;
  }

  /** What its member is told of an open request. */
  asked(request: Request, isNew = false): Asked {
    const { adminChannel, config } = this.deps;
    const isReaching = adminChannel.reaches({ helpersToo: helpersMayDecide(request) });
    return { request, isNew, isReaching, endsAt: request.createdAt + config.requestTtlMs };
  }

  /** Throws `tooManyRequests`, with the time at which this person may ask again. */
  checkPace(actor: Actor): void {
    assertMayAsk(this.deps.stores.requests, actor, this.deps.now());
  }

  /** Asks the admins; whether this member may ask is for the caller to know. */
  async put(asked: Omit<NewRequest, 'state' | 'origin' | 'createdAt'>): Promise<Asked> {
    const request = this.#insert(asked);
    if (!request) {
      const open = this.deps.stores.requests.open(asked.memberId, asked.accountId, asked.kind, asked.pass?.restriction);
      if (!open) throw new AppError('tryAgain');
      return this.asked(open);
    }
    const published = this.deps.executor.publish(request);
    const shown = await Promise.race([published, wait(cardPatienceMs, undefined, { ref: false })]);
    return this.asked(shown ?? request, true);
  }

  /** A card that was pressed in vain shows what is not so any more: it is drawn anew. */
  #check(request: Request, check: () => void): void {
    try {
      check();
    } catch (error) {
      void this.deps.executor.publish(this.deps.stores.requests.touch(request.id) ?? request);
      throw error;
    }
  }

  /** A request and the right to decide it. */
  async #toDecide(id: number, actor: Actor): Promise<Request> {
    const request = this.existing(id);
    const { linksOnApproval, accountId, adminAccount: isAdministrator } = request;
    if (!linksOnApproval) await this.deps.permissions.assertMayChange(actor, { id: accountId, isAdministrator });
    if (!helpersMayDecide(request) && actor.rank !== 'admin') throw new AppError('adminsOnly');
    return request;
  }

  #insert(asked: Omit<NewRequest, 'state' | 'origin' | 'createdAt'>): Request | undefined {
    const { stores, executor, now } = this.deps;
    return stores.transaction(() => {
      const request = stores.requests.insert({ ...asked, state: 'pending', origin: 'asked', createdAt: now() });
      if (request) executor.record(request, 'asked', `ask ${asked.kind}`, asked.memberId);
      return request;
    });
  }

  /** A decision and its line in the history: both are kept, or neither. */
  #decide({ id }: Request, to: Request['state'], act: string, actor: Actor, change: StateChange = {}): Request {
    const { stores, executor, now } = this.deps;
    return stores.transaction(() => {
      const decided = stores.requests.move(id, ['pending'], to, { decidedBy: actor.id, decidedAt: now(), ...change });
      if (!decided) throw this.#decidedAlready(id);
      executor.record(decided, 'done', act, actor.id);
      return decided;
    });
  }

  #decidedAlready(id: number): AppError {
    // Read again: somebody else has decided meanwhile.
    const { state, decidedBy } = this.existing(id);
    if (decidedBy === undefined) return new AppError('requestDecided', { state });
    return new AppError('requestDecidedBy', { state, by: `<@${decidedBy}>` });
  }
}
