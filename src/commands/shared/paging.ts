import type { Translate } from '../../words.js';
import type { Button } from '../../discord/parts.js';

/** Between two of them: a line break, or a comma and a space. */
const between = 2;

/**
 * As many of these lines or names as there is room for, in characters; the last one says how many more there are, of
 * `count` in all. Discord takes no message that is too long by one character, and a card that is not taken is not seen.
 */
export function fitting(t: Translate, texts: readonly string[], room: number, count = texts.length): string[] {
  let left = room - t('status.more', { count }).length;
  const tooMany = texts.findIndex((text) => (left -= text.length + between) < 0);
  const kept = tooMany < 0 ? texts : texts.slice(0, tooMany);
  const more = count - kept.length;
  return more > 0 ? [...kept, t('status.more', { count: more })] : [...kept];
}

/** The buttons to the page before and the one after, of a command whose button `page` draws one; `page` counts from 0. */
export function turning(t: Translate, command: string, page: number, pages: number): Button[] {
  return [
    ...(page > 0 ? [{ id: `${command}:page:list:${page - 1}`, label: t('buttons.previous') }] : []),
    ...(page < pages - 1 ? [{ id: `${command}:page:next:${page + 1}`, label: t('buttons.next') }] : []),
  ];
}
