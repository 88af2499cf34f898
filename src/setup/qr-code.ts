import { renderUnicodeCompact } from 'uqr';

/** A text as a QR code for a terminal: half blocks, light on dark whatever colours the terminal has. */
export function qrCode(text: string): string {
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n');
  return lines.map((line) => `\x1B[97;40m${line}\x1B[0m`).join('\n');
}
