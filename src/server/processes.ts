import { hasProc, processes } from './proc.js';
import type { Sign } from './sign.js';

const programs = ['jellyfin', 'jellyfin.dll', 'jellyfin.exe'];

/** Any process whose program is Jellyfin's. */
export function lookAtProcesses({ ownPids = [] }: { readonly ownPids?: readonly number[] | undefined }): Sign[] {
  if (!hasProc()) return [{ sign: 'process', seen: 'unseen', params: { why: process.platform } }];
  const own = new Set([process.pid, ...ownPids]);
  return processes()
    .filter(({ pid, names }) => !own.has(pid) && names.some((name) => programs.includes(name)))
    .map(({ pid }) => ({ sign: 'process', seen: 'running', params: { pid } }));
}
