import { escapeText } from '../../discord/escape.js';
import type { Request } from '../../services/request.js';
import type { Translate } from '../../words.js';

/** What a request is for, in a few words: "new password for maya". */
export function whatIsAsked(t: Translate, request: Pick<Request, 'kind' | 'accountName'>): string {
  return t(`kinds.${request.kind}`, { account: escapeText(request.accountName) });
}
