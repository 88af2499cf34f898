import type { AccountDirectory } from './account-directory.js';
import type { LinkStore } from './link.js';

export interface FreeAccount {
  readonly id: string;
  readonly name: string;
}

/** The ordinary accounts that no member has yet, by name. Throws a Jellyfin code. */
export async function freeAccounts(
  directory: Pick<AccountDirectory, 'listNow'>,
  links: Pick<LinkStore, 'linkedAccountIds'>,
): Promise<readonly FreeAccount[]> {
  const linked = links.linkedAccountIds();
  const accounts = await directory.listNow();
  return accounts
    .filter((account) => !linked.has(account.id) && !account.isAdministrator)
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ id, name }) => ({ id, name }));
}
