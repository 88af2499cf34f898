import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../errors.js';
import { lockState, type Account } from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import type { Transaction } from '../transaction.js';
import { assertMayAsk } from './rate-limits.js';
import type { Audit } from '../audit.js';
import type { RequestExecutor } from './request-execution.js';
import { assertFree } from '../accounts/unlinked-accounts.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { LinkStore } from '../accounts/link.js';
import type { LinkMaker } from '../links/link-maker.js';
import { otherOwners, ownersNumber } from './co-owners.js';
import type { Permissions } from '../accounts/permissions.js';
import type { RequestEndings } from './request-endings.js';
import {
  isByName,
  type Request,
  type RequestKind,
  type RequestState,
  type StateChange,
  type NewRequest,
  type RequestStore,
  snapshotOf,
} from './request.js';

/** Discord slows a channel down where many cards are sent at once; the person who asks is not kept waiting for theirs. */
const cardPatienceMs = 2000;
/** Of a name that somebody wrote down: more could not be an account's. */
const longestName = 100;

export interface Asked {
  readonly request: Request;
  /** False when it was open already. */
  readonly isNew: boolean;
}

/** Asked at the moment at which a link is made; throws where it may not be. */
export type LinkCheck = (account: Account) => void;

/**
 * What members ask for and what is decided about it; `RequestExecutor` does what was approved. `channelId`: the server
 * channel that somebody asks in, undefined in direct messages.
 */
export class Requests {
  constructor(
    private readonly store: RequestStore,
    private readonly links: LinkStore,
    private readonly jellyfin: Jellyfin,
    private readonly permissions: Permissions,
    private readonly executor: RequestExecutor,
    private readonly linkMaker: LinkMaker,
    private readonly endings: Pick<RequestEndings, 'mustBeHere'>,
    private readonly transaction: Transaction,
    private readonly audit: Audit,
    private readonly now: () => number,
  ) {}

  /**
   * Asks for an unlock or a new password of an own account.
   * Throws `accountNotYours`, `disabledByAdmin`, `notLocked` (for an unlock), `tooManyRequests`, or a Jellyfin code.
   */
  async ask(kind: 'unlock' | 'reset', actor: Actor, accountId: string, channelId: string | undefined): Promise<Asked> {
    if (!this.links.find(actor.id, accountId)) throw new AppError('accountNotYours');
    const open = this.store.open(actor.id, accountId, kind);
    if (open) return { request: open, isNew: false };
    this.checkPace(actor);
    const account = await this.jellyfin.getAccount(accountId);
    const state = lockState(account);
    if (state === 'disabled') throw new AppError('disabledByAdmin');
    if (kind === 'unlock' && state === 'open') throw new AppError('notLocked');
    return this.#insert(kind, actor, account, channelId);
  }

  /** Asks the admins to link the member to an account; they pick which. Throws `tooManyRequests`. */
  async askForLink(actor: Actor, channelId: string | undefined): Promise<Asked> {
    const open = this.store.open(actor.id, '', 'link');
    if (open) return { request: open, isNew: false };
    this.checkPace(actor);
    return this.#insert('link', actor, undefined, channelId);
  }

  /**
   * Asks for an unlock or a new password of an account by its name, and to be linked to it. Nobody is asked whether there is
   * such an account before the answer is given, and the answer does not wait for the card, which says so: nothing that
   * the member sees, and no moment at which they see it, depends on it. Throws `tooManyRequests`.
   */
  askByName(kind: 'unlock' | 'reset', actor: Actor, name: string, channelId: string | undefined): Asked {
    const open = this.store.open(actor.id, '', kind);
    if (open) return { request: open, isNew: false };
    this.checkPace(actor);
    const request = this.#ask({
      ...{ kind, state: 'pending', memberId: actor.id, accountId: '', adminAccount: false, linksOnApproval: true },
      accountName: [...name].slice(0, longestName).join(''),
      askedInChannelId: channelId,
      createdAt: this.now(),
      origin: 'asked',
    });
    if (!request) throw new AppError('tryAgain');
    void this.executor.settle(request.id);
    return { request, isNew: true };
  }

  /**
   * Approves a waiting request and carries it out. `seen`: the number of the owners that the presser saw beside the account
   * that it links to. Throws `requestGone`, `requestDecided`, `ownersChanged`, `memberLeft`, or why the actor may not.
   */
  async approve(id: number, actor: Actor, seen = 0): Promise<Request> {
    const request = await this.#decidable(id, actor);
    if (request.kind === 'link') throw new AppError('cardOutdated');
    if (isByName(request)) {
      if (request.state !== 'pending') throw this.#decidedAlready(id);
      // What the card showed is what is approved, whatever that name stands for by now.
      if (request.offeredId === undefined) throw new AppError('linkNoAccount');
      const account = await this.jellyfin.getAccount(request.offeredId);
      return this.approveLink(id, actor, account, () => {
        if (ownersNumber(otherOwners(this.links, request)) !== seen) throw new AppError('ownersChanged');
      });
    }
    await this.endings.mustBeHere(request.memberId);
    return this.#carryOut(this.#decide(id, 'approved', 'approve', actor, {}));
  }

  /** Approves a request that links with the account picked in its card's list of free ones. Throws as `approveLink` does, or `accountTaken`. */
  async approvePicked(id: number, actor: Actor, accountId: string): Promise<Request> {
    const { memberId } = this.#existing(id);
    const account = await this.jellyfin.getAccount(accountId);
    return this.approveLink(id, actor, account, () => assertFree(this.links, memberId, accountId));
  }

  /**
   * Approves a request that links by naming the account, and makes the link, which no later *Try again* does.
   * Throws as `approve` does, `linkAdminAccount`, or `requestNewer`.
   */
  async approveLink(id: number, actor: Actor, account: Account, check?: LinkCheck): Promise<Request> {
    const request = await this.#decidable(id, actor);
    if (!request.linksOnApproval) throw new AppError('cardOutdated');
    const { state, kind, memberId } = request;
    if (account.isAdministrator) throw new AppError('linkAdminAccount');
    if (state === 'pending') await this.endings.mustBeHere(memberId);
    // Linked since in another way, they have asked for the same as its owner.
    if (state === 'pending' && this.store.open(memberId, account.id, kind)) throw new AppError('requestNewer');
    if (state === 'pending' && check) this.#check(id, () => check(account));
    const [approved, changed] = this.transaction(() => {
      const chosen = { accountId: account.id, accountName: account.name };
      const decided = this.#decide(id, 'approved', 'approve', actor, chosen);
      // The outcome of a request for nothing but the link greets, too.
      const isGreeted = kind !== 'link';
      const made = this.linkMaker.make({ memberId, account, linkedBy: actor.id, linkedAt: this.now(), isGreeted });
      return [decided, made.changed] as const;
    });
    this.settle(changed);
    return this.#carryOut(approved);
  }

  /** Tries a failed request again. Throws as `approve` does, `linkGone`, `requestNewer`, or a Jellyfin code. */
  async retry(id: number, actor: Actor): Promise<Request> {
    const request = await this.#decidable(id, actor);
    const { state, kind, memberId, accountId, adminAccount } = request;
    if (state !== 'failed') throw this.#decidedAlready(id);
    if (!(await this.executor.isStillTheirs(request))) throw new AppError('linkGone');
    if (this.store.open(memberId, accountId, kind)) throw new AppError('requestNewer');
    const isAdministrator = kind === 'link' ? adminAccount : await this.#isAdministratorNow(accountId, actor);
    const reopen = () => this.store.reopen(id, actor.id, this.now(), isAdministrator);
    return this.#carryOut(this.#recorded(id, actor, 'approve', reopen));
  }

  /** Denies a waiting request; the reason is for the member. Throws as `approve` does. */
  async deny(id: number, actor: Actor, reason: string | undefined): Promise<Request> {
    await this.#decidable(id, actor);
    const ended = { endedAt: this.now(), word: 'due' as const, ...(reason && { reason }) };
    const denied = this.#decide(id, 'denied', 'deny', actor, ended);
    return (await this.executor.settle(id)) ?? denied;
  }

  /** Takes an own waiting request back. Throws `requestGone`, `requestNotYours`, `requestDecided`. */
  async cancel(id: number, actor: Actor): Promise<Request> {
    const request = this.#existing(id);
    if (request.memberId !== actor.id) throw new AppError('requestNotYours');
    const cancel = () => this.store.move(id, ['pending'], 'cancelled', { endedAt: this.now() });
    const cancelled = this.#recorded(id, actor, 'cancel', cancel);
    return (await this.executor.settle(id)) ?? cancelled;
  }

  /** Brings the cards of requests up to date which a new link has changed. Nobody waits for it. */
  settle(ids: readonly number[]): void {
    for (const id of ids) void this.executor.settle(id);
  }

  pending(): Request[] {
    return this.store.pending();
  }

  /** Waiting and approved requests of one member. */
  openOf(memberId: string): Request[] {
    return this.store.openOf(memberId);
  }

  byId(id: number): Request | undefined {
    return this.store.byId(id);
  }

  /** Throws `tooManyRequests`, with the time at which this person may ask again. */
  checkPace(actor: Actor): void {
    assertMayAsk(this.store, actor, this.now());
  }

  async #insert(
    kind: RequestKind,
    actor: Actor,
    account: Account | undefined,
    channelId: string | undefined,
  ): Promise<Asked> {
    const request = this.#ask({
      kind,
      state: 'pending',
      memberId: actor.id,
      accountId: account?.id ?? '',
      accountName: account?.name ?? '',
      adminAccount: account?.isAdministrator ?? false,
      snapshot: account && snapshotOf(account),
      askedInChannelId: channelId,
      createdAt: this.now(),
      origin: 'asked',
    });
    if (!request) {
      const open = this.store.open(actor.id, account?.id ?? '', kind);
      if (!open) throw new AppError('tryAgain');
      return { request: open, isNew: false };
    }
    const settled = this.executor.settle(request.id);
    const shown = await Promise.race([settled, wait(cardPatienceMs, undefined, { ref: false })]);
    return { request: shown ?? request, isNew: true };
  }

  /** What a card shows that was pressed in vain is not so any more: it is drawn anew. */
  #check(id: number, check: () => void): void {
    try {
      check();
    } catch (error) {
      this.store.touch(id);
      this.settle([id]);
      throw error;
    }
  }

  async #carryOut(request: Request): Promise<Request> {
    await this.executor.settle(request.id);
    return (await this.executor.carryOut(request.id)) ?? request;
  }

  async #decidable(id: number, actor: Actor): Promise<Request> {
    const request = this.#existing(id);
    if (!request.linksOnApproval) {
      const account = { id: request.accountId, isAdministrator: request.adminAccount };
      await this.permissions.assertMayChange(actor, account);
    } else if (actor.rank !== 'admin') {
      throw new AppError('adminsOnly');
    }
    return request;
  }

  /** An account may have become an administrator's since: then the right is another one. */
  async #isAdministratorNow(accountId: string, actor: Actor): Promise<boolean> {
    const account = await this.jellyfin.getAccount(accountId);
    await this.permissions.assertMayChange(actor, account);
    return account.isAdministrator;
  }

  #ask(asked: NewRequest): Request | undefined {
    return this.transaction(() => {
      const request = this.store.insert(asked);
      if (request) this.#record(asked.memberId, `ask ${asked.kind}`, 'asked', request);
      return request;
    });
  }

  #decide(id: number, to: RequestState, act: string, actor: Actor, change: StateChange): Request {
    const decision = { decidedBy: actor.id, decidedAt: this.now(), ...change };
    return this.#recorded(id, actor, act, () => this.store.move(id, ['pending'], to, decision));
  }

  /** A change of state, and its line in the history: both are kept, or neither. */
  #recorded(id: number, actor: Actor, act: string, change: () => Request | undefined): Request {
    return this.transaction(() => {
      const changed = change();
      if (!changed) throw this.#decidedAlready(id);
      this.#record(actor.id, act, 'done', changed);
      return changed;
    });
  }

  #existing(id: number): Request {
    const request = this.store.byId(id);
    if (!request) throw new AppError('requestGone');
    return request;
  }

  #decidedAlready(id: number): AppError {
    const request = this.#existing(id);
    const { state, decidedBy } = request;
    if (decidedBy === undefined) return new AppError('requestDecided', { state });
    return new AppError('requestDecidedBy', { state, by: `<@${decidedBy}>` });
  }

  #record(actorId: string, act: string, outcome: string, request: Request): void {
    const { id: requestId, accountId, accountName, memberId, reason: detail } = request;
    this.audit.record({ actorId, act, outcome, accountId, accountName, memberId, requestId, detail });
  }
}
