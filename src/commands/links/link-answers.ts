import type { Context, Reply } from '../../discord/command.js';
import { escapeText, label } from '../../discord/escape.js';
import {
  answer,
  colours,
  type MessageBody,
  proveButton,
  seconds,
  type Button,
  type Part,
  turning,
} from '../../discord/parts.js';
import type { ProofEnd, LinkProofs } from '../../services/links/link-proofs.js';
import type { Translate } from '../../words.js';
import type { FreeAccount } from '../../services/accounts/link.js';
import type { MemberSearch } from '../../services/members/member-lookup-port.js';

/** Gives out a code, in an answer that changes when the code was confirmed, or is over. */
export async function proofReply(proofs: Pick<LinkProofs, 'begin'>, { actor, t }: Context): Promise<Reply> {
  const { code, expiresAt, ended } = await proofs.begin(actor);
  return {
    answer: answer([t('link.proof.code', { code, at: seconds(expiresAt) })], colours.waiting),
    later: async (change) => {
      await change(endedAnswer(t, await ended));
    },
  };
}

function endedAnswer(t: Translate, { outcome, accountName = '' }: ProofEnd): MessageBody {
  const sentence = t(`link.proof.${outcome}`, { account: escapeText(accountName) });
  if (outcome === 'linked' || outcome === 'already') return answer([sentence], colours.good);
  if (outcome !== 'expired' && outcome !== 'failed') return answer([sentence], colours.quiet);
  return answer([sentence, [{ id: 'link:prove:me', label: t('buttons.newCode'), style: 'primary' }]], colours.quiet);
}

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
