import { computersTime, setAhead } from './moved-clock.js';

const preload = new URL('./moved-clock.js', import.meta.url);

/** What makes another node go by a clock that is so far ahead of the computer's. */
export function nodeWithClock(aheadMs: number): string[] {
  return ['--import', `${preload.href}?ahead=${aheadMs}`];
}

/** The household's one clock, which is moved on from story to story. Discord and the people, in this process, go by it at once. */
export class Clock {
  #aheadMs = 0;

  /** How far it is ahead of the computer's. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** Moves on by so long. */
  moveBy(ms: number): void {
    this.#aheadMs += ms;
    setAhead(this.#aheadMs);
  }

  /** Moves on to so long before the next time that it is this full hour. */
  moveTo(hour: number, beforeMs = 0): void {
    const next = new Date();
    next.setHours(hour, 0, 0, 0);
    if (next.getTime() - beforeMs <= Date.now()) next.setDate(next.getDate() + 1);
    // A clock ticks in whole milliseconds.
    this.#aheadMs = Math.round(next.getTime() - beforeMs - computersTime());
    setAhead(this.#aheadMs);
  }
}
