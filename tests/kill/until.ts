import { setTimeout as pause } from 'node:timers/promises';

/** Looks every few milliseconds until something is there. Throws what `complain` says after `withinMs`. */
export async function until<T>(look: () => T | undefined, complain: () => string, withinMs = 30_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Never came true: ${complain()}`);
    await pause(10);
  }
}

/** Waits for something that is to happen. Throws what `complain` says when it has not after `limitMs`. */
export async function within<T>(limitMs: number, awaited: Promise<T>, complain: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complain())), limitMs);
  });
  return Promise.race([awaited, late]).finally(() => clearTimeout(timer));
}
