import type { AccountDirectory } from './account-directory.js';
import type { Jellyfin, UnlockResult } from './jellyfin-port.js';

/** The same server, but whatever is read or changed shows in the directory of accounts at once. */
export function withMemory(jellyfin: Jellyfin, directory: Pick<AccountDirectory, 'note'>): Jellyfin {
  const noted = (result: UnlockResult) => {
    directory.note(result.after);
    return result;
  };
  return {
    listAccounts: () => jellyfin.listAccounts(),
    serverInfo: () => jellyfin.serverInfo(),
    getAccount: async (id) => {
      const account = await jellyfin.getAccount(id);
      directory.note(account);
      return account;
    },
    unlock: async (id, permit) => noted(await jellyfin.unlock(id, permit)),
    setPassword: async (id, password, permit) => noted(await jellyfin.setPassword(id, password, permit)),
  };
}
