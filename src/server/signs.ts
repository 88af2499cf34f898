import { lookAtHttp } from './http-sign.js';
import { lookAtFileLocks, lookAtLog } from './locks.js';
import { outOfSight } from './out-of-sight.js';
import { lookAtOpenFiles, lookAtProcesses } from './processes.js';
import type { Sign, SignName, Signs, WhereToLook } from './sign.js';

export type { Sign, SignName, Signs } from './sign.js';

/** Whether the server is one of the processes that this one sees: by its name, or as nobody else writes to its files. */
export const isSeenHere = ({ running }: Signs): boolean =>
  running.some(({ sign, params }) => sign === 'process' || params.writes === 1);

/**
 * Looks for a running server in every way there is, without opening its database. No single sign is enough: an idle
 * server has closed the file (docs/jellyfin.md, "jellyfin.db"), a starting one does not answer yet. Never throws: a sign
 * that cannot be read is `unseen`.
 */
export async function lookForServer(where: WhereToLook): Promise<Signs> {
  const openFiles = meanwhile(() => lookAtOpenFiles(where));
  const looks: Record<SignName, () => Promise<Sign[]>> = {
    process: () => meanwhile(() => lookAtProcesses(where)),
    openFile: () => openFiles,
    // Asking for the lock opens the log, which must not be taken for a server that has it open.
    logLock: () => openFiles.then(nothing, nothing).then(() => lookAtLog(where)),
    http: () => lookAtHttp(where),
    fileLock: () => lookAtFileLocks(where),
  };
  const found = await Promise.all(
    Object.entries(looks).map(async ([sign, look]) => {
      try {
        return await look();
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return [{ sign: sign as SignName, seen: 'unseen', params: { why } } as const];
      }
    }),
  );
  const all = found.flat();
  const running = all.filter(({ seen }) => seen === 'running');
  const unseen = all.filter(({ seen }) => seen === 'unseen');
  return { running, unseen: [...unseen, ...beyond(where, { running, unseen })] };
}

/** Lists that end at this container, or at this machine, say nothing of a server that is not in them. */
function beyond({ db, isInSight, surroundings }: WhereToLook, signs: Signs): Sign[] {
  if (isInSight || isSeenHere(signs)) return [];
  const why = outOfSight(db, surroundings);
  if (why === undefined) return [];
  return listed.map((sign) => ({ sign, seen: 'unseen', params: { why } }));
}

const listed = ['process', 'openFile', 'fileLock'] as const;

const nothing = () => undefined;

/** For a look that keeps this thread busy: after the others, which wait for an answer, have asked. */
async function meanwhile(look: () => Sign[]): Promise<Sign[]> {
  await Promise.resolve();
  return look();
}
