import { escapeText } from '../../discord/escape.js';
import { colours, type MessageBody, notice, who } from '../../discord/parts.js';
import { isOpen, type Pass, type PassMessages } from '../../services/passes/pass.js';
import { endedEarlyButtonId, stillOpenButtonId } from '../../services/passes/pass-notices.js';
import type { Request } from '../../services/requests/request.js';
import type { SentencesFor } from '../../words.js';

/** What is told unasked of a pass: that it could not be ended, and that somebody ended it early. */
export class DiscordPassMessages implements PassMessages {
  constructor(private readonly sentencesFor: SentencesFor) {}

  stillOpen(pass: Pass, request: Request): MessageBody {
    const t = this.sentencesFor();
    const params = { account: escapeText(request.accountName), restriction: pass.restriction };
    const content = t(`pass.stillOpen.${isOpen(pass) ? 'opened' : 'begun'}`, params);
    const why = pass.failure === undefined ? [] : t.withFix(pass.failure);
    const details = { colour: colours.bad, text: [...why, t('pass.stillOpen.next')].join('\n') };
    return notice(content, details, [[{ id: stillOpenButtonId(pass), label: t('buttons.passTry') }]]);
  }

  endedEarly(memberId: string, pass: Pass, request: Request): MessageBody {
    const t = this.sentencesFor(memberId);
    const { restriction, end, endedBy = 'latchkey' } = pass;
    const params = { account: escapeText(request.accountName), restriction, by: who(t, endedBy) };
    const details = { colour: colours.quiet, text: t(`pass.ended.${end ?? 'putBack'}`) };
    const button = { id: endedEarlyButtonId(pass), label: t('buttons.pass') };
    return notice(t('pass.endedEarly', params), details, [[button]]);
  }

  closedNow({ end, restriction }: Pass, request: Request): MessageBody {
    const t = this.sentencesFor();
    const params = { account: escapeText(request.accountName), restriction };
    return notice(t(end === 'putBack' ? 'pass.closedNow' : 'pass.closedElse', params));
  }
}
