import type { Translate } from '../../words.js';

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
