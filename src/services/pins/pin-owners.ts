import { ignoreAppError } from '../../errors.js';
import { withName } from '../../identifiers.js';
import { type Account, otherProvider } from '../accounts/account.js';
import type { AccountServices } from '../accounts/create-accounts.js';

/** Why a PIN can be sent to no member. */
export type NoOwnerWhy = 'nobody' | 'noAdmin' | 'elsewhere';

interface PinOwnersFound {
  /** Undefined when the server cannot be asked, or does not know the name. */
  readonly account: Account | undefined;
  readonly owners: readonly string[];
  readonly none: NoOwnerWhy | undefined;
}

/**
 * All members to whom a PIN may be sent as they own the account, such as both parents. The PIN of an administrator's account
 * is for owners with an admin role only. An account that cannot be read counts as an administrator's. Throws errors of
 * Discord.
 */
export async function pinOwnersOf(name: string, { accounts, ownership }: AccountServices): Promise<PinOwnersFound> {
  const all = await accounts.listNow().catch(ignoreAppError);
  const [found, another] = withName(all ?? [], name, (account) => account.name);
  const account = another ? undefined : found;
  // Jellyfin takes such a PIN, and it changes nothing (docs/jellyfin.md, "Passwords and devices").
  if (account && otherProvider(account)) return { account, owners: [], none: 'elsewhere' };
  const everyOwner = await (account ? ownership.ownersNow(account.id) : ownership.ownersNowOfUnread(name));
  const isOrdinary = account?.isAdministrator === false;
  const owners = everyOwner.filter(({ rank }) => isOrdinary || rank === 'admin').map(({ memberId }) => memberId);
  return { account, owners, none: owners.length > 0 ? undefined : isOrdinary ? 'nobody' : 'noAdmin' };
}
