import { createHash, pbkdf2Sync, randomBytes } from 'node:crypto';

const iterations = 210_000;

/** A password as Jellyfin stores it (docs/jellyfin.md, "Passwords and devices"); slow on purpose. */
export function hashPassword(password: string): string {
  return withSalt(password, randomBytes(16));
}

/** Whether a stored password that `hashPassword` has made is this one. */
export function isPasswordOf(password: string, stored: string): boolean {
  return withSalt(password, Buffer.from(stored.split('$')[3] ?? '', 'hex')) === stored;
}

function withSalt(password: string, salt: Buffer): string {
  const hash = pbkdf2Sync(password, salt, iterations, 64, 'sha512');
  const hex = (bytes: Buffer) => bytes.toString('hex').toUpperCase();
  return `$PBKDF2-SHA512$iterations=${iterations}$${hex(salt)}$${hex(hash)}`;
}

/** SHA-256 of a secret that is compared later, as hex. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
