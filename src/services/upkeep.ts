import type { Audit } from './audit.js';
import type { Log } from './log.js';
import type { PasswordServices } from './passwords/create-passwords.js';
import type { PasswordDelivery } from './passwords/password-delivery.js';
import type { PasswordHandover } from './passwords/password-handover.js';
import type { TempPasswordWatch } from './passwords/temp-password-watch.js';
import type { RequestServices } from './requests/create-requests.js';
import type { RequestCards } from './requests/request-cards.js';
import type { RequestExecutor } from './requests/request-executor.js';
import { auditedRequest, type Request, type RequestStore } from './requests/request.js';
import type { Transaction } from './transaction.js';

export interface UpkeepDeps {
  readonly store: RequestStore;
  readonly executor: Pick<RequestExecutor, 'exclusively' | 'publish' | 'resume'>;
  readonly handover: Pick<PasswordHandover, 'expireUncollected' | 'failAbandonedAnswers'>;
  readonly passwords: Pick<PasswordDelivery, 'scrubSuperseded'>;
  readonly tempPasswords: Pick<TempPasswordWatch, 'round'>;
  readonly cards: Pick<RequestCards, 'remind'>;
  readonly transaction: Transaction;
  readonly audit: Audit;
  readonly log: Log;
  readonly limits: { readonly remindAfterMs: number; readonly expireAfterMs: number };
  readonly now: () => number;
}

/** What time does to requests, and what a stopped bot left: resumed, reminded of, expired. */
export class Upkeep {
  constructor(private readonly deps: UpkeepDeps) {}

  /** At a start, before anything else: resumes what was begun and tells who has not heard. */
  async resume(): Promise<void> {
    const { store, executor, handover, log } = this.deps;
    handover.failAbandonedAnswers();
    const left = store.unfinished();
    if (left.length > 0) log.info({ requests: left.map((each) => each.id) }, 'carrying on what was left unfinished');
    for (const request of left) await executor.resume(request);
  }

  /** Once a minute: what Discord's troubles delayed, what nobody decided, what nobody came to see. */
  async round(): Promise<void> {
    const { store, executor, handover, passwords, tempPasswords, limits } = this.deps;
    const now = this.deps.now();
    for (const request of store.unfinished()) {
      if (request.delivery !== 'answer') await executor.resume(request);
    }
    for (const request of store.toExpire(now - limits.expireAfterMs)) await this.#expire(request);
    for (const request of store.toRemind(now - limits.remindAfterMs)) {
      await executor.exclusively(request, () => this.#remind(request));
    }
    for (const request of store.uncollected(now - limits.expireAfterMs)) await handover.expireUncollected(request);
    await passwords.scrubSuperseded();
    await tempPasswords.round();
  }

  async #expire({ id, kind }: Request): Promise<void> {
    const { store, executor, transaction, audit, now } = this.deps;
    const expired = transaction(() => {
      const moved = store.move(id, ['pending'], 'expired', { endedAt: now(), deliveryStatus: 'due' });
      if (moved)
        audit.record({ actorId: 'latchkey', act: 'expire', outcome: 'done', detail: kind, ...auditedRequest(moved) });
      return moved;
    });
    if (expired) await executor.publish(expired);
  }

  async #remind({ id }: Request): Promise<void> {
    const { store, cards, log, now } = this.deps;
    // Read again: the request may have been decided while it waited for its lock.
    const request = store.byId(id);
    if (request?.state !== 'pending') return;
    try {
      await cards.remind(request, now());
    } catch (err) {
      log.warn({ err, request: id }, 'the reminder could not be sent yet');
    }
  }
}

export interface UpkeepPorts {
  readonly stores: { readonly requests: RequestStore; readonly audit: Audit; readonly transaction: Transaction };
  readonly config: { readonly requestReminderMs: number; readonly requestTtlMs: number };
  readonly log: Log;
  readonly now: () => number;
}

export function createUpkeep(ports: UpkeepPorts, earlier: RequestServices & PasswordServices): Upkeep {
  const { stores, config, log, now } = ports;
  return new Upkeep({
    ...{ store: stores.requests, executor: earlier.executor, cards: earlier.cards, handover: earlier.passwordHandover },
    ...{ passwords: earlier.passwordDelivery, tempPasswords: earlier.tempPasswordWatch },
    ...{ audit: stores.audit, transaction: stores.transaction, log, now },
    limits: { remindAfterMs: config.requestReminderMs, expireAfterMs: config.requestTtlMs },
  });
}
