import { hasProc, processes } from './proc.js';
import type { Sign } from './sign.js';

/** Names of Jellyfin's program: by itself, or run by `dotnet` (docs/jellyfin.md, "The server's folder"). */
export const serverPrograms = ['jellyfin', 'jellyfin.dll', 'jellyfin.exe'];

interface WhichProcesses {
  readonly ownPids?: readonly number[] | undefined;
  readonly programs?: readonly string[];
}

/** Any process whose program is Jellyfin's. */
export function lookAtProcesses({ ownPids = [], programs = serverPrograms }: WhichProcesses): Sign[] {
  if (!hasProc()) return [{ sign: 'process', seen: 'unseen', params: { why: process.platform } }];
  const own = new Set([process.pid, ...ownPids]);
  const { seen, hidden } = processes();
  const signs = seen
    .filter(({ pid, names }) => !own.has(pid) && names.some((name) => programs.includes(name)))
    .map(({ pid }): Sign => ({ sign: 'process', seen: 'running', params: { pid } }));
  return hidden ? [...signs, { sign: 'process', seen: 'unseen', params: { why: '/proc' } }] : signs;
}
