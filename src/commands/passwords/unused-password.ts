import { type Button, seconds } from '../../discord/parts.js';
import type { Account } from '../../services/accounts/account.js';
import type { Services } from '../../services/create-services.js';
import type { Translate } from '../../words.js';

/** Of a temporary password that its member has not used yet: where to look for it, and *Show it here* if it was sent. */
export function unusedPasswordParts(
  { passwordHandover }: Pick<Services, 'passwordHandover'>,
  t: Translate,
  memberId: string,
  account: Account,
): { readonly text: string[]; readonly buttons: Button[] } {
  const unused = passwordHandover.unused(memberId, account);
  if (!unused) return { text: [], buttons: [] };
  const { requestId, message, expiresAt } = unused;
  const here: Button = { id: `resetpw:here:${requestId}`, label: t('buttons.showHere'), style: 'primary' };
  const text = t(`account.password.${message ? 'sent' : 'shown'}`, { at: seconds(expiresAt), showHere: here.label });
  return { text: [text], buttons: message ? [here] : [] };
}
