import { setTimeout as wait } from 'node:timers/promises';
import type { DiscordRescueMessages } from '../commands/rescue/rescue-messages.js';
import type { Config } from '../config.js';
import { AppError } from '../errors.js';
import type { KeyHolder } from '../jellyfin/key-holder.js';
import type { Log } from '../services/log.js';
import { repairProgram } from '../repair-program.js';
import { serverFiles } from '../server/server-location.js';
import type { Jellyfin } from '../services/accounts/jellyfin-port.js';
import type { PinsExpected } from '../services/pins/pin-watch.js';
import type { Overrides } from './overrides.js';

export interface RescuePortsOptions {
  readonly config: Config['jellyfin'];
  readonly keys: KeyHolder;
  readonly messages: DiscordRescueMessages;
  readonly overrides: Overrides;
  readonly log: Log;
}

function cannotSave(): never {
  throw new AppError('keyFromEnvironment');
}

/** What rescues in Discord need; the repair and the ladder are loaded when the first one is asked for. */
export function rescuePorts({ config, keys, messages, overrides, log }: RescuePortsOptions) {
  const { saveKey = cannotSave, repairProgram: program = repairProgram, lookAgainAfterMs, machine } = overrides;
  const { db, serverDir } = serverFiles(config);
  const where = { serverDir, logDir: config.logDir, url: config.url, machine };
  const repair = async () => (await import('../repair/launcher.js')).createRepair({ log, program, where });
  const ladder = async (jellyfin: Jellyfin, pinsExpected: PinsExpected) => {
    const [{ createLadder }, made] = await Promise.all([import('./rescue-ladder.js'), repair()]);
    return createLadder({ config, jellyfin, keys, saveKey, pinsExpected, repair: made, log, lookAgainAfterMs });
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
