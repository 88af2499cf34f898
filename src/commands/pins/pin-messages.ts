import { escapeText } from '../../discord/escape.js';
import { colours, notice, type MessageBody, seconds } from '../../discord/parts.js';
import { type AccountNotice, notMeButtonId } from '../../services/notices/account-notices.js';
import type { NotSentWhy, PinFile, PinMessages, PinOver } from '../../services/pins/pin-port.js';
import type { SentencesFor } from '../../words.js';

/** Draws what is said about PINs; the PIN itself is behind a spoiler, as a lock screen shows the rest. */
export class DiscordPinMessages implements PinMessages {
  constructor(private readonly sentencesFor: SentencesFor) {}

  toOwner(noticeId: number, memberId: string, found: PinFile, isPassword: boolean): MessageBody {
    const { pin, userName, expiresAt, hasStray } = found;
    const t = this.sentencesFor(memberId);
    const lines = [t('pin.pin', { pin, at: seconds(expiresAt) }), ...(hasStray ? [t('pin.stray')] : [])];
    const text = isPassword ? t('pin.isPassword', { pin }) : lines.join('\n');
    const button = { id: notMeButtonId(noticeId), label: t('lockout.notMe'), style: 'danger' } as const;
    return notice(t('pin.owner', { name: escapeText(userName) }), { colour: colours.waiting, text }, [[button]]);
  }

  toAdmins({ userName, file, expiresAt }: PinFile, why: NotSentWhy): MessageBody {
    const t = this.sentencesFor();
    const next = t('pin.adminsNext', { file: escapeText(file), at: seconds(expiresAt) });
    const text = `${t(`pin.adminsWhy.${why}`)}\n${next}`;
    return notice(t('pin.admins', { name: escapeText(userName) }), { colour: colours.waiting, text });
  }

  badFile(file: string): MessageBody {
    return notice(this.sentencesFor()('pin.bad', { file: escapeText(file) }));
  }

  clock(aheadMs: number): MessageBody {
    return notice(this.sentencesFor()('pin.clock', { minutes: Math.round(aheadMs / 60_000) }));
  }

  over({ accountName, recipientId }: AccountNotice, how: PinOver): MessageBody {
    const name = escapeText(accountName);
    if (recipientId === 'admins') return notice(this.sentencesFor()('pin.adminsOver', { name }));
    return notice(this.sentencesFor(recipientId)(`pin.${how}`, { name }));
  }

  notMe({ recipientId, accountName }: AccountNotice): MessageBody {
    const params = { member: `<@${recipientId}>`, name: escapeText(accountName) };
    return notice(this.sentencesFor()('pin.notMeAdmins', params));
  }
}
