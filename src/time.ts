export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/**
 * Whether something happened within so long. A timestamp in the future (the clock was ahead and has been corrected since)
 * counts as old: as fresh it would hold until that time comes again.
 */
export function isRecent(at: number, now: number, withinMs: number): boolean {
  return at <= now && now - at < withinMs;
}
