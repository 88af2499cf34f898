import type { Devices, ServerLog } from '../services/accounts/activity-log-port.js';
import type { WatchOptions } from './create-watch.js';
import type { KeyHolder } from './key-holder.js';

type Watch = { readonly log: ServerLog; readonly devices: Devices };

/** `createWatch`, loaded at the first call, and made anew when the key is another one. */
export function lazyWatch({ keys, ...options }: Omit<WatchOptions, 'apiKey'> & { keys: KeyHolder }): Watch {
  let made: { readonly apiKey: KeyHolder['current']; readonly watch: Promise<Watch> } | undefined;
  const load = (): Promise<Watch> => {
    const apiKey = keys.current;
    if (made?.apiKey !== apiKey) {
      made = {
        apiKey,
        watch: import('./create-watch.js').then((module) => module.createWatch({ ...options, apiKey })),
      };
    }
    return made.watch;
  };
  return {
    log: {
      time: async () => (await load()).log.time(),
      page: async (page) => (await load()).log.page(page),
    },
    devices: {
      list: async () => (await load()).devices.list(),
      signOut: async (deviceId) => (await load()).devices.signOut(deviceId),
    },
  };
}
