import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config.js';
import { createKeylessJellyfin } from '../jellyfin/keyless-jellyfin.js';
import { createPinFolder } from '../jellyfin/pin-folder.js';
import { createRescueKeys, type KeyHolder } from '../jellyfin/key-holder.js';
import { createServerLocation } from '../server/server-location.js';
import type { RescuePorts } from '../services/rescue/ladder/ports.js';
import { Rescue } from '../services/rescue/ladder/rescue.js';

export interface LadderOptions extends Pick<RescuePorts, 'jellyfin' | 'pinsExpected' | 'repair' | 'log'> {
  readonly config: Config['jellyfin'];
  readonly keys: KeyHolder;
  readonly saveKey: (key: string) => void;
  readonly lookAgainAfterMs?: number | undefined;
}

/** The ladder for the bot. A module of its own, loaded when the first rescue is asked for. */
export function createLadder(options: LadderOptions): Rescue {
  const { config, jellyfin, keys, saveKey, pinsExpected, repair, log, lookAgainAfterMs } = options;
  const { url, serverDir, logDir, db, stopCommand, startCommand } = config;
  return new Rescue({
    jellyfin,
    keylessJellyfin: createKeylessJellyfin({ url, log }),
    keys: createRescueKeys({ url, holder: keys, isThere: true, save: saveKey, log }),
    // Only where it was told to look: what is found by chance is for somebody at the keyboard to judge.
    location: createServerLocation({ serverDir, logDir, db, stopCommand, startCommand, usual: [] }),
    pins: (folder) => createPinFolder({ serverDir: folder, log }),
    pinsExpected,
    repair,
    settings: { url, stopCommand, startCommand, lookAgainAfterMs },
    newKey: () => randomBytes(16).toString('hex'),
    wait: (ms) => wait(ms),
    log,
  });
}
