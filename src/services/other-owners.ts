import type { LinkStore } from './link.js';
import { makesLink, type Request } from './request.js';

/** Whom the account belongs to that a request would link its asker to, or has linked them to, beside the asker. */
export function otherOwners(links: Pick<LinkStore, 'ofAccount'>, request: Request): string[] {
  const accountId = request.accountId === '' ? request.offeredId : request.accountId;
  if (!makesLink(request) || accountId === undefined) return [];
  return links
    .ofAccount(accountId)
    .map(({ memberId }) => memberId)
    .filter((memberId) => memberId !== request.memberId);
}
