import type { KeylessJellyfin } from '../services/rescue/ladder/ports.js';
import type { JellyfinClient, JellyfinOptions } from './create-jellyfin.js';
import type { KeyHolder } from './key-holder.js';
import type { KeylessJellyfinOptions } from './keyless-jellyfin.js';

/**
 * `createJellyfin`, loaded at the first call: the official client and its HTTP library are a fifth of all that is loaded,
 * and Discord need not wait for them. It is made anew when the API key has changed.
 */
export function lazyJellyfin({
  keys,
  ...options
}: Omit<JellyfinOptions, 'apiKey'> & { keys: KeyHolder }): JellyfinClient {
  let made: { readonly apiKey: KeyHolder['current']; readonly client: Promise<JellyfinClient> } | undefined;
  const load = (): Promise<JellyfinClient> => {
    const apiKey = keys.current;
    if (made?.apiKey !== apiKey) {
      const client = import('./create-jellyfin.js').then((module) => module.createJellyfin({ ...options, apiKey }));
      made = { apiKey, client };
    }
    return made.client;
  };
  return {
    jellyfin: deferred(async () => (await load()).jellyfin),
    quickConnect: deferred(async () => (await load()).quickConnect),
    log: deferred(async () => (await load()).log),
    devices: deferred(async () => (await load()).devices),
  };
}

/** `createKeylessJellyfin`, loaded at the first call, as most days nobody needs to be rescued. */
export function lazyKeylessJellyfin(options: KeylessJellyfinOptions): KeylessJellyfin {
  let loading: Promise<KeylessJellyfin> | undefined;
  const load = () =>
    (loading ??= import('./keyless-jellyfin.js').then((module) => module.createKeylessJellyfin(options)));
  return deferred(load);
}

type AsyncMethod = (...args: never[]) => Promise<unknown>;

/** An object of which only methods are used, made when the first of them is called. */
function deferred<T extends object>(load: () => Promise<T>): T {
  const method =
    (name: string | symbol) =>
    async (...args: never[]) => {
      const object = await load();
      return (Reflect.get(object, name) as AsyncMethod).apply(object, args);
    };
  return new Proxy({} as T, { get: (_, name) => method(name) });
}
