import { calmly } from './log.js';
import type { PasswordServices } from './passwords/create-passwords.js';
import type { Engine } from './requests/create-requests.js';

export interface UpkeepPorts {
  readonly config: { readonly requestReminderMs: number };
}

/** What time does to requests, and what a stopped bot left: resumed, reminded of, expired. */
export class Upkeep {
  constructor(private readonly deps: UpkeepPorts & Engine & PasswordServices) {}

  /** At a start, before anything else: resumes what was begun and tells who has not heard. */
  async resume(): Promise<void> {
    const { stores, executor, cards, passwordHandover, log } = this.deps;
    passwordHandover.failAbandonedAnswers();
    // The settings may name another admin channel than before.
    for (const request of stores.requests.pending())
      await calmly(log, { request: request.id }, 'a card could not be sent to the admin channel yet', () =>
        executor.exclusively(request, (current) => cards.moveHere(current)),
      );
    const left = stores.requests.unfinished();
    if (left.length > 0) log.info({ requests: left.map((each) => each.id) }, 'carrying on what was left unfinished');
    for (const request of left) await executor.resume(request);
  }

  /** Once a minute: what Discord's troubles delayed, what nobody decided, what nobody came to see. */
  async round(): Promise<void> {
    const { stores, executor, endings, cards, passwordHandover, passwordDelivery, tempPasswordWatch } = this.deps;
    const { config, log } = this.deps;
    const now = this.deps.now();
    for (const request of stores.requests.unfinished()) {
      if (request.delivery !== 'answer') await executor.resume(request);
    }
    for (const request of stores.requests.toExpire(now - config.requestTtlMs)) {
      const expired = endings.expire(request);
      if (expired) await executor.publish(expired);
    }
    for (const request of stores.requests.toRemind(now - config.requestReminderMs)) {
      await executor.exclusively(request, (current) =>
        calmly(log, { request: request.id }, 'the reminder could not be sent yet', async () => {
          if (current.state === 'pending') await cards.remind(current, now);
        }),
      );
    }
    for (const request of stores.requests.uncollected(now - config.requestTtlMs))
      await passwordHandover.expireUncollected(request);
    await passwordDelivery.scrubAllSuperseded();
    await tempPasswordWatch.round();
  }
}
