import type { Log } from './log.js';
import type { PasswordServices } from './passwords/create-passwords.js';
import type { PasswordDelivery } from './passwords/password-delivery.js';
import type { PasswordHandover } from './passwords/password-handover.js';
import type { TempPasswordWatch } from './passwords/temp-password-watch.js';
import type { RequestServices } from './requests/create-requests.js';
import type { RequestCards } from './requests/request-cards.js';
import type { RequestEndings } from './requests/request-endings.js';
import type { RequestExecutor } from './requests/request-executor.js';
import type { Request, RequestStore } from './requests/request.js';

export interface UpkeepDeps {
  readonly store: RequestStore;
  readonly executor: Pick<RequestExecutor, 'exclusively' | 'publish' | 'resume'>;
  readonly handover: Pick<PasswordHandover, 'expireUncollected' | 'failAbandonedAnswers'>;
  readonly passwords: Pick<PasswordDelivery, 'scrubAllSuperseded'>;
  readonly tempPasswords: Pick<TempPasswordWatch, 'round'>;
  readonly cards: Pick<RequestCards, 'remind'>;
  readonly endings: Pick<RequestEndings, 'expire'>;
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
    const { store, executor, endings, handover, passwords, tempPasswords, limits } = this.deps;
    const now = this.deps.now();
    for (const request of store.unfinished()) {
      if (request.delivery !== 'answer') await executor.resume(request);
    }
    for (const request of store.toExpire(now - limits.expireAfterMs)) {
      const expired = endings.expire(request);
      if (expired) await executor.publish(expired);
    }
    for (const request of store.toRemind(now - limits.remindAfterMs)) {
      await executor.exclusively(request, (current) => this.#remind(current));
    }
    for (const request of store.uncollected(now - limits.expireAfterMs)) await handover.expireUncollected(request);
    await passwords.scrubAllSuperseded();
    await tempPasswords.round();
  }

  async #remind(request: Request): Promise<void> {
    const { cards, log, now } = this.deps;
    if (request.state !== 'pending') return;
    try {
      await cards.remind(request, now());
    } catch (err) {
      log.warn({ err, request: request.id }, 'the reminder could not be sent yet');
    }
  }
}

export interface UpkeepPorts {
  readonly stores: { readonly requests: RequestStore };
  readonly config: { readonly requestReminderMs: number; readonly requestTtlMs: number };
  readonly log: Log;
  readonly now: () => number;
}

export function createUpkeep(ports: UpkeepPorts, earlier: RequestServices & PasswordServices): Upkeep {
  const { stores, config, log, now } = ports;
  return new Upkeep({
    ...{ store: stores.requests, executor: earlier.executor, cards: earlier.cards, handover: earlier.passwordHandover },
    ...{ passwords: earlier.passwordDelivery, tempPasswords: earlier.tempPasswordWatch },
    ...{ endings: earlier.endings, log, now },
    limits: { remindAfterMs: config.requestReminderMs, expireAfterMs: config.requestTtlMs },
  });
}
