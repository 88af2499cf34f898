import type { WebSocketOptions } from 'discord.js';

/** For a bot that is thrown out and comes back: discord.js lets five seconds pass between two identifies. */
export const identifiesAtOnce: WebSocketOptions = {
  buildIdentifyThrottler: () => ({ waitForIdentify: () => Promise.resolve() }),
};
