import { AppError } from '../../errors.js';
import type { Account } from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import type { Transaction } from '../transaction.js';
import type { Audit } from '../audit.js';
import type { RequestExecutor } from './request-execution.js';
import type { Members } from '../members/member-lookup-port.js';
import type { Request, RequestKind, RequestStore } from './request.js';

/** Ends requests that nobody needs to decide any more: their link is gone, or what they ask for is there already. */
export class RequestEndings {
  constructor(
    private readonly store: RequestStore,
    private readonly executor: Pick<RequestExecutor, 'done' | 'fail' | 'settle'>,
    private readonly members: Pick<Members, 'rankOf'>,
    private readonly transaction: Transaction,
    private readonly audit: Audit,
    private readonly now: () => number,
  ) {}

  /**
   * Cancels what a member asked for an account that is not theirs any more; gives back what is then to be settled, the
   * cards of others that named them as its owner too.
   */
  withdraw(memberId: string, accountId: string): number[] {
    const asked = this.store.openOf(memberId).filter((each) => each.accountId === accountId);
    return [...this.#withdraw(asked, 'due'), ...this.ownersChanged(accountId)];
  }

  /** An account has got or lost an owner; gives back the requests whose cards are to be settled. */
  ownersChanged(accountId: string): number[] {
    return this.store.touchOffering(accountId);
  }

  /** Tells people, and brings cards up to date. */
  async settle(ids: readonly number[]): Promise<void> {
    for (const id of ids) await this.executor.settle(id);
  }

  /**
   * Cancels whatever waits for a member who is to be forgotten, and says nothing to them. False while something is being
   * carried out for them, or on their decision: that ends by itself, and needs to know whose it is until then.
   */
  async release(memberId: string): Promise<boolean> {
    await this.settle(this.transaction(() => this.#withdraw(this.store.openOf(memberId), 'told')));
    return !this.store.isWorkedOnFor(memberId);
  }

  /** Who has left is owed nothing, could not be told, and is linked to nothing: what they asked for is over. Throws `memberLeft`. */
  async mustBeHere(memberId: string): Promise<void> {
    if ((await this.members.rankOf(memberId)) !== undefined) return;
    await this.release(memberId);
    throw new AppError('memberLeft');
  }

  /** Ends what waits for the very thing that somebody has just done without being asked. */
  async answer(kind: RequestKind, accountId: string, actor: Actor): Promise<void> {
    const answered = this.transaction(() =>
      this.store.pending().flatMap((each) => {
        if (each.kind !== kind || each.accountId !== accountId) return [];
        const decision = { decidedBy: actor.id, decidedAt: this.now() };
        const approved = this.store.move(each.id, ['pending'], 'approved', decision);
        // It may have been ended together with another one.
        if (approved) this.executor.done(approved, 'due');
        return [each.id];
      }),
    );
    await this.settle(answered);
  }

  /** Ends what waits for a link that somebody has got by themselves; gives back what is then to be settled. */
  answerLink(memberId: string, { id: accountId, name: accountName }: Account): number[] {
    const decision = { decidedBy: memberId, decidedAt: this.now(), accountId, accountName };
    const end = { ...decision, endedAt: this.now(), word: 'told' } as const;
    return this.store.openOf(memberId).flatMap(({ id, kind }) => {
      const isEnded = kind === 'link' && this.store.move(id, ['pending'], 'done', end);
      return isEnded ? [id] : [];
    });
  }

  #withdraw(requests: readonly Request[], word: 'due' | 'told'): number[] {
    return requests.flatMap((request) => {
      const cancelled = this.store.move(request.id, ['pending'], 'cancelled', { endedAt: this.now(), word });
      if (cancelled) this.#recordCancelled(cancelled);
      else if (request.delivery === 'button') this.executor.fail(request, new AppError('linkGone'), word);
      // One that is being carried out looks at the link itself, at the last moment; nobody waits for it here.
      else return [];
      return [request.id];
    });
  }

  #recordCancelled({ id: requestId, accountId, accountName, memberId }: Request): void {
    const actor = { actorId: 'latchkey', act: 'cancel', outcome: 'done' };
    this.audit.record({ ...actor, accountId, accountName, memberId, requestId });
  }
}
