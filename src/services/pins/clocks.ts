import type { BadPinFile, PinFile } from './pin-port.js';

/** How long before it expires Jellyfin makes a PIN (docs/jellyfin.md, "PINs"). */
export const lifetimeMs = 30 * 60_000;

/** Notices a PIN that has just appeared and seems to be over: then this machine's clock is ahead of the server's. */
export class PinClocks {
  readonly #appeared = new Set<string>();

  appeared(file: string): void {
    this.#appeared.add(file);
  }

  /** When the server made it by its own clock, a moment ago; undefined where nothing is odd. */
  madeAt(found: BadPinFile | PinFile | undefined): number | undefined {
    if (!found || 'pin' in found || found.expiresAt === undefined) return undefined;
    return this.#appeared.has(found.file) ? found.expiresAt - lifetimeMs : undefined;
  }

  done(file: string): void {
    this.#appeared.delete(file);
  }
}
