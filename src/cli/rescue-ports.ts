import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { lazyJellyfin, lazyKeylessJellyfin } from '../jellyfin/lazy-jellyfin.js';
import { createPinFolder } from '../jellyfin/pin-folder.js';
import { createRescueKeys, KeyHolder } from '../jellyfin/key-holder.js';
import type { Log } from '../services/log.js';
import { createRepair } from '../repair/launcher.js';
import { repairProgram } from '../repair-program.js';
import { Secret } from '../secret.js';
import type { RescuePorts } from '../services/rescue/ladder/ports.js';
import type { RescueSettings } from './rescue-settings.js';

/** Builds what the ladder stands on, for the command line. */
export function rescuePorts(settings: RescueSettings, saveKey: (key: string) => void, log: Log): RescuePorts {
  const { url, apiKey, location, stopCommand, startCommand } = settings;
  const { machine, lookAgainAfterMs, waitFactor } = settings.testMachine;
  // Without a key nothing is asked with one, until a rescue has been given its own.
  const holder = new KeyHolder(apiKey ?? new Secret('none'));
  return {
    jellyfin: lazyJellyfin({ url, keys: holder, log }).jellyfin,
    keylessJellyfin: lazyKeylessJellyfin({ url, log }),
    keys: createRescueKeys({ url, holder, isThere: apiKey !== undefined, save: saveKey, log }),
    location,
    pins: (serverDir) => createPinFolder({ serverDir, log }),
    // The bot, where there is one, is another process: it sends the PIN to the account's owner, who it is.
    pinsExpected: { expect: () => undefined, over: () => undefined },
    repair: createRepair({ log, program: repairProgram, where: { machine } }),
    settings: { url, stopCommand, startCommand, lookAgainAfterMs },
    newKey: () => randomBytes(16).toString('hex'),
    wait: (ms) => wait(ms * waitFactor),
    log,
  };
}
