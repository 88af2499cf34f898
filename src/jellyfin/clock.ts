/**
 * How far another machine's clock is ahead of this one's (negative: behind), by the `Date` header of its answer; undefined
 * where it does not say. Behind a proxy it is the proxy's clock. All times in milliseconds since 1970.
 */
export function clockAheadMs(date: unknown, askedAt: number, answeredAt: number): number | undefined {
  const there = typeof date === 'string' ? Date.parse(date) : NaN;
  if (Number.isNaN(there)) return undefined;
  // The header has whole seconds, and was written at any moment in between.
  const [least, most] = [there - answeredAt, there + 1000 - askedAt];
  return least > 0 ? least : Math.min(most, 0);
}
