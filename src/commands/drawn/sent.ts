import type { Context } from '../../discord/command.js';
import { escapeText } from '../../discord/escape.js';
import { answer, colours, type Answer } from '../../discord/parts.js';
import type { Request } from '../../services/request.js';

/** What somebody hears who had a new password made: where it went, or why it did not. */
export function sentAnswer({ t, actor }: Context, request: Request): Answer {
  const params = { member: `<@${request.memberId}>`, name: escapeText(request.accountName) };
  if (request.state === 'failed') return answer([t(`errors.${request.failure ?? 'tryAgain'}`)], colours.bad);
  if (request.state !== 'done') {
    return answer([t(request.delivery === 'button' ? 'reset.closed' : 'reset.unsettled', params)], colours.waiting);
  }
  return answer([t(request.memberId === actor.id ? 'reset.sentSelf' : 'reset.sent', params)], colours.good);
}
