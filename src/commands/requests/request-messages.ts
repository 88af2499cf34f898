import { escapeText } from '../../discord/escape.js';
import { answer, colours, notice, type Answer, type Button, type Link } from '../../discord/parts.js';
import type { Languages, WrittenAboutOf } from '../../services/members/member-preferences.js';
import { isOvertaken, type Request } from '../../services/requests/request.js';
import type { ScrubReason } from '../../services/passwords/temp-password.js';
import { markOf, type CardFacts, type RequestMessages } from '../../services/requests/request-messages.js';
import type { Translate, Words } from '../../words.js';
import { greetingButton, greetingInAnswer, greetingText } from '../links/link-greeting.js';
import { signInButton } from '../accounts/account-lines.js';
import { requestCard, type DecidingRoles } from './request-card.js';
import { whatIsAsked } from '../shared/who.js';

/** What people are told unasked about requests: ordinary messages, each a plain sentence first. */
export class DiscordRequestMessages implements RequestMessages {
  constructor(
    private readonly words: Words,
    private readonly languages: Languages,
    private readonly roles: DecidingRoles,
    private readonly guildId: string,
    private readonly publicUrl: string | undefined,
    private readonly writtenAbout: WrittenAboutOf,
  ) {}

  card(request: Request, facts: CardFacts, reminder: boolean): Answer {
    return requestCard(this.words, this.roles, request, facts, reminder);
  }

  movedCard(request: Request, newer: string): Answer {
    const t = this.words.in(undefined);
    const place = `https://discord.com/channels/${this.guildId}/${request.card?.channelId ?? ''}/${newer}`;
    return notice(`${t('card.moved')} ${place}`, undefined, []);
  }

  outcome(request: Request): Answer {
    const t = this.#t(request);
    const sentence = this.#outcomeSentence(t, request);
    const details = outcomeDetails(t, request);
    if (request.kind === 'link' && request.state === 'done') return this.#greeting(t, request);
    const good = request.state === 'done' || request.state === 'approved';
    const card = { colour: good ? colours.good : colours.quiet, text: details.join('\n') };
    const row: (Button | Link)[] = [...this.#passwordButton(t, request)];
    if (request.state === 'done') row.push(...this.#jellyfinLink(t));
    if (request.state === 'done' && request.kind === 'unlock') row.push(signInButton(t, request.accountId));
    row.push({ id: markOf.outcome(request), label: t('buttons.showAccount') });
    return notice(sentence, details.length > 0 ? card : undefined, [row]);
  }

  /** As the greeting of any other link, with the button by which this word is found again. */
  #greeting(t: Translate, request: Request): Answer {
    const about = this.writtenAbout(request.memberId);
    const show = { id: markOf.outcome(request), label: t('buttons.showAccount') };
    const row = about.lockouts === 'never' ? [show] : [greetingButton(t, request.accountId, about), show];
    return notice(this.#outcomeSentence(t, request), { colour: colours.good, text: greetingText(t, about) }, [row]);
  }

  /** The same word as part of the answer to a command. */
  outcomeInAnswer(request: Request): Answer {
    const t = this.#t(request);
    if (request.kind === 'link' && request.state === 'done') {
      return greetingInAnswer(t, request, this.writtenAbout(request.memberId));
    }
    const button = this.#passwordButton(t, request);
    const text = [this.#outcomeSentence(t, request), ...outcomeDetails(t, request)].join('\n');
    return answer(button.length > 0 ? [text, button] : [text], colours.waiting);
  }

  outcomeInPlace(request: Request): Answer {
    const t = this.#t(request);
    const member = `<@${request.memberId}>`;
    const button = this.#passwordButton(t, request);
    const sentence = button.length > 0 ? t('told.inPlacePassword', { member }) : t('told.inPlace', { member });
    const row = button.length > 0 ? button : [{ id: markOf.outcome(request), label: t('buttons.showAccount') }];
    return notice(sentence, undefined, [row], { users: [request.memberId] });
  }

  passwordComing(request: Request): Answer {
    const t = this.#t(request);
    const sentence = t('password.coming', { name: escapeText(request.accountName) });
    return notice(sentence, undefined, [[{ id: markOf.coming(request.id), label: t('buttons.showAccount') }]]);
  }

  passwordShown(request: Request, password: string): Answer {
    const t = this.#t(request);
    const where = this.publicUrl ? t('password.whereUrl', { url: `<${this.publicUrl}>` }) : t('password.whereApp');
    const content = t('password.shown', { password, where, name: escapeText(request.accountName) });
    return notice(content, undefined, [
      [
        { id: markOf.password(request.id), label: t('buttons.signedIn'), style: 'success' },
        renewButton(t, request),
        ...this.#jellyfinLink(t),
      ],
    ]);
  }

  passwordNotShown(request: Request): Answer {
    return notice(this.#t(request)('password.notShown'), undefined, []);
  }

  passwordScrubbed(request: Request, why: ScrubReason): Answer {
    const t = this.#t(request);
    const said = t(scrubbed[why], { newPassword: t('buttons.newPassword') });
    return notice(said, undefined, why === 'signed in' ? [[renewButton(t, request)]] : []);
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
    return [{ id: markOf.show(request.id), label: t('buttons.showPassword'), style: 'primary' }];
  }

  /** Discord takes no link to a bare host name such as `http://nas:8096`; the message has the address as text, too. */
  #jellyfinLink(t: Translate): Link[] {
    const isPlace = this.publicUrl !== undefined && /[.:]/.test(new URL(this.publicUrl).hostname);
    return isPlace ? [{ url: this.publicUrl, label: t('buttons.openJellyfin') }] : [];
  }

  #t(request: Request): Translate {
    return this.words.in(this.languages.of(request.memberId));
  }
}

const scrubbed = {
  'signed in': 'password.signedIn',
  superseded: 'password.superseded',
  replaced: 'password.replaced',
  expired: 'password.expired',
  'cut off': 'password.cutOff',
  unknown: 'password.unknown',
  gone: 'password.gone',
  unlinked: 'password.unlinked',
} as const satisfies Record<ScrubReason, string>;

function outcomeDetails(t: Translate, request: Request): string[] {
  if (request.state === 'failed') return [t(request.origin === 'asked' ? 'told.failedNext' : 'told.failedAsk')];
  if (request.state !== 'denied' || !request.reason) return [];
  return [t('told.deniedReason', { reason: escapeText(request.reason) })];
}

function renewButton(t: Translate, { id }: Request): Button {
  return { id: `resetpw:renew:${id}`, label: t('buttons.newPassword') };
}
