import { AppError } from '../errors.js';
import type { Actor } from './members/actor.js';
import { againAt } from './pace.js';
import type { RequestStore } from './request-store.js';

const hourMs = 3_600_000;
/** A member may ask so often. */
const asking = { count: 5, withinMs: hourMs };

/** Throws `tooManyRequests`, with the time at which this person may ask again. */
export function assertMayAsk(store: Pick<RequestStore, 'askedBetween'>, actor: Actor, now: number): void {
  const asked = store.askedBetween(actor.id, now - hourMs, now);
  const at = againAt(asked, asking);
  if (at !== undefined) throw new AppError('tooManyRequests', { at, count: asking.count });
}
