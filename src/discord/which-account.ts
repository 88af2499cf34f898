import type { Rank } from '../services/members/actor.js';
import type { Translate } from '../words.js';
import { askLinkButton, proveButton, type Button, type Part } from './parts.js';

/**
 * Asks somebody who is linked to nothing which account is theirs, with the ways to answer. The proof comes first, as it needs
 * nobody else; only members may ask by a name, as helpers may know who is called what.
 */
export function whichAccount(t: Translate, rank: Rank): Part[] {
  const prove: Button = { ...proveButton(t), label: t('buttons.signedInSomewhere'), style: 'primary' };
  const name: Button = { id: 'link:name:me', label: t('buttons.typeName') };
  const ways = { member: [prove, name, askLinkButton(t)], helper: [prove, askLinkButton(t)], admin: [prove] };
  const text = rank === 'member' ? t('errors.notLinked') : t(`help.notLinked.${rank}`);
  return [`### ${t('help.whichAccount')}\n${text}`, ways[rank]];
}
