import { pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const hashBytes = 64;
const saltBytes = 16;

/** The text that Jellyfin stores for a password, `$PBKDF2-SHA512$iterations=…$<salt hex>$<hash hex>`. */
export function hashPassword(password: string, iterations: number): string {
  const salt = randomBytes(saltBytes);
  const hash = pbkdf2Sync(password, salt, iterations, hashBytes, 'sha512');
  return `$PBKDF2-SHA512$iterations=${iterations}$${hex(salt)}$${hex(hash)}`;
}

/** Whether a password fits a stored text; an account without one (null) takes the empty password and no other. */
export function passwordFits(password: string, stored: string | null): boolean {
  if (stored === null || stored === '') return password === '';
  const parts = /^\$PBKDF2-SHA512\$iterations=(\d+)\$([0-9A-F]+)\$([0-9A-F]+)$/.exec(stored);
  if (!parts) return false;
  const expected = Buffer.from(parts[3] ?? '', 'hex');
  const salt = Buffer.from(parts[2] ?? '', 'hex');
  return timingSafeEqual(pbkdf2Sync(password, salt, Number(parts[1]), expected.length, 'sha512'), expected);
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}
