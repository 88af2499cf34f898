import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { toApiDate, toDbDate } from '../store/formats.js';
import type { ServerUser } from '../store/server-user.js';
import type { World } from '../world.js';

const lifetimeMs = 30 * 60_000;

interface PinFile {
  Pin: string;
  UserName: string;
  PinFile: string;
  ExpirationDate: string;
}

/** Where the PIN for a name lies: 10.10 takes the account's id, 10.11.2 and later the name (docs/jellyfin.md, "PINs"). */
export function pinFilePath(world: World, name: string, user: ServerUser | undefined): string {
  const label = world.traits.is1010 ? (user?.id.toLowerCase() ?? '') : nameHash(name);
  return join(world.serverDir, `passwordreset${label}.json`);
}

/** MD5 of the upper-case name in UTF-16, written as .NET writes a GUID: the first three groups turned around. */
function nameHash(name: string): string {
  const md5 = createHash('md5').update(Buffer.from(name.toUpperCase(), 'utf16le')).digest();
  const turned = [md5.subarray(0, 4), md5.subarray(4, 6), md5.subarray(6, 8)].map((part) =>
    Buffer.from(part).reverse(),
  );
  return Buffer.concat([...turned, md5.subarray(8)]).toString('hex');
}

/** Writes a new PIN over the old one without shortening the file first, as 10.10 does (docs/jellyfin.md, "PINs"). */
export function writePin(world: World, user: ServerUser, path: string): void {
  const pin = newPin();
  const content: PinFile = { Pin: pin, UserName: user.name, PinFile: path, ExpirationDate: pinExpiry(world) };
  const file = openSync(
    path,
    readdirSync(world.serverDir).includes(path.slice(world.serverDir.length + 1)) ? 'r+' : 'w',
    0o644,
  );
  try {
    writeSync(file, JSON.stringify(content), 0);
  } finally {
    closeSync(file);
  }
}

/**
 * Four bytes as Jellyfin writes them, always with a letter: of forty real ones one has digits alone, and typed in lower case
 * that one is right, where a test expects it to be wrong.
 */
function newPin(): string {
  let digits = '';
  while (!/[A-F]/.test(digits)) digits = randomBytes(4).toString('hex').toUpperCase();
  return digits.replace(/(..)(?=.)/g, '$1-');
}

export function pinExpiry(world: World): string {
  return toApiDate(toDbDate(new Date(world.now().getTime() + lifetimeMs)));
}

/** Thrown for what the server answers with 404 in the middle of redeeming; what was done before it stays done. */
export class NotFound extends Error {}

/**
 * Takes a PIN, with or without its dashes, and answers the names it opened. Reads every file whose name begins so, one
 * after the other, and does at once what each asks for: by name here, by the folder's own order on a real server
 * (docs/jellyfin.md, "PINs"). Throws SyntaxError for one that is no JSON of the right form, and NotFound.
 */
export function redeemPin(world: World, typed: string, reset: (user: ServerUser) => void): string[] {
  const opened: string[] = [];
  for (const entry of readdirSync(world.serverDir, { withFileTypes: true })) {
    if (!entry.name.startsWith('passwordreset') || entry.isDirectory()) continue;
    const path = join(world.serverDir, entry.name);
    const file = JSON.parse(readFileSync(path, 'utf8')) as Partial<PinFile> | null;
    if (file === null) throw new NotFound(path);
    if (typeof file !== 'object' || Array.isArray(file)) throw new SyntaxError('an object was expected');
    if (Date.parse(file.ExpirationDate ?? '0001-01-01') < world.now().getTime()) {
      rmSync(path);
      continue;
    }
    if (file.Pin === undefined) throw new SyntaxError('a PIN was expected');
    if (file.Pin.replaceAll('-', '') !== typed.replaceAll('-', '')) continue;
    const user = world.users.byName(file.UserName ?? '');
    if (!user) throw new NotFound(file.UserName);
    reset(user);
    opened.push(user.name);
    rmSync(path);
  }
  return opened;
}
