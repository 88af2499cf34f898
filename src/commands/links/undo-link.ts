import { escapeText, label } from '../../discord/escape.js';
import { answer, colours, type Button, type MessageBody, type Part } from '../../discord/parts.js';
import type { ChangedLink } from '../../services/accounts/link.js';
import type { Translate } from '../../words.js';

/** *Undo* for links that were made just now: a button, or a choice where there are several. */
export function undoLinks(t: Translate, made: readonly ChangedLink[]): Part[] {
  const [only, ...others] = made;
  if (!only) return [];
  if (others.length === 0) return [[undoButton(t, 'link', only)]];
  const options = made.map((each) => ({ label: label(each.accountName, 100), value: pair(each) }));
  return [{ id: 'link:undo:one', placeholder: t('link.undo.which'), options }];
}

/** `link`: takes away what was linked; `unlink`: links again. */
export function undoButton(t: Translate, command: 'link' | 'unlink', link: ChangedLink): Button {
  return { id: `${command}:undo:${pair(link)}`, label: t('buttons.undo') };
}

/** The account and the member that *Undo* is about. */
export function readPair(text: string): Pick<ChangedLink, 'memberId' | 'accountId'> {
  const [accountId = '', memberId = ''] = text.split('.');
  return { accountId, memberId };
}

/** What stands in the place of an answer after *Undo*. */
export function undone(t: Translate, how: 'done' | 'undone', link: ChangedLink, next: readonly Button[]): MessageBody {
  return answer([linkSentence(t, how, link), next], colours.good);
}

/** Who is linked to what now, or not any more. */
export function linkSentence(t: Translate, how: 'done' | 'undone', { memberId, accountName }: ChangedLink): string {
  return t(`link.${how}`, { member: `<@${memberId}>`, account: escapeText(accountName) });
}

const pair = ({ accountId, memberId }: ChangedLink) => `${accountId}.${memberId}`;
