import type { Button } from '../../discord/parts.js';
import type { Translate } from '../../words.js';

/** The buttons to the page before and the one after, of a command whose button `page` draws one; `page` counts from 0. */
export function turning(t: Translate, command: string, page: number, pages: number): Button[] {
  return [
    ...(page > 0 ? [{ id: `${command}:page:list:${page - 1}`, label: t('buttons.previous') }] : []),
    ...(page < pages - 1 ? [{ id: `${command}:page:next:${page + 1}`, label: t('buttons.next') }] : []),
  ];
}
