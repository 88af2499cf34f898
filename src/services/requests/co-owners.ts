import type { LinkStore } from '../accounts/link.js';
import { type Request } from './request.js';

/** A prime, below what a custom id has room for. */
const mostOwnersNumber = 999_983n;

/** Whom the account belongs to that a request would link its asker to, or has linked them to, beside the asker. */
export function otherOwners(links: Pick<LinkStore, 'ofAccount'>, request: Request): string[] {
  return request.linksOnApproval ? ownersBeside(links, request) : [];
}

/** Whom the account of a request belongs to beside its asker. */
export function ownersBeside(links: Pick<LinkStore, 'ofAccount'>, request: Request): string[] {
  const accountId = request.accountId === '' ? request.offeredId : request.accountId;
  if (accountId === undefined) return [];
  return links
    .ofAccount(accountId)
    .map(({ memberId }) => memberId)
    .filter((memberId) => memberId !== request.memberId);
}

/**
 * A number for exactly these owners, 0 for none. It goes with the button that makes somebody one more of them, so that a
 * press tells whom the presser saw: a card may be drawn anew at the moment of the press, and a list never is.
 */
export function ownersNumber(owners: readonly string[]): number {
  if (owners.length === 0) return 0;
  const sum = owners.reduce((all, memberId) => all + BigInt(memberId), 0n);
  return Number(sum % mostOwnersNumber) + 1;
}
