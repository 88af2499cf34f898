import type { RescueSentences } from '../commands/rescue/rescue-sentences.js';
import { readTestMachine } from '../app/test-machine.js';
import { oldCopies, removeCopy } from '../repair/copy.js';
import { signsSeen, unfinished } from '../repair/launcher.js';
import { createServerLocation } from '../server/server-location.js';
import type { LocationFinding } from '../services/rescue/ladder/server-location-port.js';
import { dayMs } from '../time.js';
import type { Translate } from '../words.js';
import { locationGiven, type RescueFlags } from './rescue-settings.js';
import type { TerminalRescueUi } from './terminal-rescue-ui.js';

/**
 * For a person who is refused before there is a plan, which would say it: that an earlier rescue has left the server
 * stopped, and what starts it. Nothing where it is seen to run, or is stopped for this one. The address is not asked: one
 * that does not answer would hold up why they were refused.
 */
export async function leftStoppedLines(
  flags: RescueFlags,
  env: Readonly<Record<string, string | undefined>>,
  sentences: RescueSentences,
): Promise<string[]> {
  if (flags.serverIsStopped) return [];
  const { machine } = readTestMachine(env);
  const { db, serverDir, logDir } = await createServerLocation(locationGiven(flags, env)).look();
  if (db === undefined) return [];
  const where = { serverDir, logDir, machine };
  const found = await unfinished(db, where);
  const lines = found ? sentences.standsStill(found) : [];
  return lines.length > 0 && (await signsSeen(db, where)).running.length > 0 ? [] : lines;
}

const oldAfterMs = 30 * dayMs;

/** Copies that earlier rescues left are as large as the database. Names those older than 30 days; offers to remove them at a terminal. */
export async function offerOldCopies(
  { db, dbFound }: LocationFinding,
  ui: TerminalRescueUi,
  t: Translate,
): Promise<void> {
  if (db === undefined || !dbFound) return;
  const old = oldCopies(db, Date.now() - oldAfterMs);
  if (old.length === 0) return;
  ui.line('');
  for (const { path, bytes } of old) {
    ui.line(t('commandLine.rescue.oldCopy', { path, size: Math.ceil(bytes / 1024 / 1024) }));
  }
  if (!(await ui.confirm(t('commandLine.rescue.removeCopies')))) return;
  for (const { path } of old) removeCopy(path);
  ui.line(t('commandLine.rescue.copiesRemoved'));
}
