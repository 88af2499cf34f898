import { type Button, seconds } from '../../discord/parts.js';
import type { TempPassword } from '../../services/passwords/temp-password.js';
import type { Translate } from '../../words.js';

/** Of a temporary password that its member has not used yet: where to look for it, and *Show it here* if it was sent. */
export function unusedPasswordParts(
  t: Translate,
  unused: TempPassword | undefined,
): { readonly text: string[]; readonly buttons: Button[] } {
  if (!unused) return { text: [], buttons: [] };
  const { requestId, message, expiresAt } = unused;
  const here: Button = { id: `resetpw:here:${requestId}`, label: t('buttons.showHere'), style: 'primary' };
  const text = t(`account.password.${message ? 'sent' : 'shown'}`, { at: seconds(expiresAt), showHere: here.label });
  return { text: [text], buttons: message ? [here] : [] };
}
