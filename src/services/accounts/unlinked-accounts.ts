import { AppError } from '../../errors.js';
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

/** For what was picked in a list of free accounts that may be old by now. Throws `accountTaken` when it has got another owner since. */
export function assertFree(links: Pick<LinkStore, 'all'>, memberId: string, accountId: string): void {
  const owners = links.all().filter((link) => link.accountId === accountId && link.memberId !== memberId);
  if (owners.length > 0)
    throw new AppError('accountTaken', { by: owners.map((each) => `<@${each.memberId}>`).join(', ') });
}
