import { AppError } from '../errors.js';

export interface Limit {
  readonly count: number;
  readonly withinMs: number;
}

const hourMs = 3_600_000;

/** How often something may be done, by one member or, for `self unlock`, to one account. */
export const limits = {
  'sign-in code': { count: 10, withinMs: hourMs },
  'link code': { count: 10, withinMs: hourMs },
  'self unlock': { count: 3, withinMs: 24 * hourMs },
} as const satisfies Record<string, Limit>;

export type PacedAct = keyof typeof limits;

export interface PacedStore {
  add(whose: string, act: PacedAct, at: number): void;
  /** When it was done, oldest first; what a clock wrote that was ahead is not among it until its time comes. */
  between(whose: string, act: PacedAct, since: number, now: number): number[];
}

/** Limits on what members can do as often as they like; they survive restarts, as what was done is written down. */
export class Pace {
  constructor(
    private readonly store: PacedStore,
    private readonly now: () => number,
  ) {}

  /** When it can be done again, in seconds since 1970; undefined for now. */
  againAt(whose: string, act: PacedAct): number | undefined {
    const limit = limits[act];
    const now = this.now();
    return againAt(this.store.between(whose, act, now - limit.withinMs, now), limit);
  }

  /** Counts one more. */
  note(whose: string, act: PacedAct): void {
    this.store.add(whose, act, this.now());
  }

  /** Counts one more, or throws `tooOften` with the time at which this member may do it again. */
  take(memberId: string, act: Exclude<PacedAct, 'self unlock'>): void {
    const at = this.againAt(memberId, act);
    if (at !== undefined) throw new AppError('tooOften', { at, count: limits[act].count });
    this.note(memberId, act);
  }
}

/** When there is room for one more beside these, oldest first; Discord's whole seconds, rounded up so as never to be too early. */
export function againAt(times: readonly number[], { count, withinMs }: Limit): number | undefined {
  const oldest = times[times.length - count];
  return oldest === undefined ? undefined : Math.ceil((oldest + withinMs) / 1000);
}
