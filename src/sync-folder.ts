import { closeSync, fsyncSync, openSync } from 'node:fs';
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
