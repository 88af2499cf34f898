import { lookAtFileLocks } from './file-locks.js';
import { lookAtHttp } from './http-sign.js';
import { lookAtLog } from './log-lock.js';
import { lookAtOpenFiles } from './open-files.js';
import { lookAtProcesses } from './processes.js';
import type { Sign, SignName, Signs } from './sign.js';

export type { Sign, SignName, Signs } from './sign.js';

/** Where a server would leave signs of life. */
export interface WhereToLook {
  /** jellyfin.db, links resolved; it is never opened here. */
  readonly db: string;
  readonly serverDir?: string | undefined;
  readonly logDir?: string | undefined;
  /** JELLYFIN_URL. */
  readonly url?: string | undefined;
  /** Processes of Latchkey's own: their open files do not count, unless it is jellyfin.db itself. */
  readonly ownPids?: readonly number[] | undefined;
}

/**
 * Looks for a running server in every way there is, without opening its database: no single sign is enough, as an idle
 * server has closed the file, and a starting one does not answer yet. Never throws: what cannot be read is `unseen`.
 */
export async function lookForServer(where: WhereToLook): Promise<Signs> {
  const openFiles = meanwhile(() => lookAtOpenFiles(where));
  const looks: Record<SignName, () => Promise<Sign[]>> = {
    process: () => meanwhile(() => lookAtProcesses(where)),
    openFile: () => openFiles,
    // Whoever asks for the lock opens the log, and must not be taken for a server that has it open.
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
  return { running: all.filter(({ seen }) => seen === 'running'), unseen: all.filter(({ seen }) => seen === 'unseen') };
}

const nothing = () => undefined;

/** For a look that keeps this thread busy: after the others, which wait for an answer, have asked. */
async function meanwhile(look: () => Sign[]): Promise<Sign[]> {
  await Promise.resolve();
  return look();
}
