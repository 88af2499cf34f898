import * as v from 'valibot';
import type { BadPinFile, PinFile } from '../services/rescue/ladder/pin-port.js';

const contents = v.object({
  Pin: v.pipe(v.string(), v.minLength(1)),
  UserName: v.string(),
  ExpirationDate: v.string(),
});

/** Whether Jellyfin names its PIN files so. When a PIN is redeemed it reads others, too (docs/jellyfin.md, "PINs"). */
export const isPinFile = (name: string): boolean => /^passwordreset[^/\\]*\.json$/i.test(name);

/**
 * Reads a PIN file, also one with a stray end behind it, which the server cannot read (docs/jellyfin.md, "PINs").
 * `nowMs` tells what has expired.
 */
export function parsePinFile(file: string, text: string, writtenAt: number, nowMs: number): PinFile | BadPinFile {
  const start = firstObject(text.replace(/^\uFEFF/, ''));
  const parsed = v.safeParse(contents, start?.value);
  if (!start || !parsed.success) return { file, why: 'corrupt', writtenAt };
  const { Pin: pin, UserName: userName, ExpirationDate: expiry } = parsed.output;
  // The server writes UTC, with or without saying so.
  const expiresAt = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(expiry) ? expiry : `${expiry}Z`);
  if (Number.isNaN(expiresAt)) return { file, why: 'corrupt', writtenAt };
  if (expiresAt <= nowMs) return { file, why: 'expired' };
  return { file, userName, pin, expiresAt, writtenAt, hasStray: start.hasRest };
}

/** The first whole JSON object of a text, and whether anything but white space comes after it. */
function firstObject(text: string): { readonly value: unknown; readonly hasRest: boolean } | undefined {
  for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}', end + 1)) {
    try {
      const value: unknown = JSON.parse(text.slice(0, end + 1));
      return { value, hasRest: text.slice(end + 1).trim() !== '' };
    } catch {
      continue; // a brace inside of a text, or not the end yet
    }
  }
  return undefined;
}
