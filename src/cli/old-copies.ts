import { dayMs } from '../time.js';
import { oldCopies, removeCopy } from '../repair/copy.js';
import type { LocationFinding } from '../services/rescue/ladder/server-location-port.js';
import type { Translate } from '../words.js';
import type { TerminalRescueUi } from './terminal-rescue-ui.js';

const oldAfterMs = 30 * dayMs;

/** Copies that earlier rescues left are as large as the database. Names those older than 30 days; offers to remove them at a terminal. */
export async function offerOldCopies(
  { db, dbFound }: LocationFinding,
  door: TerminalRescueUi,
  t: Translate,
): Promise<void> {
  if (db === undefined || !dbFound) return;
  const old = oldCopies(db, Date.now() - oldAfterMs);
  if (old.length === 0) return;
  door.line('');
  for (const { path, bytes } of old) {
    door.line(t('commandLine.rescue.oldCopy', { path, size: Math.ceil(bytes / 1024 / 1024) }));
  }
  if (!(await door.confirm(t('commandLine.rescue.removeCopies')))) return;
  for (const { path } of old) removeCopy(path);
  door.line(t('commandLine.rescue.copiesRemoved'));
}
