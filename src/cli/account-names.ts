import { ignoreAppError } from '../errors.js';
import { nameKey } from '../identifiers.js';
import type { Account } from '../services/accounts/account.js';
import type { Jellyfin } from '../services/accounts/jellyfin-port.js';
import { slipsBetween } from '../slips.js';

/** Every account, for somebody who has named none, or one that nobody has; none where the server cannot be asked. */
export async function accountsThere(jellyfin: Pick<Jellyfin, 'listAccounts'>, hasKey: boolean): Promise<Account[]> {
  return (hasKey && (await jellyfin.listAccounts().catch(ignoreAppError))) || [];
}

const mostSlips = 2;

/** The name that is meant, where one is within two slips of the keyboard. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const [first] = names
    .map((name) => ({ name, slips: slipsBetween(nameKey(typed), nameKey(name)) }))
    .filter(({ slips }) => slips <= mostSlips && slips < typed.length)
    .sort((one, other) => one.slips - other.slips);
  return first?.name;
}
