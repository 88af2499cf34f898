import type { RescueSentences } from '../commands/rescue/rescue-sentences.js';
import { signsSeen, unfinished } from '../repair/left-behind.js';
import { createServerLocation } from '../server/server-location.js';
import { placeGiven, type RescueFlags } from './rescue-settings.js';

/**
 * For whoever is refused before there is a plan, which would say it: that an earlier rescue has left the server stopped,
 * and what starts it. Nothing where it is seen to run, or is stopped for this one. The address is not asked: one that does
 * not answer would hold up what they were refused for.
 */
export async function leftStoppedLines(
  flags: RescueFlags,
  env: Readonly<Record<string, string | undefined>>,
  sentences: RescueSentences,
): Promise<string[]> {
  if (flags.serverIsStopped) return [];
  const { db, serverDir, logDir } = await createServerLocation(placeGiven(flags, env)).look();
  if (db === undefined) return [];
  const where = { serverDir, logDir };
  const found = await unfinished(db, where);
  const lines = found ? sentences.standsStill(found) : [];
  return lines.length > 0 && (await signsSeen(db, where)).running.length > 0 ? [] : lines;
}
