import type { RateLimitData } from 'discord.js';
import { isRecent } from '../time.js';

/** Longer than any ordinary limit on the messages of one channel. */
const longWaitMs = 60_000;
/** An ordinary limit is over after one wait; so many for one message in this time are none. */
const mostWaits = 3;
const forgottenAfterMs = 10 * 60_000;

/**
 * Which 429 is given up. discord.js waits for every one, and "Maximum number of edits to messages older than 1 hour
 * reached" (30046) comes as one: for an hour, again and again after a second, or without a time at all (then it would be
 * asked anew at once, for ever). Such an edit would hang, and with it the press that is waiting for it. discord.js does
 * not show the code here, so it is told by how it behaves; the messenger then says `editLimitReached`, and a new card is sent.
 */
export function editPatience(now: () => number = Date.now): (limit: RateLimitData) => boolean {
  const waits = new Map<string, { count: number; since: number }>();
  return ({ method, route, url, retryAfter, sublimitTimeout }) => {
    if (method.toUpperCase() !== 'PATCH' || route !== '/channels/:id/messages/:id') return false;
    if (retryAfter <= 0 || retryAfter > longWaitMs) return true;
    // Without a time of its own it is the channel's limit, which discord.js foresees and which passes.
    if (sublimitTimeout === 0) return false;
    for (const [key, { since }] of waits) if (!isRecent(since, now(), forgottenAfterMs)) waits.delete(key);
    const count = (waits.get(url)?.count ?? 0) + 1;
    waits.set(url, { count, since: waits.get(url)?.since ?? now() });
    if (count < mostWaits) return false;
    waits.delete(url);
    return true;
  };
}
