import type { Draft, Step, Surroundings } from './draft.js';
import { askAdminRoles, askChannel, askHelperRoles, askServer, askToken } from './steps/discord.js';
import { askJellyfin, askPublicUrl } from './steps/jellyfin.js';
import { askKey, askOwner, leaveSession } from './steps/key.js';
import { askCardChannel, askExtras, askToWrite } from './steps/last.js';
import { Leaving } from './ui.js';

const steps: readonly Step[] = [
  askToken,
  askServer,
  askAdminRoles,
  askHelperRoles,
  askChannel,
  askJellyfin,
  askPublicUrl,
  askKey,
  askOwner,
  askExtras,
  askCardChannel,
  askToWrite,
];

/**
 * Asks everything that a set-up needs, and hands it over; a question that is answered by going back leads to the one
 * before it. Throws Leaving when somebody stops: then nobody is signed in to Jellyfin any more, and nothing was written.
 */
export async function askAll(around: Surroundings): Promise<Draft> {
  // Each step fills in what the steps after it stand on.
  const draft = { rescue: {} } as Draft;
  const asked: number[] = [];
  try {
    for (let at = 0; at < steps.length;) {
      try {
        if (await steps[at]?.(draft, around)) asked.push(at);
        at += 1;
      } catch (error) {
        if (!(error instanceof Leaving) || error.wish === 'stop') throw error;
        at = asked.pop() ?? 0;
      }
    }
    return draft;
  } catch (error) {
    await leaveSession(draft, around);
    throw error;
  }
}
