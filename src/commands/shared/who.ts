import { escapeText, label } from '../../discord/escape.js';
import type { Translate } from '../../words.js';
import type { Request } from '../../services/requests/request.js';

/** Somebody in a sentence: a member as a mention, the bot itself, or one whose id was replaced when they were forgotten. */
export function who(t: Translate, id: string): string {
  if (/^\d{17,20}$/.test(id)) return `<@${id}>`;
  if (id === 'latchkey') return t('history.latchkey');
  if (id === 'command line') return t('history.commandLine');
  return t('history.forgotten', { number: escapeText(id.replace(/^forgotten-/, '')) });
}

/** Such sentences stand in lists and in others: a name of 255 characters would make them too long for Discord. */
const longestName = 40;

/** What a request is for, in a few words: "new password for maya". */
export function whatIsAsked(t: Translate, request: Pick<Request, 'kind' | 'accountName'>): string {
  return t(`kinds.${request.kind}`, { account: escapeText(label(request.accountName, longestName)) });
}
