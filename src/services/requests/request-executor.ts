import { AppError } from '../../errors.js';
import { type ForAnswer, KeyedMutex } from '../../keyed-mutex.js';
import type { Account } from '../accounts/account.js';
import type { PreWriteCheck, UnlockResult } from '../accounts/jellyfin-port.js';
import type { Actor, Rank } from '../members/actor.js';
import type { OwnerNotices } from './owner-notices.js';
import type { RequestCards } from './request-cards.js';
import type { RequestDeps } from './request-deps.js';
import { helpersMayDecide, isOwnAct, type Request, type RequestKind } from './request.js';

/** After so many attempts that trouble at Discord cut short, a request fails rather than being tried for ever. */
const maxAttempts = 10;

/** Something that was done: a request, or the same without one. */
export type Done = Pick<Request, 'accountId' | 'decidedBy'> & Partial<Request>;

/** What a kind of request plugs into the engine. A new kind is one file that registers it and one that draws it. */
export interface RequestKindActions {
  /**
   * Whether it changes the account at Jellyfin: its end is then a line in the history, and trying it again takes the right
   * to change the account. The line about a link is written where the link is made.
   */
  readonly changesAccount: boolean;
  /**
   * Does what an approved request asks for and returns the request as it then stands: ended by `finish`, or waiting for
   * its member to press a button. Runs again after a stop or trouble at Discord, so it looks first for what was done.
   * Throws AppError when the request has failed, and anything else when it is to be tried again.
   */
  execute(request: Request): Promise<Request>;
  /** Ends other requests together with one that was done, in its transaction, and returns them to be published. */
  onDone?(done: Done): readonly Request[];
  /** Takes back what a failed request left in its member's messages, before the member is told. Throws what Discord threw. */
  onFailed?(failed: Request): Promise<void>;
}

/**
 * Executes approved requests and publishes how requests stand. The bot may be stopped at any line and begin again: each
 * step either looks first whether it was done, or does no harm when done twice.
 */
export class RequestExecutor {
  readonly #kinds = new Map<RequestKind, RequestKindActions>();
  readonly #locks = new KeyedMutex<number>();

  constructor(private readonly deps: RequestDeps & { readonly cards: RequestCards; readonly owners: OwnerNotices }) {}

  register(kind: RequestKind, actions: RequestKindActions): void {
    this.#kinds.set(kind, actions);
  }

  /** Publishes an approval, executes the request and publishes how it ended. Never throws. */
  execute(approved: Request): Promise<Request> {
    return this.exclusively(approved, async (request) => {
      const published = await this.#publish(request, false);
      return this.#publish(await this.#attempt(published), false);
    });
  }

  /** Does whatever is still to be done for a request that was left unfinished. Never throws. */
  resume(unfinished: Request): Promise<Request> {
    return this.exclusively(unfinished, async (request) => this.#publish(await this.#attempt(request, true), true));
  }

  /**
   * Executes a request that its member approved, and whose outcome the answer to them tells: nobody else tells them until
   * it is known whether the answer arrived. Where it is lost, or the bot is killed before, they are told like anybody else.
   */
  executeForAnswer(approved: Request): Promise<ForAnswer<Request>> {
    return this.#locks.runForAnswer(
      approved.id,
      () => this.#attempt(approved),
      async (request, hasArrived) => {
        const { id, memberId } = request;
        if (hasArrived) this.deps.outbox.settle({ kind: 'outcome', subjectId: `${id}`, recipientId: memberId });
        await this.#publish(this.deps.stores.requests.byId(id) ?? request, false);
      },
    );
  }

  /**
   * Does at once, for somebody who need not ask, what a kind of request would do; ends what waits for the same. `check` is asked
   * right before each write. Throws what it throws, or a Jellyfin code.
   */
  async atOnce(
    kind: 'unlock' | 'enable',
    { id: actorId }: Pick<Actor, 'id'>,
    accountId: string,
    check: PreWriteCheck,
  ): Promise<UnlockResult> {
    const { stores, jellyfin } = this.deps;
    const record = ({ name: accountName }: Account, outcome: 'begun' | 'done') =>
      stores.audit.record({ actorId, act: kind, outcome, accountId, accountName });
    let isBegun = false;
    const result = await jellyfin[kind](accountId, async (account) => {
      await check(account);
      // Written before the change: where nothing can be saved any more, nothing is changed either.
      if (!isBegun) record(account, 'begun');
      isBegun = true;
    });
    const fulfilled = stores.transaction(() => {
      record(result.before, 'done');
      return this.#kinds.get(kind)?.onDone?.({ accountId, decidedBy: actorId }) ?? [];
    });
    await this.publishAll(fulfilled);
    return result;
  }

  /** Tells the member how a request stands, if they are still to hear of it, and brings its card up to date. Never throws. */
  publish(request: Request): Promise<Request> {
    return this.exclusively(request, (current) => this.#publish(current, false));
  }

  /** The same for several at once: trouble with one keeps no other waiting. */
  async publishAll(requests: readonly Request[]): Promise<void> {
    await Promise.all(requests.map((request) => this.publish(request)));
  }

  /** Does something about one request while nothing else is done to it; gives the request as it is then to `work`. */
  exclusively<T>(request: Request, work: (current: Request) => Promise<T>): Promise<T> {
    return this.#locks.run(request.id, () => work(this.deps.stores.requests.byId(request.id) ?? request));
  }

  /** Resolves when nothing is being executed or published. */
  idle(): Promise<void> {
    return this.#locks.idle();
  }

  /** Ends an approved request well, together with others that its kind ends with it, which are published, too. */
  finish(request: Request, deliveryStatus: 'due' | 'told'): Request {
    const { stores, owners, now } = this.deps;
    const actions = this.#kinds.get(request.kind);
    return stores.transaction(() => {
      const done = stores.requests.move(request.id, ['approved'], 'done', { endedAt: now(), deliveryStatus });
      if (!done) return request;
      owners.owe(done);
      if (actions?.changesAccount) this.record(done, 'done');
      // Publishing waits for the request's lock, and so begins when this transaction is over.
      for (const other of actions?.onDone?.(done) ?? []) void this.publish(other);
      return done;
    });
  }

  /** Ends an approved request as failed. */
  fail(request: Request, error: AppError, deliveryStatus: 'due' | 'told' = 'due'): Request {
    const { stores, owners, now } = this.deps;
    return stores.transaction(() => {
      const change = { endedAt: now(), failure: error.code, deliveryStatus };
      const failed = stores.requests.move(request.id, ['approved'], 'failed', change);
      if (!failed) return request;
      owners.owe(failed);
      this.record(failed, error.code);
      return failed;
    });
  }

  /** Puts what was done for a request, or how it failed, into the history; or another `act` of somebody's. */
  record(request: Request, outcome: string, act: string = request.kind, actorId = request.decidedBy): void {
    const { id: requestId, accountId, accountName, memberId, reason: detail } = request;
    const about = { requestId, accountId, accountName, memberId, detail };
    this.deps.stores.audit.record({ actorId: actorId ?? 'latchkey', act, outcome, ...about });
  }

  /** Whether a kind of request changes the account at Jellyfin. */
  changesAccount(kind: RequestKind): boolean {
    return this.#kinds.get(kind)?.changesAccount ?? false;
  }

  /**
   * What is asked right before Jellyfin is written to: a link may have been taken away while the request waited, and an
   * account that has become an administrator's since it was asked for is not changed on an ordinary approval.
   */
  preWriteCheck(request: Request): PreWriteCheck {
    return async (account) => {
      if (account.isAdministrator && !request.adminAccount) throw new AppError('adminAccount');
      // A password that is shown to the helper who ran the command is for an account that nobody is linked to.
      if (request.delivery !== 'answer' && !(await this.isStillTheirs(request))) throw new AppError('linkGone');
    };
  }

  /**
   * Linked; or an account that an admin gives a pass; or another administrator's, for which a server admin asked for a new
   * password after a rescue. `pressedAs`: the rank of its member, where they press just now; else Discord is asked, and errors of Discord are thrown.
   */
  async isStillTheirs(request: Request, pressedAs?: Rank): Promise<boolean> {
    const { memberId: id, accountId, adminAccount, kind, origin } = request;
    const isGiven = kind === 'pass' && origin === 'direct';
    // A pass that another admin has tried again is that one's to give.
    if (isGiven ? !isOwnAct(request) : this.deps.ownership.find(id, accountId)) return true;
    if (!isOwnAct(request) || !(isGiven || adminAccount)) return false;
    const rank = pressedAs ?? (await this.deps.members.find(id))?.rank;
    return rank === 'admin' && (!adminAccount || this.deps.permissions.isServerAdmin({ id, rank }));
  }

  /** Whether who approved it for somebody else might do so at this moment. Throws what Discord threw. */
  async #mayStillBeDecided(request: Request): Promise<boolean> {
    const { decidedBy: id, memberId, accountId, adminAccount: isAdministrator } = request;
    if (id === undefined || id === memberId) return true;
    const decider = await this.deps.members.find(id);
    if (!decider || (decider.rank !== 'admin' && !helpersMayDecide(request))) return false;
    return this.deps.permissions.mayChange({ id, ...decider }, { id: accountId, isAdministrator });
  }

  /** `isLater`: not by the press that decided it, so that it is looked at again as if that were made now. */
  async #attempt(request: Request, isLater = false): Promise<Request> {
    const { stores, members, log } = this.deps;
    // A password that waits behind a button, or for an answer, goes on when somebody presses or runs the command again.
    if (request.delivery !== undefined && request.delivery !== 'dm') return request;
    const begun = stores.requests.begin(request.id);
    if (!begun) return request;
    try {
      // Whether a link counts depends on whether its member is in the server, and for an administrator's account on their roles.
      const member = isLater || begun.adminAccount ? await members.find(begun.memberId) : undefined;
      // What may be done is looked for first; where it is not, the write itself asks.
      if (isLater && !stores.tempPasswords.mayBeSet(begun.id)) {
        if (!(await this.isStillTheirs(begun))) throw new AppError(member ? 'linkGone' : 'memberLeft');
        if (!(await this.#mayStillBeDecided(begun))) throw new AppError('deciderGone');
      }
      const actions = this.#kinds.get(begun.kind);
      if (!actions) throw new Error(`nobody registered requests of the kind ${begun.kind}`);
      return await actions.execute(begun);
    } catch (error) {
      // Who has left learns no more.
      if (error instanceof AppError) return this.fail(begun, error, error.code === 'memberLeft' ? 'told' : 'due');
      const { id, attempts } = begun;
      log.error({ err: error, request: id, attempt: attempts }, 'an approved request was cut short');
      // Read again: the attempt may have written down how far it came.
      return attempts >= maxAttempts
        ? this.fail(begun, new AppError('discordTrouble'))
        : (stores.requests.byId(id) ?? begun);
    }
  }

  async #publish(request: Request, recovering: boolean): Promise<Request> {
    const { stores, outbox, cards, log } = this.deps;
    let current = request;
    try {
      if (current.state === 'failed' && current.deliveryStatus === 'due')
        await this.#kinds.get(current.kind)?.onFailed?.(current);
      if (current.deliveryStatus === 'due') {
        await outbox.deliver(['outcome'], `${request.id}`);
        current = stores.requests.byId(current.id) ?? current;
      }
    } catch (err) {
      log.warn({ err, request: request.id }, 'the member could not be told yet');
    }
    current = await cards.refresh(current, recovering);
    void outbox.deliver(['ownerOfDone', 'ownerOfFailed']);
    return current;
  }
}
