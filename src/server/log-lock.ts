import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Sign } from './sign.js';

/**
 * Whether a process holds the newest log, as the server does for as long as it lives (docs/jellyfin.md, "The server's
 * folder"): the one sign that other users and containers see. `flock` is asked, as Node has no such call.
 */
export async function lookAtLog({ logDir }: { readonly logDir?: string | undefined }): Promise<Sign[]> {
  const unseen = (why: string): Sign[] => [{ sign: 'logLock', seen: 'unseen', params: { why } }];
  if (logDir === undefined) return unseen('no log folder');
  const newest = newestLog(logDir);
  if (newest === undefined) return unseen(logDir);
  const code = await run('flock', ['-xn', newest, 'true']);
  if (code === 0) return [];
  if (code === 1) return [{ sign: 'logLock', seen: 'running', params: { file: newest } }];
  return unseen(code === 'ENOENT' ? 'flock' : `flock ${code}`);
}

function newestLog(folder: string): string | undefined {
  const logs = readdirSync(folder)
    .filter((name) => /^log_.*\.log$/.test(name))
    .map((name) => join(folder, name))
    .map((path) => ({ path, changed: statSync(path).mtimeMs }))
    .sort((a, b) => b.changed - a.changed || (a.path < b.path ? 1 : -1));
  return logs[0]?.path;
}

function run(program: string, args: readonly string[]): Promise<number | string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}
