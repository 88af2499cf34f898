import type { KeylessJellyfin } from '../services/rescue/ladder/keyless-jellyfin-port.js';
import type { KeylessJellyfinOptions } from './keyless-jellyfin.js';

/** `createKeylessJellyfin`, loaded at the first call, as most days nobody needs to be rescued. */
export function lazyKeylessJellyfin(options: KeylessJellyfinOptions): KeylessJellyfin {
  let loading: Promise<KeylessJellyfin> | undefined;
  const load = () =>
    (loading ??= import('./keyless-jellyfin.js').then((module) => module.createKeylessJellyfin(options)));
  return {
    introduction: async () => (await load()).introduction(),
    forgotPassword: async (name) => (await load()).forgotPassword(name),
    redeemPin: async (pin) => (await load()).redeemPin(pin),
    signIn: async (name, password) => (await load()).signIn(name, password),
    restart: async () => (await load()).restart(),
    back: async (withinMs) => (await load()).back(withinMs),
  };
}
