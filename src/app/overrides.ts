import type { WebSocketOptions } from 'discord.js';
import type { Schedule } from '../discord/answers.js';
import type { loadCommands } from '../discord/load-commands.js';
import type { RescueKeysOptions } from '../jellyfin/key-holder.js';
import type { Services } from '../services/create-services.js';
import type { Machine } from '../services/rescue/ladder/repair-port.js';
import type { WordsOptions } from '../words.js';

/** What a test or another program may put in the place of the real thing. */
export interface Overrides extends WordsOptions {
  readonly now?: () => number;
  readonly newPassword?: () => string;
  readonly jellyfinTimeoutMs?: number;
  /** The commands, where the bots of one process have the same and need not look for them each. */
  readonly commands?: ReturnType<typeof loadCommands<Services>>;
  /** Takes private answers away again when their time is over. */
  readonly schedule?: Schedule;
  /** Before each further try of a call to Discord that failed in a way that passes. */
  readonly retryPausesMs?: readonly number[];
  /** Of the connection to Discord: discord.js lets five seconds pass between two identifies. */
  readonly gateway?: WebSocketOptions;
  /** Where a new API key is written, for the next start to read it; both throw AppError. Without it none can be kept. */
  readonly keyStore?: Pick<RescueKeysOptions, 'save' | 'mustBeSavable'> | undefined;
  /** The built program of the repair, where it is not beside what is built. */
  readonly repairProgram?: string;
  /** Between two looks at Jellyfin's folder for PIN files. */
  readonly pinPollMs?: number;
  /** What of this machine is looked at to see whether Jellyfin is stopped. */
  readonly machine?: Machine | undefined;
  /** Between the two looks whether Jellyfin is stopped. */
  readonly lookAgainAfterMs?: number | undefined;
  /** Between two edits of a rescue's card, and how long its questions wait. */
  readonly rescueEditEveryMs?: number;
  readonly rescueAnswerWithinMs?: number;
  /** Between two looks whether a code was confirmed. */
  readonly proofPollMs?: number;
  /** How long Discord is waited for that is asked who somebody is. */
  readonly memberSearchMs?: number;
  /** Jobs run only when they are told to, not by the clock: nothing happens in the middle of something else. */
  readonly jobsByHand?: boolean;
}
