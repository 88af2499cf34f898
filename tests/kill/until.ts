import { setTimeout as pause } from 'node:timers/promises';

/** Looks every few milliseconds until something is there. Throws what `complain` says after `withinMs`. */
export async function until<T>(look: () => T | undefined, complain: () => string, withinMs = 10_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Never came true: ${complain()}`);
    await pause(10);
  }
}
