import { AppError } from '../../errors.js';
import { lockState, type Account } from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import type { Audit } from '../audit.js';
import type { CarriedOut, RequestExecutor } from './request-execution.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { LinkStore } from '../accounts/link.js';
import { limits, type RateLimits } from './rate-limits.js';
import { type Request, type RequestStore, snapshotOf } from './request.js';
import type { Requests } from './requests.js';

/** `ended`: it was carried out, well or not, and the answer says so or is said to be lost. `ask`: it is for an admin to decide; `againAt`, in seconds, where only the limit is why. */
export type SelfUnlock =
  | ({ readonly way: 'ended'; readonly request: Request } & Pick<CarriedOut, 'delivered' | 'lost'>)
  | { readonly way: 'ask'; readonly againAt?: number; readonly count?: number };

/**
 * Owners unlock their own locked account, where the household allows it (`SELF_UNLOCK=allow`). It is an ordinary request
 * that its member approves: carried on after a stop, and the admins see its card, which calls nobody.
 */
export class SelfUnlocks {
  constructor(
    private readonly isAllowed: boolean,
    private readonly store: RequestStore,
    private readonly links: LinkStore,
    private readonly jellyfin: Pick<Jellyfin, 'getAccount'>,
    private readonly requests: Pick<Requests, 'checkPace'>,
    private readonly executor: Pick<RequestExecutor, 'carryOutInAnswer'>,
    private readonly rateLimits: RateLimits,
    private readonly audit: Audit,
    private readonly now: () => number,
  ) {}

  /** Whether an owner could unlock it at this moment. */
  mayNow(account: Account): boolean {
    return isLocked(account) && this.mayOnceLocked(account);
  }

  /** The same, where it is known to be locked. An administrator's account takes an admin, whoever it is linked to. */
  mayOnceLocked({ id, isAdministrator }: Pick<Account, 'id' | 'isAdministrator'>): boolean {
    return this.isAllowed && !isAdministrator && this.rateLimits.againAt(id, 'self unlock') === undefined;
  }

  /** Throws `disabledByAdmin`, `notLocked`, `tooManyRequests`, or a Jellyfin code. */
  async unlock(actor: Actor, accountId: string, channelId: string | undefined): Promise<SelfUnlock> {
    if (!this.isAllowed || !this.links.find(actor.id, accountId)) return { way: 'ask' };
    const account = await this.jellyfin.getAccount(accountId);
    const state = lockState(account);
    if (state === 'disabled') throw new AppError('disabledByAdmin');
    if (state === 'open') throw new AppError('notLocked');
    if (account.isAdministrator) return { way: 'ask' };
    const againAt = this.rateLimits.againAt(accountId, 'self unlock');
    if (againAt !== undefined) return { way: 'ask', againAt, count: limits['self unlock'].count };
    const request = this.#approved(actor, account, channelId);
    if (!request) return { way: 'ask' };
    const { id: requestId, memberId, accountName } = request;
    this.audit.record({
      ...{ actorId: actor.id, act: 'self unlock', outcome: 'begun' },
      ...{ accountId, accountName, memberId, requestId },
    });
    const { request: ended = request, delivered, lost } = await this.executor.carryOutInAnswer(requestId);
    return { way: 'ended', request: ended, delivered, lost };
  }

  /** What they have asked for already is answered with it; undefined when that is being done at this moment. */
  #approved(actor: Actor, account: Account, channelId: string | undefined): Request | undefined {
    const decision = { decidedBy: actor.id, decidedAt: this.now() };
    const open = this.store.open(actor.id, account.id, 'unlock');
    if (open && open.state !== 'pending') return undefined;
    if (!open) this.requests.checkPace(actor);
    // Counted first: a bot that is killed in between has counted one too many, never one too few.
    this.rateLimits.note(account.id, 'self unlock');
    if (open) return this.store.move(open.id, ['pending'], 'approved', decision);
    return this.store.insert({
      ...{ kind: 'unlock', state: 'approved', memberId: actor.id, accountId: account.id, accountName: account.name },
      ...{ adminAccount: false, snapshot: snapshotOf(account), askedInChannelId: channelId, origin: 'asked' },
      ...{ createdAt: this.now(), decidedBy: actor.id },
    });
  }
}

function isLocked(account: Account): boolean {
  const state = lockState(account);
  return state === 'locked' || state === 'overLimit';
}
