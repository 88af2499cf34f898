import { addressText, escapeText } from '../../discord/escape.js';
import {
  colours,
  notice,
  type MessageBody,
  type Button,
  type Part,
  type Select,
  seconds,
  whatIsAsked,
  who,
} from '../../discord/parts.js';
import { lockState } from '../../services/accounts/account.js';
import {
  isByName,
  helpersMayDecide,
  isOvertaken,
  type Request,
  type RequestState,
} from '../../services/requests/request.js';
import type { CardFacts } from '../../services/requests/request-deps.js';
import type { Member, Rank } from '../../services/members/actor.js';
import { type DecidingRoleIds, isNameOnly } from '../../services/notices/admin-channel.js';
import { isOpen, type Pass } from '../../services/passes/pass.js';
import type { Translate } from '../../words.js';
import { accountSelect, mostOptions } from '../accounts/account-choice.js';
import { accountFigures, figures } from '../accounts/account-figures.js';
import { endButton, passOver, passState } from '../passes/pass-parts.js';
import { listOf } from '../shared/lists.js';

const colourOf: Record<RequestState, number> = {
  pending: colours.waiting,
  approved: colours.waiting,
  done: colours.good,
  failed: colours.bad,
  denied: colours.quiet,
  cancelled: colours.quiet,
  expired: colours.quiet,
};

/** The card in the admin channel: what is asked, how it came to this, what approving does; later, how it ended. */
export function requestCard(
  t: Translate,
  request: Request,
  facts: CardFacts,
  roles: DecidingRoleIds,
  reminder: boolean,
  pass?: Pass,
): MessageBody {
  const { state, kind, memberId, accountId } = request;
  const isPending = state === 'pending';
  const roleIds = isPending ? rolesFor(request, roles) : [];
  const content = (pass && passOver(t, request, pass)) ?? cardSentence(t, request, roleIds, reminder).trim();
  const isHidden = isNameOnly(request, roles);
  const passed = pass && !isHidden ? passState(t, pass) : undefined;
  const denied = state === 'denied' ? whyDenied(t, request) : undefined;
  const asker = who(t, memberId);
  const since = facts.link && t('requestCard.linkedSince', { at: seconds(facts.link.linkedAt) });
  const fields = [
    {
      name: t('requestCard.who'),
      value: [
        since === undefined ? asker : `${asker}, ${since}`,
        ...(facts.asker ? names(t, request, facts.asker) : []),
      ].join('\n'),
    },
    ...(kind === 'link' && accountId === ''
      ? []
      : [{ name: t('requestCard.account'), value: account(t, request, facts, isHidden) }]),
    { name: t('requestCard.history'), value: history(t, request, facts, isHidden) },
    ...(isPending ? [{ name: t('requestCard.effect'), value: effect(t, request) }] : []),
    ...(passed === undefined ? [] : [{ name: t('pass.card.name'), value: passed }]),
    ...(denied === undefined ? [] : [{ name: t('requestCard.reason'), value: denied }]),
    ...(state === 'failed' && !isHidden ? [{ name: t('requestCard.trouble'), value: trouble(t, request) }] : []),
  ];
  const text = hint(t, request, facts);
  const details = { colour: colourOf[state], fields, ...(text !== undefined && { text }) };
  const acts = rows(t, request, facts, pass);
  const shown = isHidden && acts.length > 0 ? [[detailsButton(t, request)]] : acts;
  return notice(content, details, shown, { roles: roleIds });
}

/** Behind it stands what helpers, who read the channel as well, do not learn of an administrator's account. */
function detailsButton(t: Translate, { id }: Request): Button {
  return { id: `requests:details:${id}`, label: t('buttons.details') };
}

/** What the card of a request about an administrator's account leaves out, for whoever may see it, with what they may do. */
export function cardDetails(t: Translate, request: Request, rank: Rank, pass: Pass | undefined): Part[] {
  if (request.adminAccount && rank !== 'admin') return [t('account.administratorOnly')];
  const { snapshot, state } = request;
  const then =
    snapshot && state !== 'done' ? [`${t(`requestCard.state.${snapshot.state}`)} · ${figures(t, snapshot)}`] : [];
  const why = state === 'failed' ? [trouble(t, request)] : [];
  const passed = (pass && passState(t, pass)) ?? [];
  const lines = [cardSentence(t, request), ...then, ...fromAddress(t, request), ...why].concat(passed);
  return [lines.join('\n'), ...rows(t, request, { candidates: [], named: undefined }, pass)];
}

/** How a request stands, for those who decide. */
export function cardSentence(
  t: Translate,
  request: Request,
  roleIds: readonly string[] = [],
  reminder = false,
): string {
  const params = {
    roles: roleIds.map((id) => `<@&${id}>`).join(' '),
    member: who(t, request.memberId),
    account: escapeText(request.accountName),
    what: whatIsAsked(t, request),
    by: request.decidedBy === undefined ? '' : who(t, request.decidedBy),
    ...request.pass,
  };
  const { state, kind, decidedBy, memberId, origin } = request;
  if (state === 'pending') {
    if (reminder) return t('requestCard.reminder', params);
    return isByName(request)
      ? t(`requestCard.asksLinking.${request.kind}`, params)
      : t(`requestCard.asks.${kind}`, params);
  }
  if (state === 'cancelled') return t(isOvertaken(request) ? 'requestCard.overtaken' : 'requestCard.cancelled', params);
  // Unlocked by its owner, or by a helper or admin who decided their own request.
  const isOwnUnlock = kind === 'unlock' && decidedBy === memberId;
  if (isOwnUnlock && isDecided(state)) {
    return t(`requestCard.self.${state}`, params);
  }
  if (kind === 'pass' && origin === 'direct' && isDecided(state)) return t(`requestCard.let.${state}`, params);
  if (state === 'done') return t(`requestCard.done.${kind}`, params);
  if (state === 'approved' && request.delivery === 'button') return t('requestCard.waitsForPress', params);
  return t(`requestCard.${state}`, params);
}

const isDecided = (state: RequestState) => state === 'approved' || state === 'done' || state === 'failed';

/** Why it was denied, in one line; undefined where nobody said why. */
export function whyDenied(t: Translate, { denyReason, reason }: Request): string | undefined {
  const parts = [
    ...(denyReason ? [t(`requestCard.denyReasons.${denyReason}`)] : []),
    ...(reason ? [escapeText(reason)] : []),
  ];
  return parts.length > 0 ? parts.join(' ') : undefined;
}

/** What an admin may have to do beside pressing a button. */
function hint(t: Translate, request: Request, facts: CardFacts): string | undefined {
  if (request.deliveryStatus === 'unreachable') return t('requestCard.unreached', { member: who(t, request.memberId) });
  if (!request.linksOnApproval || request.state !== 'pending') return undefined;
  const named = namedHint(t, request, facts);
  if (named !== undefined) return named;
  if (facts.candidates.length === 0) return t('requestCard.noCandidates');
  return facts.candidates.length > mostOptions ? t('requestCard.moreCandidates') : undefined;
}

/** Of those whose name looks the same, so many are named: there may be more than fit a card. */
const mostAlike = 5;

/** What a nickname does not say, as it is whatever one likes. */
export function names(
  t: Translate,
  { linksOnApproval }: Pick<Request, 'linksOnApproval'>,
  { username, joinedAt, alike, isDisguised }: NonNullable<CardFacts['asker']>,
): string[] {
  const lines = [discordName(t, { username, joinedAt })];
  if (alike.length > 0) {
    const shown = alike.slice(0, mostAlike).map((id) => who(t, id));
    lines.push(t('requestCard.alike', { members: listOf(t, shown, alike.length) }));
  }
  if (isDisguised) lines.push(t('requestCard.disguised'));
  if (linksOnApproval) lines.push(t('requestCard.noProof'));
  return lines;
}

/** The name that nobody else has, and since when they are here, where Discord said that. */
export function discordName(t: Translate, { username, joinedAt }: Pick<Member, 'username' | 'joinedAt'>): string {
  const name = escapeText(username);
  if (joinedAt === undefined) return t('requestCard.username', { username: name });
  return t('requestCard.usernameSince', { username: name, at: seconds(joinedAt) });
}

function effect(t: Translate, request: Request): string {
  const does = t(`requestCard.effects.${request.kind}`, { ...request.pass });
  return isByName(request) ? `${t('requestCard.linksToo', { member: who(t, request.memberId) })}\n${does}` : does;
}

/** Why there is no Approve for the name that somebody wrote down. */
function namedHint(t: Translate, request: Request, { named }: CardFacts): string | undefined {
  if (!named) return undefined;
  const name = escapeText(request.accountName, 100);
  if (named.kind !== 'account') return t(`requestCard.named.${named.kind}`, { name });
  return named.account.isAdministrator ? t('requestCard.named.administrator', { name }) : undefined;
}

function account(t: Translate, request: Request, { named, owners, sharedWith }: CardFacts, isHidden: boolean): string {
  if (named?.kind === 'account') {
    const { name, isAdministrator } = named.account;
    const state = t(isAdministrator ? 'account.administrator' : `requestCard.state.${lockState(named.account)}`);
    const line = `${escapeText(name)} · ${state}`;
    return owners.length > 0 ? `${line}\n${hasOwner(t, owners)}` : line;
  }
  const parts = [escapeText(request.accountName)];
  // As it was when it was asked for: once that is changed, it would only contradict the sentence above.
  const { snapshot, adminAccount } = request;
  if (snapshot && request.state !== 'done' && !isHidden) parts.push(t(`requestCard.state.${snapshot.state}`));
  if (adminAccount) parts.push(t('account.administrator'));
  const line = parts.join(' · ');
  return sharedWith.length > 0 ? `${line}\n${isShared(t, sharedWith)}` : line;
}

function history(t: Translate, request: Request, facts: CardFacts, isHidden: boolean): string {
  const { count, last } = facts.earlier;
  const earlier = t('requestCard.earlier', { count, at: seconds(last ?? 0) });
  const named = facts.named?.kind === 'account' ? facts.named.account : undefined;
  if (isHidden || named?.isAdministrator) return earlier;
  if (named) return `${accountFigures(t, named)}\n${earlier}`;
  if (!request.snapshot) return earlier;
  return [figures(t, request.snapshot), ...fromAddress(t, request), earlier].join('\n');
}

/** From where the wrong passwords came, where that is known. */
function fromAddress(t: Translate, { snapshot }: Request): string[] {
  return snapshot?.address === undefined ? [] : [t('requestCard.from', { address: addressText(snapshot.address) })];
}

/** Why a request failed, and what to do about it where that is known. */
export function trouble(t: Translate, { failure = 'tryAgain' }: Request): string {
  return t.withFix(failure).join('\n');
}

function rows(
  t: Translate,
  request: Request,
  { candidates, named }: Pick<CardFacts, 'candidates' | 'named'>,
  pass: Pass | undefined,
): (Button[] | Select)[] {
  if (pass && isOpen(pass)) return [[endButton(t, pass)]];
  if (request.state === 'failed')
    return [[{ id: `requests:retry:${request.id}`, label: t('buttons.retry'), style: 'primary' }]];
  if (request.state !== 'pending') return [];
  const isOffered = named?.kind === 'account' && !named.account.isAdministrator;
  const buttons = decideButtons(t, request, isOffered);
  if (!request.linksOnApproval || candidates.length === 0) return [buttons];
  return [accountSelect(`requests:account:${request.id}`, t('requestCard.pickAccount'), candidates), buttons];
}

/**
 * Approve and Deny. A link can be approved where an account is offered; the request's version goes with it, as it is
 * refused once that account has got or lost an owner.
 */
export function decideButtons(t: Translate, request: Request, isOffered: boolean): Button[] {
  const { id, version, linksOnApproval } = request;
  const deny: Button = { id: `requests:deny:${id}`, label: t('buttons.deny'), style: 'danger' };
  if (!linksOnApproval) return [{ id: `requests:approve:${id}`, label: t('buttons.approve'), style: 'success' }, deny];
  const approve = {
    id: `requests:approve:${id}:${version}`,
    label: t('buttons.approveLink'),
    style: 'success',
  } as const;
  return isOffered ? [approve, deny] : [deny];
}

function rolesFor(request: Request, roles: DecidingRoleIds): string[] {
  return [...new Set([...(helpersMayDecide(request) ? roles.helperRoleIds : []), ...roles.adminRoleIds])];
}

/** What admins should know before they link somebody to an account. */
export function hasOwner(t: Translate, owners: readonly string[]): string {
  return t('requestCard.hasOwner', { members: t.list(owners.map((id) => who(t, id))) });
}

/** What admins should know before they give one of several owners a new password. */
function isShared(t: Translate, others: readonly string[]): string {
  return t('requestCard.shared', { members: t.list(others.map((id) => who(t, id))) });
}
