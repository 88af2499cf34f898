import { closeSync, fchmodSync, fsync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { syncFolder } from '../sync-folder.js';

/** What is in a file is on the disk after this; on another thread, which begins at once: this one may go on reading it. */
export async function syncMeanwhile(file: string): Promise<void> {
  // Windows lets only those sync who may write.
  const descriptor = openSync(file, 'r+');
  try {
    await promisify(fsync)(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** On a file with an access list the group's bits are its mask: taken away, it opens to nobody who could not write the original. */
export function restrict(descriptor: number, mode: number): void {
  if (process.platform !== 'win32') fchmodSync(descriptor, mode & ~0o022);
}

/** Removes files of one folder, whether they are there or not, and syncs it. Throws the system's error. */
export function removeDurably(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true });
  const [first] = paths;
  if (first !== undefined) syncFolder(dirname(first));
}
