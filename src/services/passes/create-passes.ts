import { PassEnds } from './pass-ends.js';
import { PassNotices } from './pass-notices.js';
import type { PassDeps } from './pass.js';
import { Passes } from './passes.js';

/** Builds what opens restrictions for a while and puts them back. */
export function createPasses(deps: PassDeps) {
  const passes = new Passes(deps);
  deps.executor.register('pass', passes);
  deps.outbox.register(['passStillOpen', 'passEndedEarly'], new PassNotices(deps));
  return { passes, passEnds: new PassEnds(deps) };
}
