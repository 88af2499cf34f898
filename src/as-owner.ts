import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tried } from './tried.js';

/** Whose a file is. Its group says nothing of them: root may have given it one that they are not in. */
export interface Owner {
  readonly uid: number;
}

const ownGroup = process.getegid?.() ?? 0;
const ownGroups = process.getgroups?.() ?? [];
const startedAsRoot = process.geteuid?.() === 0;

/**
 * Gives up root's rights for those of a file's owner, until `stepUp`. In somebody else's folder any name may be a link by
 * the time it is used: with its owner's rights it leads no further than they get themselves, and what is made is theirs.
 * Nothing happens where this process is not root. Throws the system's error.
 */
export function stepDown({ uid }: Owner): void {
  if (process.geteuid?.() !== 0 || uid === 0) return;
  process.setegid?.(joinGroupsOf(uid));
  process.seteuid?.(uid);
}

/**
 * The same for good, for a process that goes on to do what a user has written down: one that can take root's rights again
 * is root's to whoever says what it runs. Throws the system's error.
 */
export function becomeOwner({ uid }: Owner): void {
  if (process.geteuid?.() !== 0 || uid === 0) return;
  // That user may signal this process from now on. At SIGUSR1 Node opens its inspector, where anybody on this computer runs
  // what they like, at root's terminal and with root's environment; a listener takes the signal from it.
  process.on('SIGUSR1', () => undefined);
  process.setgid?.(joinGroupsOf(uid));
  process.setuid?.(uid);
}

/** What belongs to nobody's group belongs to this one. */
const nogroup = 65_534;

/** Has this process be in a user's own groups and in no other; returns the first. Of a user who is in no list nobody knows any. */
function joinGroupsOf(uid: number): number {
  const [name, , , group] = listed(uid) ?? [];
  const gid = Number(group ?? nogroup);
  if (name === undefined) process.setgroups?.([gid]);
  else (process as typeof process & { initgroups(user: string, group: number): void }).initgroups(name, gid);
  return gid;
}

/**
 * Whether this process has given up root's rights. Then no command is advised that gives a file to the user whose rights it
 * has: they could have chosen which file that is, by a link, and whoever reads it is root.
 */
export const isRootAsAnother = (): boolean => startedAsRoot && process.geteuid?.() !== 0;

/** Takes root's rights again. */
export function stepUp(): void {
  if (process.getuid?.() !== 0 || process.geteuid?.() === 0) return;
  process.seteuid?.(0);
  process.setegid?.(ownGroup);
  process.setgroups?.(ownGroups);
}

/** Does, with rights of its own, what is to be done elsewhere than in the folder of `owner`, for whom it has stepped down. */
export async function asOneself<T>(owner: Owner, work: () => Promise<T>): Promise<T> {
  stepUp();
  try {
    return await work();
  } finally {
    stepDown(owner);
  }
}

/**
 * Does something in the folder of `owner` with their rights; with those that are left where root's are given up already.
 * `work` is over when it returns: others do not wait meanwhile.
 */
export function asOwner<T>(owner: Owner, work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  stepDown(owner);
  try {
    return work();
  } finally {
    stepUp();
  }
}

/** The owner of this program, who could have it do anything. Throws the system's error. */
export const programOwner = (): number => statSync(fileURLToPath(import.meta.url)).uid;

/** A user's name by number, as far as this machine's own list has it; a container's user may be in no list. */
export const userName = (uid: number): string => listed(uid)?.[0] ?? `${uid}`;

/** A user's line in that list, field by field. */
function listed(uid: number): string[] | undefined {
  const lines = tried(() => readFileSync('/etc/passwd', 'utf8').split('\n')) ?? [];
  return lines.map((line) => line.split(':')).find(([, , number]) => number === `${uid}`);
}
