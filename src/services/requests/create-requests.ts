import { LinkMaker } from './link-maker.js';
import { OutcomeNotices } from './outcome-notices.js';
import { ownerNoticeKinds, OwnerNotices } from './owner-notices.js';
import { RateLimits } from './rate-limits.js';
import { RequestCards } from './request-cards.js';
import type { RequestDeps } from './request-deps.js';
import { RequestEndings } from './request-endings.js';
import { RequestExecutor } from './request-executor.js';
import { Requests } from './requests.js';
import { UnpostedRequests } from './unposted-requests.js';

/** Builds the engine of requests; the kinds of requests register with its executor. */
export function createRequests(deps: RequestDeps) {
  const unposted = new UnpostedRequests(deps);
  const cards = new RequestCards({ ...deps, unposted });
  const owners = new OwnerNotices(deps);
  const executor = new RequestExecutor({ ...deps, cards, owners });
  const endings = new RequestEndings({ ...deps, executor });
  const linkMaker = new LinkMaker(deps);
  const requests = new Requests({ ...deps, executor, endings, linkMaker });
  deps.outbox.register(['unposted'], unposted);
  deps.outbox.register(ownerNoticeKinds, owners);
  deps.outbox.register(['outcome'], new OutcomeNotices(deps));
  const rateLimits = new RateLimits(deps.stores.rateLimits, deps.now);
  return { requests, executor, endings, cards, owners, linkMaker, rateLimits };
}

type RequestServices = ReturnType<typeof createRequests>;

/** Requests, and all that they stand on: what every kind of request is built from. */
export type Engine = RequestDeps & RequestServices;
