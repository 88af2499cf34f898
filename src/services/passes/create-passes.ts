import type { AccountServices } from '../accounts/create-accounts.js';
import type { NoticeServices } from '../notices/create-notices.js';
import type { RequestServices } from '../requests/create-requests.js';
import { PassEnds } from './pass-ends.js';
import { PassNotices } from './pass-notices.js';
import type { PassPorts } from './pass.js';
import { Passes } from './passes.js';

/** Builds what opens restrictions for a while and puts them back. */
export function createPasses(ports: PassPorts, earlier: AccountServices & NoticeServices & RequestServices) {
  const deps = { ...ports, ...earlier };
  const passes = new Passes(deps);
  earlier.executor.register('pass', passes);
  earlier.outbox.register(['passStillOpen', 'passEndedEarly'], new PassNotices(deps));
  return { passes, passEnds: new PassEnds(deps) };
}
