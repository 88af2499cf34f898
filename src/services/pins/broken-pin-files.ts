import { isRecent } from '../../time.js';
import type { BadPinFile, PinFile } from './pin-port.js';

/** A file that stays the same for this long is not being written any more. */
const writingEndsWithinMs = 5000;

/** Tells PIN files that are broken from those that are merely half written. */
export class BrokenPinFiles {
  /** When each was written, and when it was first read so. */
  readonly #read = new Map<string, { readonly writtenAt: number; readonly at: number }>();

  constructor(private readonly now: () => number) {}

  /** Whether it was the same when it was read some time before. */
  isSureOf(found: BadPinFile | PinFile | undefined): boolean {
    const writtenAt = found && brokenSince(found);
    if (!found || writtenAt === undefined) return false;
    const before = this.#read.get(found.file);
    if (before?.writtenAt === writtenAt) return !isRecent(before.at, this.now(), writingEndsWithinMs);
    this.#read.set(found.file, { writtenAt, at: this.now() });
    return false;
  }
}

/** When a broken file was written, undefined for a sound one. A file with a stray end gives us a PIN, and the server none. */
function brokenSince(found: BadPinFile | PinFile): number | undefined {
  if ('pin' in found) return found.hasStray ? found.writtenAt : undefined;
  return found.why === 'corrupt' ? (found.writtenAt ?? 0) : undefined;
}
