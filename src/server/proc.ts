import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { errorCode } from '../error-code.js';

/** Linux' own list of processes; other systems have none that can be read as a file. */
export const hasProc = (): boolean => existsSync('/proc/self/stat');

export interface Process {
  readonly pid: number;
  /** Everything that may be the program's name. */
  readonly names: readonly string[];
}

/**
 * Every process but those that are dead already (zombies keep their name and hold nothing). `hidden`: the system is set
 * up to show people their own processes only (the first one of all is always there, and not seen).
 */
export function processes(): { readonly seen: Process[]; readonly hidden: boolean } {
  let hidden = !existsSync('/proc/1/stat');
  const seen = pids().flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in brackets may hold anything, brackets included.
      const nameEnd = stat.lastIndexOf(')');
      const state = stat.slice(nameEnd + 2, nameEnd + 3);
      if (state === 'Z' || state === 'X') return [];
      return [{ pid, names: [stat.slice(stat.indexOf('(') + 1, nameEnd), ...namesOf(pid)] }];
    } catch (error) {
      hidden ||= isForbidden(error); // otherwise it is gone meanwhile
      return [];
    }
  });
  return { seen, hidden };
}

export function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');
}

export function pids(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function namesOf(pid: number): string[] {
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  // `dotnet … /usr/lib/jellyfin/jellyfin.dll`: there the program is an argument. A plain `jellyfin` as an argument is not.
  const [program = '', ...rest] = args.map((arg) => basename(arg));
  return [program, ...rest.filter((arg) => arg.endsWith('.dll')), ...exeOf(pid)];
}

function exeOf(pid: number): string[] {
  try {
    return [basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '')];
  } catch {
    return []; // another user's: its name and arguments are still there to be read
  }
}
