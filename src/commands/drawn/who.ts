import { escapeText } from '../../discord/escape.js';
import type { Translate } from '../../words.js';

/** Somebody in a sentence: a member as a mention, the bot itself, or one whose id was replaced when they were forgotten. */
export function who(t: Translate, id: string): string {
  if (/^\d{17,20}$/.test(id)) return `<@${id}>`;
  if (id === 'latchkey') return t('history.latchkey');
  if (id === 'command line') return t('history.commandLine');
  return t('history.forgotten', { number: escapeText(id.replace(/^forgotten-/, '')) });
}
