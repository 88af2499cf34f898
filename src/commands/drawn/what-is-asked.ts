import { escapeText, label } from '../../discord/escape.js';
import type { Request } from '../../services/request.js';
import type { Translate } from '../../words.js';

/** Such sentences stand in lists and in others: a name of 255 characters would make them too long for Discord. */
const longestName = 40;

/** What a request is for, in a few words: "new password for maya". */
export function whatIsAsked(t: Translate, request: Pick<Request, 'kind' | 'accountName'>): string {
  return t(`kinds.${request.kind}`, { account: escapeText(label(request.accountName, longestName)) });
}
