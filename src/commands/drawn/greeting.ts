import { escapeText } from '../../discord/escape.js';
import { colours, notice, type Answer, type Button } from '../../discord/parts.js';
import { greetingMark } from '../../services/greetings.js';
import type { Link } from '../../services/link.js';
import type { Translate } from '../../words.js';

/** The first direct message after a link. `about`: what stands below its sentence, and with it which button. */
export function greeting(
  t: Translate,
  { accountId, accountName }: Pick<Link, 'accountId' | 'accountName'>,
  about: 'about' | 'off' = 'about',
): Answer {
  const text = t(`greeting.${about}`);
  const sentence = t('told.done.link', { account: escapeText(accountName) });
  return notice(sentence, { colour: colours.good, text }, [[greetingButton(t, accountId, about)]]);
}

/** Takes the word about lockouts away, or gives it back. */
export function greetingButton(t: Translate, accountId: string, about: 'about' | 'off' = 'about'): Button {
  if (about === 'off') return { id: `link:these:${accountId}`, label: t('buttons.these') };
  return { id: greetingMark(accountId), label: t('buttons.notThese') };
}
