import { Secret } from '../secret.js';
import type { Keys } from '../services/rescue/ladder/ports.js';
import type { KeyHolder } from './key-holder.js';
import type { Log } from '../services/log.js';

export interface RescueKeysOptions {
  readonly url: string;
  readonly holder: KeyHolder;
  /** False where there was never one to begin with. */
  readonly isThere: boolean;
  /** Writes a key to the settings; throws AppError. */
  readonly save: (key: string) => void;
  readonly log: Pick<Log, 'warn'>;
}

/** The key in use, and one that a rescue was given. */
export function createRescueKeys({ url, holder, isThere, save, log }: RescueKeysOptions): Keys {
  const first = holder.current;
  let saved: Secret | undefined;
  return {
    isThere,
    use: (key) => holder.use(new Secret(key)),
    restore: () => holder.use(saved ?? first),
    save: (key) => {
      save(key);
      saved = new Secret(key);
    },
    delete: async (key) => {
      const { createKeyDeleter } = await import('./keys.js');
      await createKeyDeleter({ url, log }).deleteKey(key);
    },
  };
}
