import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** A file that is nothing to be read; `code` says why, as the system's errors do. */
export class UnfitFile extends Error {
  override readonly name = 'UnfitFile';

  constructor(
    path: string,
    readonly code: 'no ordinary file' | 'too large',
  ) {
    super(`${path} is ${code}`);
  }
}

export interface SmallFile {
  readonly text: string;
  /** The number of the user whose it is. */
  readonly uid: number;
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
}

/** What a settings file, a record or a key file never has. */
const usualLimit = 64 * 1024;

/**
 * The one way to open a file for reading that somebody else may have put there. A pipe would keep us waiting, a device gives
 * without end, a link leads elsewhere (`follow`: it may). Throws UnfitFile or the system's error.
 */
export function openOrdinary(path: string, follow = false): { readonly descriptor: number; readonly status: Stats } {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
  const descriptor = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
  const status = fstatSync(descriptor);
  if (status.isFile()) return { descriptor, status };
  closeSync(descriptor);
  throw new UnfitFile(path, 'no ordinary file');
}

/** Reads all of such a file. Throws UnfitFile or the system's error. */
export function readSmallFile(path: string, { most = usualLimit, follow = false } = {}): SmallFile {
  const { descriptor, status } = openOrdinary(path, follow);
  try {
    // One byte more than it may have; what its size says is no promise.
    const bytes = Buffer.alloc(most + 1);
    let length = 0;
    for (let read = 1; read > 0 && length <= most; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (length > most) throw new UnfitFile(path, 'too large');
    const { uid, mode, mtimeMs: writtenAt } = status;
    return { text: bytes.toString('utf8', 0, length), uid, mode, writtenAt };
  } finally {
    closeSync(descriptor);
  }
}

/** The text of a file that the settings name: a secret may be mounted as a link. Throws as `readSmallFile` does. */
export const readNamedFile = (path: string): string => readSmallFile(path, { follow: true }).text;
