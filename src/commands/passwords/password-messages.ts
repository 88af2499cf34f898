import { escapeText } from '../../discord/escape.js';
import { answer, colours, notice, type MessageBody, type Button, seconds } from '../../discord/parts.js';
import { type Request, requestButtonIds } from '../../services/requests/request.js';
import {
  type ScrubReason,
  type TempPassword,
  type PasswordNoticeKind,
  passwordNoticeButtonId,
  type PasswordMessages,
} from '../../services/passwords/temp-password.js';
import type { SentencesFor, Translate } from '../../words.js';
import { jellyfinLink } from '../accounts/account-card.js';
import type { Context } from '../../discord/command.js';

/** The one message in which a password stands, and what people hear about it without the password. */
export class DiscordPasswordMessages implements PasswordMessages {
  constructor(
    private readonly sentencesFor: SentencesFor,
    private readonly publicUrl: string | undefined,
  ) {}

  passwordComing(request: Request): MessageBody {
    const t = this.sentencesFor(request.memberId);
    const sentence = t('password.coming', { name: escapeText(request.accountName) });
    return notice(sentence, undefined, [[{ id: requestButtonIds(request).coming, label: t('buttons.showAccount') }]]);
  }

  passwordShown(request: Request, password: string): MessageBody {
    const t = this.sentencesFor(request.memberId);
    const where = this.publicUrl ? t('password.whereUrl', { url: `<${this.publicUrl}>` }) : t('password.whereApp');
    const shown = t('password.shown', { password, where, name: escapeText(request.accountName) });
    const content = request.snapshot?.isLimited ? `${shown}\n${t('asked.limited')}` : shown;
    return notice(content, undefined, [
      [
        copyButton(t, request),
        { id: requestButtonIds(request).password, label: t('buttons.ownSet'), style: 'success' },
        renewButton(t, request),
        ...jellyfinLink(t, this.publicUrl),
      ],
    ]);
  }

  passwordNotShown(request: Request): MessageBody {
    return notice(this.sentencesFor(request.memberId)('password.notShown'));
  }

  passwordScrubbed(request: Request, why: ScrubReason): MessageBody {
    const t = this.sentencesFor(request.memberId);
    const said = t(scrubbed[why], { newPassword: t('buttons.newPassword') });
    return notice(said, undefined, why === 'own set' ? [[renewButton(t, request)]] : []);
  }

  notice(kind: PasswordNoticeKind, password: TempPassword, request: Request): MessageBody {
    const t = this.sentencesFor(request.memberId);
    const { sentence, text } = said(t, kind, password, request);
    return notice(sentence, { colour: colours.waiting, text }, [this.#buttons(t, kind, request)]);
  }

  noticeAnnounced(kind: PasswordNoticeKind, request: Request): MessageBody {
    const t = this.sentencesFor(request.memberId);
    const member = `<@${request.memberId}>`;
    return notice(t('tempPassword.inPlace', { member }), undefined, [this.#buttons(t, kind, request)], {
      users: [request.memberId],
    });
  }

  reminderOver(request: Request): MessageBody {
    const name = escapeText(request.accountName);
    return notice(this.sentencesFor(request.memberId)('tempPassword.reminderOver', { name }));
  }

  #buttons(t: Translate, kind: PasswordNoticeKind, request: Request): Button[] {
    const label = t(request.delivery === 'answer' ? 'buttons.reset' : 'buttons.showAccount');
    return [{ id: passwordNoticeButtonId(kind, request), label }];
  }
}

const scrubbed = {
  'own set': 'password.ownSet',
  superseded: 'password.superseded',
  replaced: 'password.replaced',
  expired: 'password.expired',
  'cut off': 'password.cutOff',
  unknown: 'password.unknown',
  gone: 'password.gone',
  unlinked: 'password.unlinked',
} as const satisfies Record<ScrubReason, string>;

/** Shows a password that stands on the same message as a message of its own. */
export function copyButton(t: Translate, { id }: Request): Button {
  return { id: `resetpw:copy:${id}`, label: t('buttons.copyPassword'), style: 'primary' };
}

/** The password behind the spoiler of a message; undefined where it is covered. */
export function passwordShownIn(text: string): string | undefined {
  return /\|\|`([^`|]+)`\|\|/.exec(text)?.[1];
}

function renewButton(t: Translate, { id }: Request): Button {
  return { id: `resetpw:renew:${id}`, label: t('buttons.newPassword') };
}

function said(t: Translate, kind: PasswordNoticeKind, password: TempPassword, request: Request) {
  const params = { name: escapeText(request.accountName), at: seconds(password.expiresAt) };
  if (kind === 'passwordEnd') {
    const way = request.delivery === 'answer' ? 'passedOn' : endKeys[password.end ?? ''];
    return {
      sentence: t(`tempPassword.ended.${way ?? 'unknown'}`, params),
      text: t(`tempPassword.next.${way ?? 'unknown'}`),
    };
  }
  if (password.isBlind) return { sentence: t('tempPassword.unsure', params), text: t('tempPassword.howTo') };
  if (password.usedAt !== undefined) return { sentence: t('tempPassword.used', params), text: t('tempPassword.howTo') };
  const stands = password.message !== undefined && password.scrubbedAt === undefined;
  const where = t(stands ? 'tempPassword.above' : 'tempPassword.missed');
  return { sentence: t('tempPassword.unused', params), text: `${t('tempPassword.until', params)}\n${where}` };
}

const endKeys: Readonly<Record<string, 'expired' | 'cutOff' | 'unknown'>> = { expired: 'expired', 'cut off': 'cutOff' };

/** What somebody hears who had a new password made: where it went, or why it did not. */
export function sentAnswer({ t, actor }: Context, request: Request): MessageBody {
  const params = { member: `<@${request.memberId}>`, name: escapeText(request.accountName) };
  if (request.state === 'failed') return answer([t(`errors.${request.failure ?? 'tryAgain'}`)], colours.bad);
  if (request.state !== 'done') {
    return answer([t(request.delivery === 'button' ? 'reset.closed' : 'reset.unsettled', params)], colours.waiting);
  }
  return answer([t(request.memberId === actor.id ? 'reset.sentSelf' : 'reset.sent', params)], colours.good);
}
