import { AppError } from '../../errors.js';
import type { ForAnswer } from '../../keyed-mutex.js';
import {
  fieldsOf,
  isRestricted,
  lockState,
  openFields,
  restrictions,
  type Account,
  type Restriction,
} from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import type { RequestKindActions } from '../requests/request-executor.js';
import {
  aboutAccount,
  type Asked,
  type NewRequest,
  type PassTerms,
  type Request,
  snapshotOf,
} from '../requests/request.js';
import { endOf, isOpen, midnightAfter, type Pass, type PassDeps } from './pass.js';
import { devicesBefore } from './signed-in-devices.js';

/** How somebody's wish for a pass was met: asked of the admins, or opened by one at once. */
export type PassOutcome =
  | { readonly way: 'asked'; readonly asked: Asked }
  | ({ readonly way: 'at once'; readonly pass: Pass | undefined } & ForAnswer<Request>);

/**
 * Passes: a restriction of an account is opened for a while, by admins at once and for owners on request. What is to be put
 * back is written down before the restriction is opened; `PassEnds` puts it back.
 */
export class Passes implements RequestKindActions {
  readonly changesAccount = true;

  constructor(private readonly deps: PassDeps) {}

  /** The restrictions that can be opened, as the account is; none while nobody could sign in all the same. */
  canOpen(account: Account): Restriction[] {
    return account.isDisabled ? [] : restrictions.filter((each) => isRestricted(account, each));
  }

  /** The account and the restrictions that this person may open or ask to open. Throws as `ask` does. */
  async look(
    actor: Actor,
    accountId: string,
  ): Promise<{ account: Account; canOpen: Restriction[]; isAtOnce: boolean }> {
    const { ownership, jellyfin } = this.deps;
    if (actor.rank !== 'admin') ownership.assertOwn(actor.id, accountId);
    const account = await jellyfin.getAccount(accountId);
    const isAtOnce = await this.#mayOpen(actor, account);
    // Asked again: it may have become an administrator's.
    if (!isAtOnce) ownership.assertOwn(actor.id, accountId);
    return { account, canOpen: this.canOpen(account), isAtOnce };
  }

  /**
   * Opens a restriction for admins at once, and otherwise asks them to. Throws `accountNotYours`, `adminAccount`,
   * `disabledByAdmin`, `passLocked`, `passNotNeeded`, `passOpen`, `tooManyRequests`, or a Jellyfin code.
   */
  async ask(
    actor: Actor,
    accountId: string,
    { restriction, lasts }: Pick<PassTerms, 'restriction' | 'lasts'>,
    channelId: string | undefined,
  ): Promise<PassOutcome> {
    const { stores, requests, executor, now } = this.deps;
    const { account, isAtOnce } = await this.look(actor, accountId);
    if (stores.passes.ofAccount(accountId).some((each) => each.restriction === restriction && isOpen(each)))
      throw new AppError('passOpen');
    assertCanOpen(account, restriction);
    const pass = { restriction, lasts, ...(lasts === 'midnight' && { until: midnightAfter(now()) }) };
    const about: Omit<NewRequest, 'state' | 'origin' | 'createdAt'> = {
      ...{ kind: 'pass', pass, ...aboutAccount(account), snapshot: snapshotOf(account) },
      ...{ memberId: actor.id, askedInChannelId: channelId },
    };
    if (isAtOnce) {
      const decided = { state: 'approved', origin: 'direct', decidedBy: actor.id, createdAt: now() } as const;
      const request = stores.requests.insert({ ...about, ...decided });
      if (!request) throw new AppError('passOpen');
      executor.record(request, 'begun');
      const executed = await executor.executeForAnswer(request);
      return { way: 'at once', ...executed, pass: stores.passes.ofRequest(request.id) };
    }
    const open = stores.requests.open(actor.id, accountId, 'pass', restriction);
    if (open) return { way: 'asked', asked: requests.asked(open) };
    requests.checkPace(actor);
    return { way: 'asked', asked: await requests.put(about) };
  }

  async execute(request: Request): Promise<Request> {
    const { stores, jellyfin, executor, now } = this.deps;
    const { id, accountId, pass: terms } = request;
    if (!terms) throw new Error(`the request ${id} does not say what to open`);
    const endsAt = endOf(terms, now());
    if (endsAt !== undefined && endsAt <= now()) throw new AppError('passTooLate');
    const { restriction } = terms;
    const devices = restriction === 'devices' ? await devicesBefore(this.deps, accountId) : undefined;
    const check = executor.preWriteCheck(request);
    await jellyfin.restrict(accountId, async (account) => {
      await check(account);
      const begun = stores.passes.ofRequest(id);
      const isBegun = begun !== undefined && begun.endedAt === undefined;
      // Killed after the restriction was opened, or the answer to that was lost.
      if (isBegun && !isRestricted(account, restriction)) return undefined;
      assertCanOpen(account, restriction);
      const before = fieldsOf(account, restriction);
      const at = { requestId: id, accountId, restriction, before, devicesBefore: devices };
      const isWritten = isBegun ? stores.passes.beginAgain(begun.id, before, devices) : stores.passes.begin(at);
      if (!isWritten) throw new AppError('passOpen');
      return openFields[restriction];
    });
    this.#opened(request, terms);
    return executor.finish(request, 'due');
  }

  /** Ends what others ask for who want the same. */
  onDone({ accountId, pass, decidedBy = 'latchkey' }: Request): Request[] {
    return this.deps.endings.fulfil('pass', accountId, decidedBy, pass?.restriction);
  }

  /** All that are open. */
  open(): Pass[] {
    return this.deps.stores.passes.open().filter(isOpen);
  }

  /** Those of an account that are open. */
  ofAccount(accountId: string): Pass[] {
    return this.deps.stores.passes.ofAccount(accountId).filter(isOpen);
  }

  /** That of a request, while it is open. */
  ofRequest(requestId: number): Pass | undefined {
    const pass = this.deps.stores.passes.ofRequest(requestId);
    return pass && isOpen(pass) ? pass : undefined;
  }

  /** Its time begins now, when it is known to be open. */
  #opened({ id }: Request, terms: PassTerms): void {
    const { stores, now } = this.deps;
    const begun = stores.passes.ofRequest(id);
    if (!begun) return;
    const at = now();
    const endsAt = endOf(terms, at);
    stores.passes.opened(begun.id, at, endsAt);
    if (endsAt === undefined) stores.passes.end(begun.id, 'forGood', at);
  }

  /** An admin, and of an administrator's account one who owns such an account. */
  async #mayOpen(actor: Actor, account: Account): Promise<boolean> {
    const { ownership, permissions } = this.deps;
    if (actor.rank !== 'admin') return false;
    if (await permissions.mayChange(actor, account)) return true;
    if (!ownership.has(actor.id, account.id)) throw new AppError('adminAccount');
    return false;
  }
}

/** Throws where opening this restriction would let nobody in. */
function assertCanOpen(account: Account, restriction: Restriction): void {
  if (account.isDisabled) throw new AppError(lockState(account) === 'locked' ? 'passLocked' : 'disabledByAdmin');
  if (!isRestricted(account, restriction)) throw new AppError('passNotNeeded');
}
