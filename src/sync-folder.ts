import { closeSync, fsyncSync, openSync } from 'node:fs';
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
