import { type Button, turning, seconds } from '../../discord/parts.js';
import type { Rank } from '../../services/members/actor.js';
import { type Request } from '../../services/requests/request.js';
import type { Translate } from '../../words.js';
import { whatIsAsked, who } from '../shared/who.js';

/** So many requests fit one screen, and with their buttons, and what else is to be said, the 40 components of one answer. */
const perPage = 6;

/** A page of them, and the way to the others. */
export function waitingPage(
  t: Translate,
  waiting: readonly Request[],
  rank: Rank,
  ownersOf: (request: Request) => readonly string[],
  wantedPage: number,
): (string | Button[])[] {
  const pages = Math.ceil(waiting.length / perPage);
  const page = Math.min(wantedPage, pages - 1);
  const lines = waitingLines(t, waiting.slice(page * perPage), rank, ownersOf, perPage);
  return pages > 1 ? [...lines, turning(t, 'requests', page, pages)] : lines;
}

/**
 * One line for each waiting request, with the buttons of whoever reads them: what makes a link, or is about an
 * administrator's account, is the admins' to decide.
 */
export function waitingLines(
  t: Translate,
  waiting: readonly Request[],
  rank: Rank,
  ownersOf: (request: Request) => readonly string[],
  most: number,
): (string | Button[])[] {
  const lines = waiting.slice(0, most).flatMap((request) => {
    const mayDecide = rank === 'admin' || !(request.linksOnApproval || request.adminAccount);
    const owners = ownersOf(request);
    return [line(t, request, owners), ...(mayDecide ? [buttons(t, request)] : [])];
  });
  const more = waiting.length - most;
  return more > 0 ? [...lines, t('status.more', { count: more })] : lines;
}

/** What admins should know before they link somebody to an account. */
export function hasOwner(t: Translate, owners: readonly string[]): string {
  return t('card.hasOwner', { members: owners.map((id) => who(t, id)).join(', ') });
}

/** What admins should know before they give one of several owners a new password. */
export function isShared(t: Translate, others: readonly string[]): string {
  return t('card.shared', { members: others.map((id) => who(t, id)).join(', ') });
}

function line(t: Translate, request: Request, owners: readonly string[]): string {
  const asked = t('status.waitingLine', {
    member: request.memberId,
    what: whatIsAsked(t, request),
    at: seconds(request.createdAt),
  });
  return owners.length > 0 ? `${asked}\n${hasOwner(t, owners)}` : asked;
}

/** The button that approves a link. Its version is refused once the account has got or lost an owner. */
export function approveLinkButton(t: Translate, { id, version }: Request): Button {
  return { id: `requests:approve:${id}:${version}`, label: t('buttons.approveLink'), style: 'success' };
}

function buttons(t: Translate, request: Request): Button[] {
  const deny: Button = { id: `requests:deny:${request.id}`, label: t('buttons.deny'), style: 'danger' };
  if (!request.linksOnApproval) {
    return [{ id: `requests:approve:${request.id}`, label: t('buttons.approve'), style: 'success' }, deny];
  }
  return request.offeredId === undefined ? [deny] : [approveLinkButton(t, request), deny];
}
