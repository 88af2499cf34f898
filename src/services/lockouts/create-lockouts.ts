import { Denials, NotMe } from './not-me.js';
import { LockoutCards, LockoutNotices } from './lockout-notices.js';
import { LockEnds } from './lock-ends.js';
import { Lockouts } from './lockout-watch.js';
import type { LockoutDeps } from './lockout.js';

/** Builds everything about lockouts on its ports and on the services that it needs. */
export function createLockouts(deps: LockoutDeps) {
  const denials = new Denials(deps);
  // Owners before cards: a card says whether the owner was told.
  const lockouts = new Lockouts(deps, new LockEnds(deps), [new LockoutNotices(deps), new LockoutCards(deps), denials]);
  return { lockouts, denials, notMe: new NotMe(deps, denials) };
}
