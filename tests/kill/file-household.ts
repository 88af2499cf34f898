import { afterAll, beforeAll } from 'vitest';
import type { KillableHousehold } from './killable-household.js';

/** Milliseconds for a test: all the points of its scene, where other work has the cores. */
export const limit = 600_000;

/** A household for all tests of a file, from before the first to after the last. */
export function fileHousehold(start: () => Promise<KillableHousehold>): () => KillableHousehold {
  let household: KillableHousehold;
  beforeAll(async () => {
    household = await start();
  });
  afterAll(() => household.close());
  return () => household;
}
