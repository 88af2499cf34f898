/**
 * Puts a whole process' clock ahead of the computer's, without the process' knowing: `node --import
 * moved-clock.js?ahead=3600000` from the start, `setAhead` while it runs. Timers run as they always do.
 */
let aheadMs = Number(new URL(import.meta.url).searchParams.get('ahead') ?? 0);

/** The computer's own time, whatever this process takes it for. */
export const computersTime = Date.now.bind(Date);

Date.now = () => computersTime() + aheadMs;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [Date.now()] : args, newTarget) as Date,
});

/** Moves this process' clock: so far ahead of the computer's it is from now on. */
export function setAhead(ms: number): void {
  aheadMs = ms;
}
