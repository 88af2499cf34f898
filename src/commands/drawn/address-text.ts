import { escapeText } from '../../discord/escape.js';

/** An address inside a sentence. One such as 192.168.1.20 holds nothing to escape, and a lock screen shows backslashes. */
export function addressText(address: string): string {
  return /^[\d.]+$/.test(address) ? address : escapeText(address);
}
