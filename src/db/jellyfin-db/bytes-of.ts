import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The first or last bytes of a file, fewer where it is shorter; undefined where there is none. Throws the system's error. */
export function bytesOf(path: string, length: number, where: 'start' | 'end'): Buffer | undefined {
  let descriptor: number;
  try {
    // Whatever lies there by that name: a pipe would be waited for.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const bytes = Buffer.alloc(length);
    const from = where === 'start' ? 0 : Math.max(0, fstatSync(descriptor).size - length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, from));
  } finally {
    closeSync(descriptor);
  }
}
