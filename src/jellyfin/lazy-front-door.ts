import type { FrontDoor } from '../services/rescue/ladder/front-door-port.js';
import type { FrontDoorOptions } from './front-door.js';

/** `createFrontDoor`, loaded at the first call, as most days nobody needs to be rescued. */
export function lazyFrontDoor(options: FrontDoorOptions): FrontDoor {
  let loading: Promise<FrontDoor> | undefined;
  const load = () => (loading ??= import('./front-door.js').then((module) => module.createFrontDoor(options)));
  return {
    introduction: async () => (await load()).introduction(),
    forgotPassword: async (name) => (await load()).forgotPassword(name),
    redeemPin: async (pin) => (await load()).redeemPin(pin),
    signIn: async (name, password) => (await load()).signIn(name, password),
    restart: async () => (await load()).restart(),
    back: async (withinMs) => (await load()).back(withinMs),
  };
}
