import { AppError } from '../../errors.js';
import { LinkGreetings, LinkNewsDesk, UnlinkNotices } from './link-notices.js';
import type { LinkDeps } from './link-ports.js';
import { LinkProofNotices, LinkProofs } from './link-proofs.js';
import { LinkSync } from './link-sync.js';
import { Links } from './links.js';

/** Builds what makes links, follows them, and tells people of them. */
export function createLinks(deps: LinkDeps) {
  const { executor, outbox, ownership } = deps;
  // Approving one makes the link, so that executing it has nothing left to do.
  executor.register('link', {
    changesAccount: false,
    execute: async (request) => {
      // One that was taken away since is not given back here.
      if (!ownership.has(request.memberId, request.accountId)) throw new AppError('linkGone');
      return executor.finish(request, 'due');
    },
  });
  const news = new LinkNewsDesk(deps);
  outbox.register(['linkNews'], news);
  outbox.register(['greeting', 'linkUnproved'], new LinkGreetings(deps));
  outbox.register(['unlinked'], new UnlinkNotices(deps));
  outbox.register(['proofEnded', 'proofRefused'], new LinkProofNotices(deps));
  const links = new Links({ ...deps, news });
  return { links, proofs: new LinkProofs({ ...deps, links }), follow: new LinkSync({ ...deps, news }) };
}
