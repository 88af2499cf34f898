import type { Button } from '../../discord/parts.js';
import type { Translate } from '../../words.js';

/** The characters between two of them: a line break, a comma, or the language's *and*. */
const between = 2;

/** The first of these texts, as many as fit into `room` characters. */
export function within(texts: readonly string[], room: number): readonly string[] {
  let left = room;
  const tooMany = texts.findIndex((text) => (left -= text.length + between) < 0);
  return tooMany < 0 ? texts : texts.slice(0, tooMany);
}

/**
 * The lines that fit into `room` characters; the last line says how many more there are, of `count` in all. Discord refuses
 * a message that is one character too long.
 */
export function linesWithin(t: Translate, texts: readonly string[], room: number, count = texts.length): string[] {
  const kept = within(texts, room - t('status.more', { count }).length);
  const more = count - kept.length;
  return more > 0 ? [...kept, t('status.more', { count: more })] : [...kept];
}

/** The first of these lines, and how many more there are. */
export function firstOf(t: Translate, texts: readonly string[], most: number): string[] {
  const more = texts.length - most;
  return more > 0 ? [...texts.slice(0, most), t('status.more', { count: more })] : [...texts];
}

/** These names in one sentence, as the language lists them, and how many more there are, of `count` in all. */
export function listOf(t: Translate, shown: readonly string[], count: number): string {
  const more = count - shown.length;
  return t.list(more > 0 ? [...shown, t('status.others', { count: more })] : shown);
}

/** Rows of buttons: Discord takes five in each. */
export function inFives(buttons: readonly Button[]): Button[][] {
  return buttons.length === 0 ? [] : [buttons.slice(0, 5), ...inFives(buttons.slice(5))];
}

/** The buttons *Previous* and *Next*, by the beginning of their id; `page` counts from 0. */
export function turning(t: Translate, id: string, page: number, pages: number): Button[] {
  return [
    ...(page > 0 ? [{ id: `${id}:${page - 1}`, label: t('buttons.previous') }] : []),
    ...(page < pages - 1 ? [{ id: `${id}:${page + 1}`, label: t('buttons.next') }] : []),
  ];
}

/** One page of a list; of a page that is not there any more the nearest one that is. */
export function pageOf<T>(all: readonly T[], wanted: number, perPage: number) {
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  const page = Math.min(wanted, pages - 1);
  return { page, pages, shown: all.slice(page * perPage, (page + 1) * perPage) };
}
