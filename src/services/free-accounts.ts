import type { AccountDirectory } from './account-directory.js';
import type { LinkStore } from './link.js';
import type { Log } from './log.js';

/** The ordinary accounts that no member has yet, by name; none while Jellyfin cannot be asked. */
export async function freeAccounts(
  directory: AccountDirectory,
  links: LinkStore,
  log: Log,
): Promise<readonly { id: string; name: string }[]> {
  try {
    const linked = links.linkedAccountIds();
    const accounts = await directory.listNow();
    return accounts
      .filter((account) => !linked.has(account.id) && !account.isAdministrator)
      .sort((a, b) => a.name.localeCompare(b.name))
      .map(({ id, name }) => ({ id, name }));
  } catch (err) {
    // The card still says how to link by command.
    log.warn({ err }, 'a link request goes out without accounts to pick from');
    return [];
  }
}
