import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { asOwner, programOwner } from './as-owner.js';
import { workerAt, wayTo } from './way-to.js';

/** A file that is nothing to be read; `code` says why, as the system's errors do. */
export class UnfitFile extends Error {
  override readonly name = 'UnfitFile';

  constructor(
    readonly path: string,
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
  // Before it is opened: a device does something then, as a watchdog does.
  if (!(follow ? statSync : lstatSync)(path).isFile()) throw new UnfitFile(path, 'no ordinary file');
  const descriptor = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
  const status = fstatSync(descriptor);
  if (status.isFile()) return { descriptor, status };
  closeSync(descriptor);
  throw new UnfitFile(path, 'no ordinary file');
}

/** Does something with a file that was opened so, and closes it whatever comes of that. */
export function whileOpen<T>({ descriptor }: { readonly descriptor: number }, work: (descriptor: number) => T): T {
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The same for a database, which SQLite opens by name, with the files beside it, none of which it takes as a link. Throws UnfitFile. */
export function mustBeOrdinary(database: string): void {
  for (const end of ['', '-journal', '-wal', '-shm']) {
    const found = (end === '' ? statSync : lstatSync)(`${database}${end}`, { throwIfNoEntry: false });
    if (found && !found.isFile()) throw new UnfitFile(`${database}${end}`, 'no ordinary file');
  }
}

/** Reads all of such a file; `isSettings`: a person may have written it, in one of several encodings. Throws UnfitFile or the system's error. */
export function readSmallFile(path: string, { most = usualLimit, follow = false, isSettings = false } = {}): SmallFile {
  const opened = openOrdinary(path, follow);
  return whileOpen(opened, (descriptor) => {
    const read = upTo(most + 1, descriptor);
    if (read.length > most) throw new UnfitFile(path, 'too large');
    const { uid, mode, mtimeMs: writtenAt } = opened.status;
    return { text: isSettings ? decodeText(read) : read.toString('utf8'), uid, mode, writtenAt };
  });
}

/** Reads how such a file begins; `isWhole`: that is all of it. Throws UnfitFile or the system's error. */
export function readStart(path: string, most = usualLimit): { readonly text: string; readonly isWhole: boolean } {
  const read = whileOpen(openOrdinary(path), (descriptor) => upTo(most + 1, descriptor));
  return { text: read.toString('utf8', 0, most), isWhole: read.length <= most };
}

/** What a file's size says is no promise. */
function upTo(most: number, descriptor: number): Buffer {
  const bytes = Buffer.alloc(most);
  let length = 0;
  for (let got = 1; got > 0; length += got) got = readSync(descriptor, bytes, length, bytes.length - length, null);
  return bytes.subarray(0, length);
}

/**
 * The text of a settings file as editors and shells write it: UTF-8, with or without its mark, or UTF-16 with one, as
 * PowerShell and Windows' Notepad do.
 */
function decodeText(bytes: Buffer): string {
  const marked = [
    { mark: [0xff, 0xfe], encoding: 'utf-16le' },
    { mark: [0xfe, 0xff], encoding: 'utf-16be' },
  ].find(({ mark }) => mark.every((byte, at) => bytes[at] === byte));
  // The decoder itself leaves the mark out.
  return new TextDecoder(marked?.encoding ?? 'utf-8').decode(bytes);
}

/**
 * Reads one with the rights of who could have chosen which file that is: by a link of theirs root would tell them, or send
 * where they listen, what is closed to them. Throws as `workerAt`, `wayTo` and `readSmallFile` do.
 */
export function readAsChooser(path: string, options?: Parameters<typeof readSmallFile>[1]): SmallFile {
  if (process.geteuid?.() !== 0) return readSmallFile(path, options);
  const way = wayTo(resolve(path));
  // What was not there is not read: where others may write, a link could lie there by now.
  if (!way.end.file) throw Object.assign(new Error(`${path} is not there`), { code: 'ENOENT' });
  return asOwner(workerAt(way, programOwner()), () => readSmallFile(path, options));
}

/** The text of a file that the settings name: a secret may be mounted as a link. Throws as `readAsChooser` does. */
export const readNamedFile = (path: string): string => readAsChooser(path, { follow: true, isSettings: true }).text;
