import type { QuickConnect } from '../services/accounts/quick-connect-port.js';
import type { JellyfinOptions } from './create-jellyfin.js';
import type { KeyHolder } from './key-holder.js';

/** `createQuickConnect`, loaded at the first call and made anew when the key is another one. */
export function lazyQuickConnect({
  keys,
  ...options
}: Omit<JellyfinOptions, 'apiKey'> & { keys: KeyHolder }): QuickConnect {
  let made: { readonly apiKey: KeyHolder['current']; readonly quickConnect: Promise<QuickConnect> } | undefined;
  const load = (): Promise<QuickConnect> => {
    const apiKey = keys.current;
    if (made?.apiKey !== apiKey) {
      const quickConnect = import('./quick-connect.js').then((it) => it.createQuickConnect({ ...options, apiKey }));
      made = { apiKey, quickConnect };
    }
    return made.quickConnect;
  };
  return {
    authorise: async (code, id) => (await load()).authorise(code, id),
    begin: async (deviceId) => (await load()).begin(deviceId),
    isConfirmed: async (secret) => (await load()).isConfirmed(secret),
    open: async (secret, deviceId) => (await load()).open(secret, deviceId),
    whoIsOn: async (deviceId) => (await load()).whoIsOn(deviceId),
    signOutDevice: async (deviceId) => (await load()).signOutDevice(deviceId),
  };
}
