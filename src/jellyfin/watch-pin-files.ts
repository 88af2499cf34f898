import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../services/log.js';

interface WatchOptions {
  readonly serverDir: string;
  /** The PIN files that are there; undefined while the folder is away. */
  readonly names: () => Promise<readonly string[] | undefined>;
  readonly pollMs: number;
  readonly log: Pick<Log, 'warn'>;
  readonly onChange: (file: string) => void;
}

/**
 * Calls back for every PIN file that is there, appears, changes or goes. By polling: file events reach neither into a
 * container nor across a network share. A folder that is away for a while is waited for, and says nothing about its
 * files; a watcher of the file system's would let it go for good.
 */
export async function watchPinFiles(options: WatchOptions): Promise<{ close(): Promise<void> }> {
  const { pollMs } = options;
  const look = looker(options);
  const ending = new AbortController();
  const go = async () => {
    while (!ending.signal.aborted) {
      await wait(pollMs, undefined, { ref: false, signal: ending.signal }).catch(() => undefined);
      if (!ending.signal.aborted) await look();
    }
  };
  await look();
  const going = go();
  return {
    close: () => {
      ending.abort();
      return going;
    },
  };
}

/** One look at the folder, which remembers the one before. Never throws. */
function looker({ serverDir, names, log, onChange }: WatchOptions): () => Promise<void> {
  let known = new Map<string, string>();
  let isAway = false;
  return async () => {
    const there = await names();
    if (!there && !isAway) log.warn({ folder: serverDir }, "Jellyfin's folder cannot be watched for PIN files");
    isAway = !there;
    if (!there) return;
    const seen = new Map(await Promise.all(there.map(async (name) => [name, await lookOf(serverDir, name)] as const)));
    const before = known;
    known = seen;
    for (const [name, look] of seen) if (before.get(name) !== look) onChange(name);
    for (const name of before.keys()) if (!seen.has(name)) onChange(name);
  };
}

/** Tells one state of a file from the next. */
async function lookOf(serverDir: string, name: string): Promise<string> {
  const found = await stat(join(serverDir, name)).catch(() => undefined);
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : 'not to be seen';
}
