import { escapeText, label } from '../../discord/escape.js';
import { proveButton } from '../../discord/link-buttons.js';
import { type Button, type Part, turning } from '../../discord/parts.js';
import type { FreeAccount } from '../../services/accounts/unlinked-accounts.js';
import type { MemberSearch } from '../../services/members/member-lookup-port.js';
import type { Translate } from '../../words.js';

/** Each is three components of the 40 that an answer may have. */
const accountsPerPage = 10;
const longestName = 60;

/** The accounts without a member, each with a select of people in which the likely one stands already. */
export async function firstLinks(
  t: Translate,
  free: readonly FreeAccount[],
  search: MemberSearch,
  wantedPage: number,
): Promise<Part[]> {
  const prove = proveButton(t);
  if (free.length === 0) return [t('link.free.none'), [prove]];
  const pages = Math.ceil(free.length / accountsPerPage);
  const page = Math.min(Math.max(wantedPage, 0), pages - 1);
  const shown = free.slice(page * accountsPerPage, (page + 1) * accountsPerPage);
  const guesses = await Promise.all(shown.map(({ name }) => search.likely(name)));
  const rows = shown.flatMap(({ id, name }, at): Part[] => [
    `**${escapeText(label(name, longestName))}**`,
    { id: `link:to:${id}:${page}`, memberPlaceholder: t('link.free.who'), preset: guesses[at] },
  ]);
  const buttons: Button[] = [
    ...turning(t, 'link', page, pages),
    { id: `link:as-shown:page:${page}`, label: t('buttons.linkAsShown'), style: 'success' },
    prove,
  ];
  return [t('link.free.heading', { count: free.length, page: page + 1, pages }), ...rows, buttons];
}
