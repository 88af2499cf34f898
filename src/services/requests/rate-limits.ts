import { dayMs, hourMs } from '../../time.js';
import { AppError, type ErrorCode } from '../../errors.js';
import type { Actor } from '../members/actor.js';
import type { RequestStore } from './request.js';

interface Limit {
  readonly count: number;
  readonly withinMs: number;
}

/** How often something may be done, by one member or, for `self unlock`, to one account. */
export const limits = {
  'sign-in code': { count: 10, withinMs: hourMs },
  'link code': { count: 10, withinMs: hourMs },
  'self unlock': { count: 3, withinMs: dayMs },
} as const satisfies Record<string, Limit>;

/** Jellyfin has looked at nothing: a call that takes too long is another matter, as it may have got there. */
const unasked: ReadonlySet<ErrorCode> = new Set(['jellyfinUnreachable', 'jellyfinStarting', 'jellyfinStartFailed']);

type LimitedAct = keyof typeof limits;

export interface RateLimitStore {
  add(whose: string, act: LimitedAct, at: number): void;
  /** Takes one back that was counted at that moment. */
  takeBack(whose: string, act: LimitedAct, at: number): void;
  /** When it was done, oldest first; what a clock wrote that was ahead is not among it until its time comes. */
  between(whose: string, act: LimitedAct, since: number, now: number): number[];
}

/** Limits on what members can do as often as they like; they survive restarts, as what was done is written down. */
export class RateLimits {
  constructor(
    private readonly store: RateLimitStore,
    private readonly now: () => number,
  ) {}

  /** When it can be done again, in seconds since 1970; undefined for now. */
  againAt(whose: string, act: LimitedAct): number | undefined {
    const limit = limits[act];
    const now = this.now();
    return againAt(this.store.between(whose, act, now - limit.withinMs, now), limit);
  }

  /** Counts one more. */
  note(whose: string, act: LimitedAct): void {
    this.store.add(whose, act, this.now());
  }

  /**
   * Does it and counts one more, before it is done; one for which Jellyfin could not even be asked does not count. Throws
   * `tooOften` with the time at which this member may do it again, or what the work throws.
   */
  async take<T>(memberId: string, act: Exclude<LimitedAct, 'self unlock'>, work: () => Promise<T>): Promise<T> {
    const againAt = this.againAt(memberId, act);
    if (againAt !== undefined) throw new AppError('tooOften', { at: againAt, count: limits[act].count });
    const at = this.now();
    this.store.add(memberId, act, at);
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError && unasked.has(error.code)) this.store.takeBack(memberId, act, at);
      throw error;
    }
  }
}

/** When there is room for one more beside these, oldest first; Discord's whole seconds, rounded up so as never to be too early. */
function againAt(times: readonly number[], { count, withinMs }: Limit): number | undefined {
  const oldest = times[times.length - count];
  return oldest === undefined ? undefined : Math.ceil((oldest + withinMs) / 1000);
}

/** A member may ask so often. */
const asking = { count: 5, withinMs: hourMs };

/** Throws `tooManyRequests`, with the time at which this person may ask again. */
export function assertMayAsk(store: Pick<RequestStore, 'askedBetween'>, actor: Actor, now: number): void {
  const asked = store.askedBetween(actor.id, now - hourMs, now);
  const at = againAt(asked, asking);
  if (at !== undefined) throw new AppError('tooManyRequests', { at, count: asking.count });
}
