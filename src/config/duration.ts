import { dayMs, hourMs } from '../time.js';

const unitMs = { s: 1_000, m: 60_000, h: hourMs, d: dayMs } as const;
const longestMs = 365 * unitMs.d;

export const durationForm = 'a number and one of s, m, h, d, such as 90m, 24h or 2d (a year at most)';

/** `90m` as milliseconds; undefined for what is not a duration, is nothing, or is longer than a year. */
export function readDuration(text: string): number | undefined {
  const match = /^(\d{1,6})\s*([smhd])$/i.exec(text);
  if (!match?.[1] || !match[2]) return undefined;
  const ms = Number(match[1]) * unitMs[match[2].toLowerCase() as keyof typeof unitMs];
  return ms > 0 && ms <= longestMs ? ms : undefined;
}
