import { pbkdf2Sync, randomBytes } from 'node:crypto';

const iterations = 210_000;

/** A password as Jellyfin 10.10 to 12 stores it; takes about a tenth of a second on purpose. */
export function hashPassword(password: string, salt = randomBytes(16)): string {
  const hash = pbkdf2Sync(password, salt, iterations, 64, 'sha512');
  const hex = (bytes: Buffer) => bytes.toString('hex').toUpperCase();
  return `$PBKDF2-SHA512$iterations=${iterations}$${hex(salt)}$${hex(hash)}`;
}

/** Whether `hashPassword` made this of that password. */
export function isHashOf(stored: string, password: string): boolean {
  const salt = Buffer.from(stored.split('$').at(-2) ?? '', 'hex');
  return stored === hashPassword(password, salt);
}
