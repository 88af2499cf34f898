import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createRescueKeys, type RescueKeysOptions } from '../jellyfin/key-holder.js';
import { createKeylessJellyfin } from '../jellyfin/keyless-jellyfin.js';
import { createPinFolder } from '../jellyfin/pin-folder.js';
import type { Log } from '../services/log.js';
import type { LadderPorts } from '../services/rescue/ladder/ports.js';
import { Rescue } from '../services/rescue/ladder/rescue.js';
import { createPinNotes } from './pin-notes.js';

interface LadderOptions
  extends
    Pick<LadderPorts, 'jellyfin' | 'pinsExpected' | 'repair' | 'location'>,
    Omit<RescueKeysOptions, 'log'>,
    Omit<LadderPorts['settings'], 'url'> {
  readonly log: Log;
  /** The bot's database, beside which it is written what a later rescue has to know. */
  readonly database: string;
  /** By how much its waits are shortened. */
  readonly waitFactor?: number;
}

/** The ladder, for the bot, which loads this module when the first rescue is asked for, and for the command line. */
export function createLadder({ database, waitFactor = 1, ...options }: LadderOptions): Rescue {
  const { url, log, jellyfin, pinsExpected, repair, location, stopCommand, startCommand, lookAgainAfterMs } = options;
  return new Rescue({
    ...{ jellyfin, pinsExpected, repair, location, log },
    keylessJellyfin: createKeylessJellyfin({ url, log }),
    keys: createRescueKeys(options),
    pins: (serverDir) => createPinFolder({ serverDir, log }),
    pinNotes: createPinNotes(database, log),
    settings: { url, stopCommand, startCommand, lookAgainAfterMs },
    newKey: () => randomBytes(16).toString('hex'),
    wait: (ms) => wait(ms * waitFactor),
  });
}
