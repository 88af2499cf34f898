import { Secret } from '../secret.js';
import type { Log } from '../services/log.js';
import type { Keys } from '../services/rescue/ladder/ports.js';
import { deleteKey } from './session.js';

/** The API key in use; a rescue may replace one that was revoked. */
export class KeyHolder {
  constructor(public current: Secret) {}
}

export interface RescueKeysOptions {
  readonly url: string;
  readonly holder: KeyHolder;
  /** False where no key was configured. */
  readonly isThere: boolean;
  /** Writes a key to the settings; throws AppError, as the look before it whether that can be done. */
  readonly save: (key: string) => void;
  readonly mustBeSavable: () => void;
  readonly log: Pick<Log, 'warn'>;
}

/** The key in use, and one that a rescue was given. */
export function createRescueKeys({ url, holder, isThere, save, mustBeSavable, log }: RescueKeysOptions): Keys {
  let kept = holder.current;
  return {
    isThere,
    mustBeSavable,
    use: (key) => void (holder.current = new Secret(key)),
    restore: () => void (holder.current = kept),
    save: (key) => {
      save(key);
      kept = new Secret(key);
    },
    delete: (key) => deleteKey({ url, log }, key),
  };
}
