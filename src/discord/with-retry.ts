import { setTimeout as wait } from 'node:timers/promises';

const pausesMs = [500, 2000];

/** Tries again, after a pause, what failed in a way that passes. */
export async function withRetry<T>(call: () => Promise<T>, passes: (error: unknown) => boolean): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await call();
    } catch (error) {
      if (!passes(error)) throw error;
      await wait(pauseMs);
    }
  }
  return call();
}
