import { existsSync, readFileSync } from 'node:fs';

/** Whether a process runs. One that has ended is gone, though a container's first process may never take note of it. */
export function isThere(pid = ''): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}
