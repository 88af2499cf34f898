import { escapeText } from '../../discord/escape.js';
import { colours, type MessageBody, notice } from '../../discord/parts.js';
import { isOpen, type Pass } from '../../services/passes/pass.js';
import { type PassMessages, stillOpenButtonId } from '../../services/passes/pass-notices.js';
import type { Request } from '../../services/requests/request.js';
import type { Words } from '../../words.js';

/** What the admins are told of a pass that could not be ended. */
export class DiscordPassMessages implements PassMessages {
  constructor(private readonly words: Words) {}

  stillOpen(pass: Pass, request: Request): MessageBody {
    const t = this.words.in(undefined);
    const params = { account: escapeText(request.accountName), restriction: pass.restriction };
    const content = t(`pass.stillOpen.${isOpen(pass) ? 'opened' : 'begun'}`, params);
    const why = pass.failure === undefined ? [] : t.withFix(pass.failure);
    const details = { colour: colours.bad, text: [...why, t('pass.stillOpen.next')].join('\n') };
    return notice(content, details, [[{ id: stillOpenButtonId(pass), label: t('buttons.passTry') }]]);
  }

  closedNow({ end, restriction }: Pass, request: Request): MessageBody {
    const t = this.words.in(undefined);
    const params = { account: escapeText(request.accountName), restriction };
    return notice(t(end === 'putBack' ? 'pass.closedNow' : 'pass.closedElse', params), undefined, []);
  }
}
