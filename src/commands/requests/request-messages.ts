import { escapeText, longestName } from '../../discord/escape.js';
import {
  answer,
  colours,
  notice,
  type MessageBody,
  type Button,
  type LinkButton,
  seconds,
  whatIsAsked,
  who,
} from '../../discord/parts.js';
import type { WrittenAboutOf } from '../../services/members/member-preferences.js';
import { adminsNoticeButtonId, ownerNoticeButtonId } from '../../services/requests/owner-notices.js';
import { isOvertaken, isOwnAct, type Request, requestButtonIds } from '../../services/requests/request.js';
import type { CardFacts, OwnerNoticeFacts, RequestMessages } from '../../services/requests/request-deps.js';
import { unpostedButtonIds } from '../../services/requests/unposted-requests.js';
import type { DecidingRoleIds } from '../../services/notices/admin-channel.js';
import { isOpen, type PassStore } from '../../services/passes/pass.js';
import type { SentencesFor, Translate } from '../../words.js';
import { greetingButton, greetingInAnswer, greetingText } from '../links/link-messages.js';
import { jellyfinLink, signInButton } from '../accounts/account-card.js';
import { endButton } from '../passes/pass-parts.js';
import { cardSentence, requestCard, whyDenied } from './request-card.js';

interface RequestMessagesDeps {
  readonly sentencesFor: SentencesFor;
  readonly discord: DecidingRoleIds & { readonly guildId: string; readonly adminChannelId: string };
  readonly passes: Pick<PassStore, 'ofRequest'>;
  /** Jellyfin's address for members, where it is known. */
  readonly publicUrl: string | undefined;
  readonly writtenAbout: WrittenAboutOf;
}

/** What people are told unasked about requests: ordinary messages, each a plain sentence first. */
export class DiscordRequestMessages implements RequestMessages {
  constructor(private readonly deps: RequestMessagesDeps) {}

  card(request: Request, facts: CardFacts, reminder: boolean): MessageBody {
    const { sentencesFor, discord, passes } = this.deps;
    return requestCard(sentencesFor(), request, facts, discord, reminder, passes.ofRequest(request.id));
  }

  movedCard(request: Request, newer: string): MessageBody {
    const t = this.deps.sentencesFor();
    const place = `https://discord.com/channels/${this.deps.discord.guildId}/${request.card?.channelId ?? ''}/${newer}`;
    return notice(`${t('requestCard.moved')} ${place}`);
  }

  outcome(request: Request): MessageBody {
    const t = this.deps.sentencesFor(request.memberId);
    const sentence = this.#outcomeSentence(t, request);
    const pass = this.deps.passes.ofRequest(request.id);
    const isOpened = request.state === 'done' && pass && isOpen(pass);
    const details = [
      ...outcomeDetails(t, request),
      ...(isOpened ? [t('pass.until', { at: seconds(pass.endsAt ?? 0) })] : []),
    ];
    if (request.kind === 'link' && request.state === 'done') return this.#greeting(t, request);
    const card = { colour: colourOf(request), text: details.join('\n') };
    const row: (Button | LinkButton)[] = [...this.#passwordButton(t, request)];
    if (request.state === 'done') row.push(...jellyfinLink(t, this.deps.publicUrl));
    if (request.state === 'done' && request.kind === 'unlock') row.push(signInButton(t, request.accountId));
    if (isOpened) row.push(endButton(t, pass));
    row.push(showButton(t, request));
    return notice(sentence, details.length > 0 ? card : undefined, [row]);
  }

  outcomeOver(request: Request): MessageBody | undefined {
    const pass = this.deps.passes.ofRequest(request.id);
    if (request.state !== 'done' || pass?.end === undefined || pass.end === 'forGood') return undefined;
    const t = this.deps.sentencesFor(request.memberId);
    return notice(t(`pass.ended.${pass.end}`), undefined, [[showButton(t, request)]]);
  }

  /** As the greeting of any other link, with the button by which this word is found again. */
  #greeting(t: Translate, request: Request): MessageBody {
    const about = this.deps.writtenAbout(request.memberId);
    const show = showButton(t, request);
    const row = about.lockouts === 'never' ? [show] : [greetingButton(t, request.accountId, about), show];
    return notice(this.#outcomeSentence(t, request), { colour: colours.good, text: greetingText(t, about) }, [row]);
  }

  /** The same word as part of the answer to a command. */
  outcomeInReply(request: Request): MessageBody {
    const t = this.deps.sentencesFor(request.memberId);
    if (request.kind === 'link' && request.state === 'done') {
      return greetingInAnswer(t, request, this.deps.writtenAbout(request.memberId));
    }
    const button = this.#passwordButton(t, request);
    const text = [this.#outcomeSentence(t, request), ...outcomeDetails(t, request)].join('\n');
    return answer(button.length > 0 ? [text, button] : [text], colourOf(request));
  }

  outcomeAnnounced(request: Request): MessageBody {
    const t = this.deps.sentencesFor(request.memberId);
    const member = `<@${request.memberId}>`;
    const button = this.#passwordButton(t, request);
    const sentence = button.length > 0 ? t('told.inPlacePassword', { member }) : t('told.inPlace', { member });
    const row = button.length > 0 ? button : [showButton(t, request)];
    return notice(sentence, undefined, [row], { users: [request.memberId] });
  }

  /** What is left of that, and of any other announcement, once it is read. */
  announcementOver(memberId: string): MessageBody {
    return notice(this.deps.sentencesFor(memberId)('told.inPlaceOver'));
  }

  unposted(recipientId: string, request: Request, why: 'closed' | 'noRole'): MessageBody {
    const t = this.deps.sentencesFor(recipientId);
    const { adminChannelId: id } = this.deps.discord;
    const params = { member: who(t, request.memberId), what: whatIsAsked(t, request), id };
    const ids = unpostedButtonIds(request.id);
    // Nobody may decide while there is no role for it: whoever pressed the list would be refused.
    const button =
      why === 'closed'
        ? { id: ids.list, label: t('statusCard.waiting') }
        : { id: ids.account, label: t('buttons.showAccount') };
    return notice(t('unposted.waits', params), { colour: colours.waiting, text: t(`unposted.${why}`, params) }, [
      [button],
    ]);
  }

  unpostedOver(recipientId: string, request: Request): MessageBody {
    return notice(cardSentence(this.deps.sentencesFor(recipientId), request).trim());
  }

  adminsNotice(request: Request): MessageBody {
    const t = this.deps.sentencesFor();
    const { kind, delivery, accountName, memberId, decidedBy = '' } = request;
    const password = delivery === 'answer' ? 'handed' : memberId === decidedBy ? 'self' : 'reset';
    const what = kind === 'link' ? 'link' : password;
    const account = escapeText(accountName, longestName);
    const sentence = t(`ownerNotice.admins.${what}`, { account, member: who(t, memberId), by: who(t, decidedBy) });
    return notice(sentence, undefined, [[{ id: adminsNoticeButtonId(request), label: t('buttons.freeAccounts') }]]);
  }

  ownerNotice(ownerId: string, request: Request, facts: OwnerNoticeFacts): MessageBody {
    const t = this.deps.sentencesFor(ownerId);
    const { what, details } = ownerNoticeText(t, request, facts);
    const button = { id: ownerNoticeButtonId(request), label: t('buttons.showAccount') };
    return notice(what, { colour: colours.waiting, text: details }, [[button]]);
  }

  #outcomeSentence(t: Translate, request: Request): string {
    const params = { account: escapeText(request.accountName), what: whatIsAsked(t, request), ...request.pass };
    if (request.state === 'done') return t(`told.done.${request.kind}`, params);
    if (request.state === 'pending') return t('asked.again', { at: Math.floor(request.createdAt / 1000) });
    if (isOvertaken(request)) return t('told.overtaken', params);
    if (request.state === 'denied' && whyDenied(t, request) === undefined) return t('told.deniedUnsaid', params);
    if (request.state !== 'failed') return t(`told.${request.state}`, params);
    return t('told.failed', { ...params, why: t(`errors.${request.failure ?? 'tryAgain'}`) });
  }

  #passwordButton(t: Translate, request: Request): Button[] {
    if (request.state !== 'approved' || request.delivery !== 'button') return [];
    return [{ id: requestButtonIds(request).show, label: t('buttons.showPassword'), style: 'primary' }];
  }
}

function ownerNoticeText(t: Translate, request: Request, { isLinked, mayBeSet }: OwnerNoticeFacts) {
  const { kind, state, accountName, memberId, decidedBy = '' } = request;
  const params = {
    account: escapeText(accountName, longestName),
    member: who(t, memberId),
    by: who(t, decidedBy),
  };
  if (kind === 'pass') {
    const about = { ...params, ...request.pass };
    return { what: t('ownerNotice.done.pass', about), details: t('ownerNotice.who.pass', params) };
  }
  if (mayBeSet) return { what: t('ownerNotice.mayBeSet', params), details: t('ownerNotice.getOne', params) };
  if (!request.linksOnApproval) {
    const how = !isLinked ? 'serverAdmin' : memberId === decidedBy ? 'self' : 'given';
    const next = isLinked ? t('ownerNotice.shared.next', params) : t('ownerNotice.getOne', params);
    const details = [t(`ownerNotice.shared.${how}`, params), next].join('\n');
    return { what: t('ownerNotice.done.reset', params), details };
  }
  // What failed has changed nothing but the link.
  const done = state === 'done' ? kind : 'link';
  const how = isOwnAct(request) ? 'proved' : request.origin === 'direct' ? 'linked' : done;
  const details = [t(`ownerNotice.who.${how}`, params), t('ownerNotice.next', params)].join('\n');
  return { what: t(`ownerNotice.done.${done}`, params), details };
}

/** By it the message is found again. */
function showButton(t: Translate, request: Request): Button {
  return { id: requestButtonIds(request).outcome, label: t('buttons.showAccount') };
}

/** What a member hears waits for them while a button does; else it is done, broken, or over. */
function colourOf({ state }: Request): number {
  if (state === 'approved' || state === 'pending') return colours.waiting;
  return state === 'done' ? colours.good : state === 'failed' ? colours.bad : colours.quiet;
}

function outcomeDetails(t: Translate, request: Request): string[] {
  if (request.state === 'failed') return [t(request.origin === 'asked' ? 'told.failedNext' : 'told.failedAsk')];
  const reason = request.state === 'denied' ? whyDenied(t, request) : undefined;
  return reason === undefined ? [] : [t('told.deniedReason', { reason })];
}
