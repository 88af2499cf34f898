import type { Discord } from '../sandbox/discord/index.js';

/**
 * Times what a bot costs to acknowledge: from the moment the gateway is handed INTERACTION_CREATE until its callback
 * request has been taken. Both ends of that are in this process, on one clock; the way through the loopback is in it,
 * for every bot alike.
 */
export class AckClock {
  #sentAt = NaN;
  #waiting: ((ms: number) => void) | undefined;

  constructor(discord: Discord) {
    const { world } = discord;
    const dispatch = world.dispatch;
    world.dispatch = (event, data, intent) => {
      if (event === 'INTERACTION_CREATE') this.#sentAt = performance.now();
      dispatch(event, data, intent);
    };
    discord.onRequest(({ path }) => {
      if (!/^\/interactions\/[^/]+\/[^/]+\/callback$/.test(path)) return;
      this.#waiting?.(performance.now() - this.#sentAt);
      this.#waiting = undefined;
    });
  }

  /** Milliseconds until what `act` does is acknowledged, and what `act` gives back. Rejects when it is not within 10 s. */
  async time<T>(act: () => Promise<T>): Promise<{ ms: number; result: T }> {
    let timer: NodeJS.Timeout | undefined;
    const acknowledged = new Promise<number>((resolve, reject) => {
      this.#waiting = resolve;
      timer = setTimeout(() => reject(new Error('not acknowledged within 10 s')), 10_000);
    });
    try {
      const [ms, result] = await Promise.all([acknowledged, act()]);
      return { ms, result };
    } finally {
      clearTimeout(timer);
    }
  }
}
