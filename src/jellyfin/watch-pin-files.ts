import { basename, resolve } from 'node:path';
import type { JellyfinLog } from './log.js';
import { isPinFile } from './pin-file.js';

interface WatchOptions {
  readonly serverDir: string;
  readonly pollMs: number;
  readonly log: JellyfinLog;
  readonly onChange: (file: string) => void;
}

/**
 * Calls back for every PIN file that is there, appears, changes or goes. By polling: file events reach neither into a
 * container nor across a network share. A folder that is away for a while is waited for.
 */
export async function watchPinFiles({
  serverDir,
  pollMs,
  log,
  onChange,
}: WatchOptions): Promise<{ close(): Promise<void> }> {
  // Loaded where it is needed only: most households do not run the bot on Jellyfin's computer.
  const { watch } = await import('chokidar');
  const root = resolve(serverDir);
  const watcher = watch(root, {
    usePolling: true,
    interval: pollMs,
    binaryInterval: pollMs,
    depth: 0,
    persistent: true,
    ignored: (path) => resolve(path) !== root && !isPinFile(basename(path)),
    ignorePermissionErrors: true,
  });
  watcher.on('all', (_event, path) => {
    if (isPinFile(basename(path))) onChange(basename(path));
  });
  watcher.on('error', (err) => log.warn({ err }, "Jellyfin's folder cannot be watched for PIN files"));
  await new Promise<void>((ready) => watcher.once('ready', () => ready()));
  return { close: () => watcher.close() };
}
