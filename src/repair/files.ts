import { chmodSync, chownSync, closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** What is in a file, or that it is gone from a folder, is on the disk after this. */
export function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Windows and some network file systems sync no folders.
    if (!(error instanceof Error && 'code' in error && ['EPERM', 'EINVAL', 'EISDIR'].includes(String(error.code))))
      throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a private file whole, or not at all. */
export function writeDurably(path: string, text: string, owner: Owner): void {
  const part = `${path}.part`;
  rmSync(part, { force: true });
  try {
    const descriptor = openSync(part, 'wx', 0o600);
    try {
      own(part, owner);
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  sync(dirname(path));
}

/** Gives a file to jellyfin.db's owner, where that is allowed: root may have made it, and the owner may have to go on. */
export function own(path: string, { uid, gid }: Owner): void {
  if (process.getuid?.() === 0) chownSync(path, uid, gid);
}

/** On a file with an access list the group's bits are its mask: taken away, it opens to nobody who could not write the original. */
export function restrict(path: string, mode: number): void {
  if (process.platform !== 'win32') chmodSync(path, mode & ~0o022);
}

export function removeDurably(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true });
  const [first] = paths;
  if (first !== undefined) sync(dirname(first));
}
