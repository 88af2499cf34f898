import { setTimeout as wait } from 'node:timers/promises';

const defaultPausesMs = [500, 2000];

/** Repeats a call after each of the pauses while it fails with an error that `passes`; throws the last error. */
export async function withRetry<T>(
  call: () => Promise<T>,
  passes: (error: unknown) => boolean,
  pausesMs: readonly number[] = defaultPausesMs,
): Promise<T> {
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
