import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Whether a Jellyfin runs on this computer that is not the demo's. Latchkey cannot know which file it has open, and
 * rightly repairs none as long as it runs. Systems without `/proc` show nobody's.
 */
export function aRealServerRuns(): boolean {
  try {
    return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && isServer(pid));
  } catch {
    return false;
  }
}

function isServer(pid: string): boolean {
  try {
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .map((arg) => basename(arg));
    return program === 'jellyfin' || args.includes('jellyfin.dll');
  } catch {
    return false; // gone meanwhile
  }
}
