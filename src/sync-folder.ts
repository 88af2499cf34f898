import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from './error-code.js';

/** Windows and some network file systems sync no folders: they say so with one of these. */
const unknownThere = ['EPERM', 'EINVAL', 'EISDIR'];

/** What was renamed or removed in a folder is so on the disk after this, where its system can say so. Throws the system's error. */
export function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch (error) {
    if (!unknownThere.includes(errorCode(error) ?? '')) throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** What was written to a file, and its name in the folder, is on the disk after this. Throws the system's error. */
export function syncFile(file: string): void {
  // Windows lets only those sync who may write.
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  syncFolder(dirname(file));
}

/**
 * Writes a private file whole, or not at all, in the place of one that is there; `made` is given the new one before it has
 * content. Throws the system's error.
 */
export function writeDurably(file: string, text: string, made?: (descriptor: number) => void): void {
  const part = `${file}.part`;
  try {
    rmSync(part, { force: true });
    const descriptor = openSync(part, 'wx', 0o600);
    try {
      made?.(descriptor);
      // All of it: on a disk that is nearly full a single write may take a part, and call that well.
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
}
