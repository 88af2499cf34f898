import type { Button } from '../../discord/parts.js';
import type { Translate } from '../../words.js';

/** Opens the modal for a code, for one of the person's own accounts: often nobody needs a password at all. */
export function signInButton(t: Translate, accountId: string): Button {
  return { id: `signin:open:${accountId}`, label: t('buttons.signIn') };
}
