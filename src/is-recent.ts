/**
 * Whether something happened within so long. What a clock wrote that was ahead, and was put right since, lies in the
 * future and counts as old: as fresh it would hold until that time comes again.
 */
export function isRecent(at: number, now: number, withinMs: number): boolean {
  return at <= now && now - at < withinMs;
}
