import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Whose a file is. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const ownGroup = process.getegid?.() ?? 0;
const ownGroups = process.getgroups?.() ?? [];
const startedAsRoot = process.geteuid?.() === 0;

/**
 * Gives up root's rights for those of a file's owner, until `stepUp`. In somebody else's folder any name may be a link by
 * the time it is used: with its owner's rights it leads no further than they get themselves, and what is made is theirs.
 * Nothing happens where this process is not root. Throws the system's error.
 */
export function stepDown({ uid, gid }: Owner): void {
  if (process.geteuid?.() !== 0 || uid === 0) return;
  process.setgroups?.([gid]);
  process.setegid?.(gid);
  process.seteuid?.(uid);
}

/**
 * The same for good, for a process that goes on to do what a user has written down: one that can take root's rights again
 * is root's to whoever says what it runs. Throws the system's error.
 */
export function becomeOwner({ uid, gid }: Owner): void {
  if (process.geteuid?.() !== 0 || uid === 0) return;
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
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

/** Does something in the folder of `owner` with their rights. `work` is over when it returns: others do not wait meanwhile. */
export function asOwner<T>(owner: Owner, work: () => T): T {
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
export function userName(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((each) => each.split(':')[2] === `${uid}`);
    return line?.split(':')[0] ?? `${uid}`;
  } catch {
    return `${uid}`;
  }
}
