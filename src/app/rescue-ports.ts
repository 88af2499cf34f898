import { setTimeout as wait } from 'node:timers/promises';
import type { DiscordRescueMessages } from '../commands/rescue/rescue-messages.js';
import type { Config } from '../config.js';
import { AppError } from '../errors.js';
import type { KeyHolder } from '../jellyfin/key-holder.js';
import type { Log } from '../services/log.js';
import { repairProgram } from '../installed.js';
import { createServerLocation, serverFiles } from '../server/server-location.js';
import type { Jellyfin } from '../services/accounts/jellyfin-port.js';
import type { PinsExpected } from '../services/pins/pin-watch.js';
import type { Overrides } from './overrides.js';

interface RescuePortsOptions {
  readonly config: Config['jellyfin'];
  readonly database: string;
  readonly keys: KeyHolder;
  readonly messages: DiscordRescueMessages;
  readonly overrides: Overrides;
  readonly log: Log;
}

const cannotSave = () => {
  throw new AppError('keyFromEnvironment');
};
const noStore = { save: cannotSave, mustBeSavable: cannotSave };

/** What rescues in Discord need; the repair and the ladder are loaded when the first one is asked for. */
export function rescuePorts({ config, database, keys, messages, overrides, log }: RescuePortsOptions) {
  const { keyStore = noStore, repairProgram: program = repairProgram, lookAgainAfterMs, machine } = overrides;
  const { db, serverDir } = serverFiles(config);
  const where = { serverDir, logDir: config.logDir, url: config.url, machine };
  const repair = async () => (await import('../repair/launcher.js')).createRepair({ log, program, where });
  const ladder = async (jellyfin: Jellyfin, pinsExpected: PinsExpected) => {
    const [{ createLadder }, made] = await Promise.all([import('./rescue-ladder.js'), repair()]);
    return createLadder({
      ...config,
      ...{ database, jellyfin, pinsExpected, repair: made, ...keyStore, log, lookAgainAfterMs },
      ...{ holder: keys, isThere: true },
      // Only where it was told to look: what is found by chance is for somebody at the keyboard to judge.
      location: createServerLocation({ ...config, usual: [] }),
    });
  };
  return {
    messages,
    repair,
    ladder,
    db,
    leavesKey: async (sinceMs: number) =>
      db !== undefined && (await repair()).addedOtherKey(db, sinceMs, keys.current.reveal()),
    wait: (ms: number) => wait(ms, undefined, { ref: false }),
    editEveryMs: overrides.rescueEditEveryMs,
    answerWithinMs: overrides.rescueAnswerWithinMs,
  };
}
