import { escapeText, label } from '../../discord/escape.js';
import {
  answer,
  colours,
  notice,
  type MessageBody,
  type Button,
  type LinkButton,
  type Select,
  seconds,
  whatIsAsked,
  who,
} from '../../discord/parts.js';
import type { Languages, WrittenAboutOf } from '../../services/members/member-preferences.js';
import {
  isOvertaken,
  type Request,
  requestButtonIds,
  type CardFacts,
  type RequestMessages,
  isByName,
  type RequestState,
} from '../../services/requests/request.js';
import type { Translate, Words } from '../../words.js';
import { greetingButton, greetingInAnswer, greetingText } from '../links/link-messages.js';
import { jellyfinLink, signInButton, accountFigures, figures } from '../accounts/account-card.js';
import { lockState } from '../../services/accounts/account.js';

export interface RequestMessagesDeps {
  readonly words: Words;
  readonly languages: Languages;
  readonly roles: DecidingRoles;
  readonly guildId: string;
  /** Jellyfin's address for members, where it is known. */
  readonly publicUrl: string | undefined;
  readonly writtenAbout: WrittenAboutOf;
}

/** What people are told unasked about requests: ordinary messages, each a plain sentence first. */
export class DiscordRequestMessages implements RequestMessages {
  constructor(private readonly deps: RequestMessagesDeps) {}

  /** What is asked, how it came to this, what approving does; later, how it ended. */
  card(request: Request, facts: CardFacts, reminder: boolean): MessageBody {
    const t = this.deps.words.in(undefined);
    const { state, kind, memberId, accountId, reason } = request;
    const isPending = state === 'pending';
    const roleIds = isPending ? rolesFor(request, this.deps.roles) : [];
    const content = cardSentence(t, request, roleIds, reminder).trim();
    const asker = t('card.whoText', { member: who(t, memberId), id: memberId });
    const since = facts.link && t('card.linkedSince', { at: seconds(facts.link.linkedAt) });
    const fields = [
      {
        name: t('card.who'),
        value: [
          since === undefined ? asker : `${asker}, ${since}`,
          ...(facts.asker ? names(t, request, facts.asker) : []),
        ].join('\n'),
      },
      ...(kind === 'link' && accountId === '' ? [] : [{ name: t('card.account'), value: account(t, request, facts) }]),
      { name: t('card.history'), value: history(t, request, facts) },
      ...(isPending ? [{ name: t('card.effect'), value: effect(t, request) }] : []),
      ...(reason ? [{ name: t('card.reason'), value: escapeText(reason) }] : []),
      ...(state === 'failed' ? [{ name: t('card.trouble'), value: trouble(t, request) }] : []),
    ];
    const text = hint(t, request, facts);
    const details = { colour: colourOf[state], fields, ...(text !== undefined && { text }) };
    return notice(content, details, rows(t, request, facts), { roles: roleIds });
  }

  movedCard(request: Request, newer: string): MessageBody {
    const t = this.deps.words.in(undefined);
    const place = `https://discord.com/channels/${this.deps.guildId}/${request.card?.channelId ?? ''}/${newer}`;
    return notice(`${t('card.moved')} ${place}`, undefined, []);
  }

  outcome(request: Request): MessageBody {
    const t = this.#t(request);
    const sentence = this.#outcomeSentence(t, request);
    const details = outcomeDetails(t, request);
    if (request.kind === 'link' && request.state === 'done') return this.#greeting(t, request);
    const good = request.state === 'done' || request.state === 'approved';
    const card = { colour: good ? colours.good : colours.quiet, text: details.join('\n') };
    const row: (Button | LinkButton)[] = [...this.#passwordButton(t, request)];
    if (request.state === 'done') row.push(...jellyfinLink(t, this.deps.publicUrl));
    if (request.state === 'done' && request.kind === 'unlock') row.push(signInButton(t, request.accountId));
    row.push({ id: requestButtonIds(request).outcome, label: t('buttons.showAccount') });
    return notice(sentence, details.length > 0 ? card : undefined, [row]);
  }

  /** As the greeting of any other link, with the button by which this word is found again. */
  #greeting(t: Translate, request: Request): MessageBody {
    const about = this.deps.writtenAbout(request.memberId);
    const show = { id: requestButtonIds(request).outcome, label: t('buttons.showAccount') };
    const row = about.lockouts === 'never' ? [show] : [greetingButton(t, request.accountId, about), show];
    return notice(this.#outcomeSentence(t, request), { colour: colours.good, text: greetingText(t, about) }, [row]);
  }

  /** The same word as part of the answer to a command. */
  outcomeInReply(request: Request): MessageBody {
    const t = this.#t(request);
    if (request.kind === 'link' && request.state === 'done') {
      return greetingInAnswer(t, request, this.deps.writtenAbout(request.memberId));
    }
    const button = this.#passwordButton(t, request);
    const text = [this.#outcomeSentence(t, request), ...outcomeDetails(t, request)].join('\n');
    return answer(button.length > 0 ? [text, button] : [text], colours.waiting);
  }

  outcomeAnnounced(request: Request): MessageBody {
    const t = this.#t(request);
    const member = `<@${request.memberId}>`;
    const button = this.#passwordButton(t, request);
    const sentence = button.length > 0 ? t('told.inPlacePassword', { member }) : t('told.inPlace', { member });
    const row =
      button.length > 0 ? button : [{ id: requestButtonIds(request).outcome, label: t('buttons.showAccount') }];
    return notice(sentence, undefined, [row], { users: [request.memberId] });
  }

  #outcomeSentence(t: Translate, request: Request): string {
    const params = { account: escapeText(request.accountName), what: whatIsAsked(t, request) };
    if (request.state === 'done') return t(`told.done.${request.kind}`, params);
    if (request.state === 'pending') return t('asked.again', { at: Math.floor(request.createdAt / 1000) });
    if (isOvertaken(request)) return t('told.overtaken', params);
    if (request.state !== 'failed') return t(`told.${request.state}`, params);
    return t('told.failed', { ...params, why: t(`errors.${request.failure ?? 'tryAgain'}`) });
  }

  #passwordButton(t: Translate, request: Request): Button[] {
    if (request.state !== 'approved' || request.delivery !== 'button') return [];
    return [{ id: requestButtonIds(request).show, label: t('buttons.showPassword'), style: 'primary' }];
  }

  #t(request: Request): Translate {
    return this.deps.words.in(this.deps.languages.of(request.memberId));
  }
}

function outcomeDetails(t: Translate, request: Request): string[] {
  if (request.state === 'failed') return [t(request.origin === 'asked' ? 'told.failedNext' : 'told.failedAsk')];
  if (request.state !== 'denied' || !request.reason) return [];
  return [t('told.deniedReason', { reason: escapeText(request.reason) })];
}

/** The roles that may decide, by whose account it is about. */
export interface DecidingRoles {
  readonly adminRoleIds: readonly string[];
  readonly helperRoleIds: readonly string[];
}

/** Discord takes so many options in a select. */
const mostCandidates = 25;

const colourOf: Record<RequestState, number> = {
  pending: colours.waiting,
  approved: colours.waiting,
  done: colours.good,
  failed: colours.bad,
  denied: colours.quiet,
  cancelled: colours.quiet,
  expired: colours.quiet,
};

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
  };
  const { state, kind, decidedBy, memberId } = request;
  if (state === 'pending') {
    if (reminder) return t('card.reminder', params);
    return isByName(request) ? t(`card.asksLinking.${request.kind}`, params) : t(`card.asks.${kind}`, params);
  }
  if (state === 'cancelled') return t(isOvertaken(request) ? 'card.overtaken' : 'card.cancelled', params);
  // Unlocked by its owner, or by a helper or admin who decided their own request.
  const isOwnUnlock = kind === 'unlock' && decidedBy === memberId;
  if (isOwnUnlock && (state === 'approved' || state === 'done' || state === 'failed')) {
    return t(`card.self.${state}`, params);
  }
  if (state === 'done') return t(`card.done.${kind}`, params);
  if (state === 'approved' && request.delivery === 'button') return t('card.waitsForPress', params);
  return t(`card.${state}`, params);
}

/** What an admin may have to do beside pressing a button. */
function hint(t: Translate, request: Request, facts: CardFacts): string | undefined {
  if (request.deliveryStatus === 'unreachable') return t('card.unreached', { member: who(t, request.memberId) });
  if (!request.linksOnApproval || request.state !== 'pending') return undefined;
  const named = namedHint(t, request, facts);
  if (named !== undefined) return named;
  if (facts.candidates.length === 0) return t('card.noCandidates');
  return facts.candidates.length > mostCandidates ? t('card.moreCandidates') : undefined;
}

/** What a nickname does not say, as it is whatever one likes. */
function names(
  t: Translate,
  { linksOnApproval }: Request,
  { username, joinedAt, alike, isDisguised }: NonNullable<CardFacts['asker']>,
): string[] {
  const at = seconds(joinedAt ?? 0);
  const lines = [
    t(joinedAt === undefined ? 'card.username' : 'card.usernameSince', { username: escapeText(username), at }),
  ];
  if (alike.length > 0) lines.push(t('card.alike', { members: alike.map((id) => who(t, id)).join(', ') }));
  if (isDisguised) lines.push(t('card.disguised'));
  if (linksOnApproval) lines.push(t('card.noProof'));
  return lines;
}

function effect(t: Translate, request: Request): string {
  const does = t(`card.effects.${request.kind}`);
  return isByName(request) ? `${t('card.linksToo', { member: who(t, request.memberId) })}\n${does}` : does;
}

/** Why there is no Approve for the name that somebody wrote down. */
function namedHint(t: Translate, request: Request, { named }: CardFacts): string | undefined {
  if (!named) return undefined;
  const name = escapeText(label(request.accountName, 100));
  if (named.kind !== 'account') return t(`card.named.${named.kind}`, { name });
  return named.account.isAdministrator ? t('card.named.administrator', { name }) : undefined;
}

function account(t: Translate, request: Request, { named, owners, sharedWith }: CardFacts): string {
  if (named?.kind === 'account') {
    const line = `${escapeText(named.account.name)} · ${t(`card.state.${lockState(named.account)}`)}`;
    return owners.length > 0 ? `${line}\n${hasOwner(t, owners)}` : line;
  }
  const parts = [escapeText(request.accountName)];
  // As it was when it was asked for: once that is changed, it would only contradict the sentence above.
  if (request.snapshot && request.state !== 'done') parts.push(t(`card.state.${request.snapshot.state}`));
  if (request.adminAccount) parts.push(t('account.administrator'));
  const line = parts.join(' · ');
  return sharedWith.length > 0 ? `${line}\n${isShared(t, sharedWith)}` : line;
}

function history(t: Translate, request: Request, facts: CardFacts): string {
  const { count, last } = facts.earlier;
  const earlier = t('card.earlier', { count, at: seconds(last ?? 0) });
  if (facts.named?.kind === 'account') return `${accountFigures(t, facts.named.account)}\n${earlier}`;
  return request.snapshot ? `${figures(t, request.snapshot)}\n${earlier}` : earlier;
}

/** Why a request failed, and what to do about it where that is known. */
export function trouble(t: Translate, { failure = 'tryAgain' }: Request): string {
  return t.withFix(failure).join('\n');
}

function rows(t: Translate, request: Request, { candidates, named }: CardFacts): (Button[] | Select)[] {
  if (request.state === 'failed')
    return [[{ id: `requests:retry:${request.id}`, label: t('buttons.retry'), style: 'primary' }]];
  if (request.state !== 'pending') return [];
  const isOffered = named?.kind === 'account' && !named.account.isAdministrator;
  const buttons = decideButtons(t, request, isOffered);
  if (!request.linksOnApproval || candidates.length === 0) return [buttons];
  const options = candidates.slice(0, mostCandidates).map(({ id, name }) => ({ label: label(name, 100), value: id }));
  return [{ id: `requests:account:${request.id}`, placeholder: t('card.pickAccount'), options }, buttons];
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

function rolesFor(request: Request, roles: DecidingRoles): string[] {
  const helpersToo = !request.linksOnApproval && !request.adminAccount;
  return [...new Set([...(helpersToo ? roles.helperRoleIds : []), ...roles.adminRoleIds])];
}

/** What admins should know before they link somebody to an account. */
export function hasOwner(t: Translate, owners: readonly string[]): string {
  return t('card.hasOwner', { members: owners.map((id) => who(t, id)).join(', ') });
}

/** What admins should know before they give one of several owners a new password. */
export function isShared(t: Translate, others: readonly string[]): string {
  return t('card.shared', { members: others.map((id) => who(t, id)).join(', ') });
}
