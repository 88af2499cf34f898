import type { Jellyfin } from '../services/jellyfin-port.js';
import type { JellyfinOptions } from './create-jellyfin.js';

/**
 * `createJellyfin`, loaded at the first call: the official client and its HTTP library are a fifth of all that is
 * loaded, and Discord need not wait for them.
 */
export function lazyJellyfin(options: JellyfinOptions): Jellyfin {
  let loading: Promise<Jellyfin> | undefined;
  const load = () => (loading ??= import('./create-jellyfin.js').then((module) => module.createJellyfin(options)));
  return {
    listAccounts: async () => (await load()).listAccounts(),
    getAccount: async (id) => (await load()).getAccount(id),
    unlock: async (id, permit) => (await load()).unlock(id, permit),
    setPassword: async (id, password, permit) => (await load()).setPassword(id, password, permit),
    serverInfo: async () => (await load()).serverInfo(),
  };
}
