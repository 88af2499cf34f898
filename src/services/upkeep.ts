import type { RequestExecutor } from './requests/request-execution.js';
import type { Transaction } from './transaction.js';
import type { Audit } from './audit.js';
import type { Log } from './log.js';
import type { PasswordDelivery } from './passwords/password-delivery.js';
import type { Request, RequestStore } from './requests/request.js';
import type { RequestCards } from './requests/request-cards.js';
import type { Resets } from './passwords/password-resets.js';
import type { TempPasswordWatch } from './passwords/temp-password-watch.js';

/** What time does to requests, and what a stopped bot left: carried on, reminded of, expired. */
export class Upkeep {
  constructor(
    private readonly store: RequestStore,
    private readonly executor: RequestExecutor,
    private readonly resets: Resets,
    private readonly passwords: PasswordDelivery,
    private readonly tempPasswords: Pick<TempPasswordWatch, 'round'>,
    private readonly cards: RequestCards,
    private readonly transaction: Transaction,
    private readonly audit: Audit,
    private readonly log: Log,
    private readonly limits: { readonly remindAfterMs: number; readonly expireAfterMs: number },
    private readonly now: () => number,
  ) {}

  /** At a start, before anything else: carries on what was begun and tells who has not heard. */
  async resume(): Promise<void> {
    this.resets.failAbandonedAnswers();
    const left = this.store.unfinished();
    if (left.length > 0)
      this.log.info({ requests: left.map((each) => each.id) }, 'carrying on what was left unfinished');
    for (const request of left) await this.executor.carryOut(request.id, true);
  }

  /** Once a minute: what Discord's troubles delayed, what nobody decided, what nobody came to see. */
  async round(): Promise<void> {
    const now = this.now();
    for (const request of this.store.unfinished()) {
      if (request.delivery !== 'answer') await this.executor.carryOut(request.id, true);
    }
    for (const request of this.store.toExpire(now - this.limits.expireAfterMs)) await this.#expire(request.id);
    for (const request of this.store.toRemind(now - this.limits.remindAfterMs)) {
      await this.executor.exclusively(request.id, () => this.#remind(request.id));
    }
    for (const request of this.store.uncollected(now - this.limits.expireAfterMs)) {
      await this.resets.expireUncollected(request.id);
    }
    await this.passwords.scrubSuperseded();
    await this.tempPasswords.round();
  }

  async #expire(id: number): Promise<void> {
    const expired = this.transaction(() => {
      const moved = this.store.move(id, ['pending'], 'expired', { endedAt: this.now(), word: 'due' });
      if (moved) this.#recordExpired(moved);
      return moved;
    });
    if (expired) await this.executor.settle(id);
  }

  #recordExpired({ id: requestId, kind: detail, accountId, accountName, memberId }: Request): void {
    const act = { actorId: 'latchkey', act: 'expire', outcome: 'done' };
    this.audit.record({ ...act, accountId, accountName, memberId, requestId, detail });
  }

  async #remind(id: number): Promise<void> {
    const request = this.store.byId(id);
    if (request?.state !== 'pending') return;
    try {
      await this.cards.remind(request, this.now());
    } catch (err) {
      this.log.warn({ err, request: id }, 'the reminder could not be sent yet');
    }
  }
}
