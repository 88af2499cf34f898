import { AppError } from '../../errors.js';
import type { NamedAccount, Restriction } from '../accounts/account.js';
import type { RequestDeps } from './request-deps.js';
import type { RequestExecutor } from './request-executor.js';
import type { Request, RequestKind, StateChange } from './request.js';

/**
 * Ends requests that nobody needs to decide any more: their link is gone, or what they ask for is there already. What is
 * returned is to be published once the caller's transaction is over.
 */
export class RequestEndings {
  constructor(private readonly deps: RequestDeps & { readonly executor: RequestExecutor }) {}

  /** Cancels what a member asked for an account that is not theirs any more; others' cards named them as its owner, too. */
  withdraw(memberId: string, accountId: string): Request[] {
    const asked = this.deps.stores.requests.openOf(memberId).filter((each) => each.accountId === accountId);
    return [...this.#withdraw(asked, 'due'), ...this.ownersChanged(accountId)];
  }

  /** An account has got or lost an owner: the cards that name its owners are to be drawn anew. */
  ownersChanged(accountId: string): Request[] {
    return this.deps.stores.requests.touchOffering(accountId);
  }

  /**
   * Cancels whatever waits for a member who is to be forgotten, and says nothing to them. False while something is being
   * executed for them, or on their decision: that ends by itself, and needs to know whose it is until then.
   */
  async release(memberId: string): Promise<boolean> {
    const { stores, executor } = this.deps;
    await executor.publishAll(stores.transaction(() => this.#withdraw(stores.requests.openOf(memberId), 'told')));
    return !stores.requests.isWorkedOnFor(memberId);
  }

  /** Ends what somebody asked for who has left the server: they are linked to nothing and cannot be told. Throws `memberLeft`. */
  async mustBeHere(memberId: string): Promise<void> {
    if (await this.deps.members.find(memberId)) return;
    await this.release(memberId);
    throw new AppError('memberLeft');
  }

  /** Ends well what waits for the very thing that was just done for the same account; `restriction`: by a pass. */
  fulfil(kind: RequestKind, accountId: string, decidedBy: string, restriction?: Restriction): Request[] {
    const waiting = this.deps.stores.requests
      .waiting(kind, accountId)
      .filter(({ pass }) => pass?.restriction === restriction);
    return waiting.flatMap((each) => this.#fulfil(each, { decidedBy, deliveryStatus: 'due' }));
  }

  /** Ends what waits for a link that its member has got by themselves. */
  fulfilLink(memberId: string, account: NamedAccount): Request[] {
    const link = { accountId: account.id, accountName: account.name };
    const waiting = this.deps.stores.requests.openOf(memberId).filter(({ kind }) => kind === 'link');
    return waiting.flatMap((each) => this.#fulfil(each, { decidedBy: memberId, deliveryStatus: 'told', ...link }));
  }

  /** Cancels what another request, which was done for the same account, has made needless. */
  cancelNeedless(kind: RequestKind, by: Request): Request[] {
    const { stores, executor, now } = this.deps;
    return stores.requests.waiting(kind, by.accountId).flatMap(({ id, memberId }) => {
      const at = now();
      const change = { decidedBy: by.decidedBy ?? by.memberId, decidedAt: at, endedAt: at };
      // Whoever asked for both hears of the one that was done.
      const deliveryStatus = memberId === by.memberId ? 'told' : 'due';
      const cancelled = stores.requests.move(id, ['pending'], 'cancelled', { ...change, deliveryStatus });
      if (cancelled) executor.record(cancelled, 'not needed', kind, 'latchkey');
      return cancelled ?? [];
    });
  }

  /** Ends what nobody decided in time. */
  expire({ id }: Request): Request | undefined {
    const { stores, executor, now } = this.deps;
    return stores.transaction(() => {
      const expired = stores.requests.move(id, ['pending'], 'expired', { endedAt: now(), deliveryStatus: 'due' });
      if (expired) executor.record(expired, 'done', 'expire', 'latchkey');
      return expired;
    });
  }

  #fulfil(
    { id, kind }: Request,
    change: Pick<StateChange, 'decidedBy' | 'deliveryStatus' | 'accountId' | 'accountName'>,
  ): Request[] {
    const { stores, executor, now } = this.deps;
    const at = now();
    const done = stores.requests.move(id, ['pending'], 'done', { ...change, decidedAt: at, endedAt: at });
    if (done && executor.changesAccount(kind)) executor.record(done, 'done');
    return done ? [done] : [];
  }

  #withdraw(requests: readonly Request[], deliveryStatus: 'due' | 'told'): Request[] {
    const { stores, executor, now } = this.deps;
    return requests.flatMap((request) => {
      const cancelled = stores.requests.move(request.id, ['pending'], 'cancelled', { endedAt: now(), deliveryStatus });
      if (cancelled) {
        executor.record(cancelled, 'done', 'cancel', 'latchkey');
        return cancelled;
      }
      // One that is being executed looks at the link itself, at the last moment; nobody waits for it here.
      return request.delivery === 'button' ? executor.fail(request, new AppError('linkGone'), deliveryStatus) : [];
    });
  }
}
