import type { Jellyfin } from '../services/accounts/jellyfin-port.js';
import type { JellyfinOptions } from './create-jellyfin.js';
import type { KeyHolder } from './key-holder.js';

/**
 * `createJellyfin`, loaded at the first call: the official client and its HTTP library are a fifth of all that is
 * loaded, and Discord need not wait for them. It is made anew when the key is another one.
 */
export function lazyJellyfin({ keys, ...options }: Omit<JellyfinOptions, 'apiKey'> & { keys: KeyHolder }): Jellyfin {
  let made: { readonly apiKey: KeyHolder['current']; readonly jellyfin: Promise<Jellyfin> } | undefined;
  const load = (): Promise<Jellyfin> => {
    const apiKey = keys.current;
    if (made?.apiKey !== apiKey) {
      const jellyfin = import('./create-jellyfin.js').then((module) => module.createJellyfin({ ...options, apiKey }));
      made = { apiKey, jellyfin };
    }
    return made.jellyfin;
  };
  return {
    listAccounts: async () => (await load()).listAccounts(),
    getAccount: async (id) => (await load()).getAccount(id),
    unlock: async (id, permit) => (await load()).unlock(id, permit),
    enable: async (id, permit) => (await load()).enable(id, permit),
    setPassword: async (id, password, permit) => (await load()).setPassword(id, password, permit),
    replacePassword: async (id, password, permit) => (await load()).replacePassword(id, password, permit),
    serverInfo: async () => (await load()).serverInfo(),
  };
}
