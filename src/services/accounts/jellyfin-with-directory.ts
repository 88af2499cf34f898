import { AppError } from '../../errors.js';
import type { Events } from '../events.js';
import type { AccountDirectory } from './account-directory.js';
import type { Jellyfin, UnlockResult } from './jellyfin-port.js';

/**
 * The same server, but whatever is read, changed or found gone shows in the directory of accounts at once. Each account
 * that was read by itself is an event.
 */
export function jellyfinWithDirectory(
  jellyfin: Jellyfin,
  directory: Pick<AccountDirectory, 'note' | 'forget'>,
  events?: Pick<Events, 'emit'>,
): Jellyfin {
  /** Passes an answer on; an account that the server does not know any more is dropped first. */
  async function about<T>(id: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof AppError && error.code === 'accountGone') directory.forget(id);
      throw error;
    }
  }
  async function changed(id: string, answer: Promise<UnlockResult>): Promise<UnlockResult> {
    const result = await about(id, answer);
    directory.note(result.after);
    events?.emit('accountRead', result.after);
    return result;
  }
  return {
    listAccounts: () => jellyfin.listAccounts(),
    serverInfo: () => jellyfin.serverInfo(),
    getAccount: async (id) => {
      const account = await about(id, jellyfin.getAccount(id));
      directory.note(account);
      events?.emit('accountRead', account);
      return account;
    },
    unlock: (id, permit) => changed(id, jellyfin.unlock(id, permit)),
    enable: (id, permit) => changed(id, jellyfin.enable(id, permit)),
    setPassword: (id, password, permit) => changed(id, jellyfin.setPassword(id, password, permit)),
    replacePassword: (id, password, permit) => about(id, jellyfin.replacePassword(id, password, permit)),
  };
}
