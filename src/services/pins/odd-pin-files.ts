import { isRecent } from '../../time.js';
import type { BadPinFile, PinFile } from './pin-port.js';

/** How long before it expires Jellyfin makes a PIN (docs/jellyfin.md, "PINs"). */
export const lifetimeMs = 30 * 60_000;
/** A file that stays the same for this long is not being written any more. */
const writingEndsWithinMs = 5000;

/** What only time tells of a PIN file: whether it is broken or half written, and whether it was over when it came. */
export class OddPinFiles {
  /** When each was written, and when it was first read so. */
  readonly #read = new Map<string, { readonly writtenAt: number; readonly at: number }>();
  readonly #appeared = new Set<string>();

  constructor(private readonly now: () => number) {}

  appeared(file: string): void {
    this.#appeared.add(file);
  }

  /** Whether it is broken, and was the same when it was read some time before. */
  isBroken(found: BadPinFile | PinFile | undefined): boolean {
    const writtenAt = found && brokenSince(found);
    if (!found || writtenAt === undefined) return false;
    const before = this.#read.get(found.file);
    if (before?.writtenAt === writtenAt) return !isRecent(before.at, this.now(), writingEndsWithinMs);
    this.#read.set(found.file, { writtenAt, at: this.now() });
    return false;
  }

  /**
   * When the server made it by its own clock, a moment ago, where it has just appeared and seems to be over: this machine's
   * clock is ahead of the server's. Undefined where nothing is odd.
   */
  madeAt(found: BadPinFile | PinFile | undefined): number | undefined {
    if (!found || 'pin' in found || found.expiresAt === undefined) return undefined;
    return this.#appeared.has(found.file) ? found.expiresAt - lifetimeMs : undefined;
  }

  done(file: string): void {
    this.#appeared.delete(file);
  }
}

/** When a broken file was written, undefined for a sound one. A file with a stray end gives us a PIN, and the server none. */
function brokenSince(found: BadPinFile | PinFile): number | undefined {
  if ('pin' in found) return found.hasStray ? found.writtenAt : undefined;
  return found.why === 'corrupt' ? (found.writtenAt ?? 0) : undefined;
}
