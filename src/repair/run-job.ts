import { stepDown } from '../as-owner.js';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import type { RepairEnd, RepairJob, RepairLine } from '../services/rescue/ladder/repair-port.js';
import { lockRepair } from './lock.js';
import { RepairRun } from './repair.js';
import { admit, mustBeWithinReach } from './admission.js';

const nothingDone = { changed: false, leftStopped: false, started: false, unseen: [] };

/**
 * A repair from beginning to end, in this process, which gives up root's rights for those of the file's owner. Whatever
 * stands in the way, or fails, is its end.
 */
export async function runJob(
  given: RepairJob,
  leaving: AbortSignal,
  say: (line: RepairLine) => void,
): Promise<RepairEnd> {
  let run: RepairRun | undefined;
  let lock: { release(): void } | undefined;
  try {
    const db = admit(given.db);
    stepDown(db);
    mustBeWithinReach(db);
    lock = lockRepair(db.path);
    say({ kind: 'step', step: 'who', outcome: 'done' });
    run = new RepairRun(db, given, { leaving, say });
    await run.run();
    return { outcome: 'done', ...run.end() };
  } catch (error) {
    const so = { step: run?.failedAt ?? ('who' as const), ...(run?.end() ?? nothingDone) };
    if (error instanceof RepairRefusal) {
      const { code, params } = error;
      return { outcome: so.changed || code === 'notAsWritten' ? 'failed' : 'refused', code, params, ...so };
    }
    const why = error instanceof Error ? error.message : String(error);
    return { outcome: 'failed', code: run?.failure() ?? 'recordFailed', params: { why }, ...so };
  } finally {
    lock?.release();
  }
}
