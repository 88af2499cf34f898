import type { RateLimitData } from 'discord.js';
import { isRecent } from '../time.js';

/** Longer than any ordinary limit on the messages of one channel. */
const longWaitMs = 60_000;
/** An ordinary limit is over after one wait; so many waits for one message in this time are the limit on edits. */
const mostWaits = 3;
const forgottenAfterMs = 10 * 60_000;

/**
 * Tells discord.js which 429 not to wait for. "Maximum number of edits to messages older than 1 hour reached" (30046) is
 * sent as a 429: for an hour, again and again after a second, or without a time (discord.js would then ask again at once,
 * for ever). Such an edit would hang, and the press that waits for it, too. discord.js does not pass on the code here, so
 * the limit is recognised by its times; the messenger then returns `editLimitReached`, and a new card is sent.
 */
export function editPatience(now: () => number = Date.now): (limit: RateLimitData) => boolean {
  const waits = new Map<string, { count: number; since: number }>();
  return ({ method, route, url, retryAfter, sublimitTimeout }) => {
    if (method.toUpperCase() !== 'PATCH' || route !== '/channels/:id/messages/:id') return false;
    if (retryAfter <= 0 || retryAfter > longWaitMs) return true;
    // Without a sublimit it is the channel's ordinary limit, which passes.
    if (sublimitTimeout === 0) return false;
    for (const [key, { since }] of waits) if (!isRecent(since, now(), forgottenAfterMs)) waits.delete(key);
    const count = (waits.get(url)?.count ?? 0) + 1;
    waits.set(url, { count, since: waits.get(url)?.since ?? now() });
    if (count < mostWaits) return false;
    waits.delete(url);
    return true;
  };
}
