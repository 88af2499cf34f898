import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { errorCode } from '../error-code.js';
import { AppError } from '../errors.js';
import type { BadPinFile, PinFile, PinFolder } from '../services/pins/pin-port.js';
import type { Log } from '../services/log.js';

export interface PinFolderOptions {
  readonly serverDir: string;
  readonly log: Pick<Log, 'warn'>;
  readonly now?: () => number;
  /** Between two looks at the folder. */
  readonly pollMs?: number | undefined;
}

const contents = v.object({
  Pin: v.optional(v.pipe(v.string(), v.minLength(1))),
  UserName: v.optional(v.string()),
  ExpirationDate: v.optional(v.string(), ''),
});

/** A PIN file has some 200 bytes. */
const largestBytes = 64 * 1024;

/** Whether Jellyfin reads this one when a PIN is redeemed, whatever its ending (docs/jellyfin.md, "PINs"). */
function isPinFile(name: string): boolean {
  return /^passwordreset[^/\\]*$/.test(process.platform === 'win32' ? name.toLowerCase() : name);
}

const asideName = 'latchkey-set-aside';

/** The PIN files in the server folder. */
export function createPinFolder(options: PinFolderOptions): PinFolder {
  const { serverDir, now = Date.now } = options;

  async function read(file: string): Promise<PinFile | BadPinFile | undefined> {
    if (!isPinFile(file)) return undefined;
    try {
      // Without waiting for somebody to write, as a pipe would have us do.
      const held = await open(join(serverDir, file), constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const found = await held.stat();
        if (!found.isFile()) return undefined;
        if (found.size > largestBytes) return { file, why: 'corrupt', writtenAt: found.mtimeMs };
        return parsePinFile(file, await held.readFile('utf8'), found.mtimeMs, now());
      } finally {
        await held.close();
      }
    } catch (error) {
      const isGone = errorCode(error) === 'ENOENT' && (await pinFiles()) !== undefined;
      return isGone ? undefined : { file, why: 'unreadable' };
    }
  }

  /** Undefined while the folder is away: Jellyfin's is never empty, but what a share is mounted on is, without it. */
  async function pinFiles(): Promise<string[] | undefined> {
    const names = await readdir(serverDir).catch(() => []);
    return names.length > 0 ? names.filter(isPinFile) : undefined;
  }

  return {
    read,
    list: async () => {
      const names = await readdir(serverDir).catch((cause: unknown) => {
        throw new AppError('folderUnreadable', { folder: serverDir }, { cause });
      });
      const files = (await Promise.all(names.filter(isPinFile).map(read))).flatMap((each) => each ?? []);
      return {
        good: files.filter((each): each is PinFile => 'pin' in each),
        bad: files.filter((each): each is BadPinFile => 'why' in each),
      };
    },
    moveAside: async (file) => {
      const folder = join(serverDir, asideName);
      const target = join(folder, `${new Date(now()).toISOString().replace(/[:.]/g, '-')}-${file}`);
      try {
        await makeAside(folder, serverDir);
        await rename(join(serverDir, file), target);
      } catch (cause) {
        throw new AppError('folderNotWritableHere', { folder: serverDir }, { cause });
      }
      return target;
    },
    watch: (onChange) => watchPinFiles(options, { names: pinFiles, onChange }),
  };
}

/** Made by root, it would be closed to the bot and the server, who do the same the next time: the server's user owns it. */
async function makeAside(folder: string, serverDir: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(serverDir);
  // A link there may lead anywhere: it is not followed, and then nothing is moved.
  const held = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await held.chown(uid, gid);
  } finally {
    await held.close();
  }
}

interface WatchOptions {
  /** The PIN files that are there; undefined while the folder is away. */
  readonly names: () => Promise<readonly string[] | undefined>;
  readonly onChange: (file: string) => void;
}

/**
 * Calls back for every PIN file that is there, appears, changes or goes. By polling: file events reach neither into a
 * container nor across a network share. A folder that is away for a while says nothing about its files, and is waited
 * for; a watcher of the file system's would let it go for good.
 */
async function watchPinFiles(
  { serverDir, log, pollMs = 2000 }: PinFolderOptions,
  { names, onChange }: WatchOptions,
): Promise<{ close(): Promise<void> }> {
  let known = new Map<string, string>();
  let isAway = false;
  const look = async () => {
    const there = await names();
    if (!there && !isAway) log.warn({ folder: serverDir }, "Jellyfin's folder cannot be watched for PIN files");
    isAway = !there;
    if (!there) return;
    const seen = new Map(await Promise.all(there.map(async (name) => [name, await lookOf(serverDir, name)] as const)));
    const before = known;
    known = seen;
    for (const [name, state] of seen) if (before.get(name) !== state) onChange(name);
    for (const name of before.keys()) if (!seen.has(name)) onChange(name);
  };
  const ending = new AbortController();
  const { signal } = ending;
  const go = async () => {
    while (!signal.aborted) {
      await wait(pollMs, undefined, { ref: false, signal }).catch(() => undefined);
      if (!signal.aborted) await look();
    }
  };
  await look();
  const going = go();
  return {
    close: () => {
      ending.abort();
      return going;
    },
  };
}

/** Tells one state of a file from the next. */
async function lookOf(serverDir: string, name: string): Promise<string> {
  const found = await stat(join(serverDir, name)).catch(() => undefined);
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : 'not to be seen';
}

/**
 * Reads a PIN file, also one with a stray end behind it, which the server cannot read (docs/jellyfin.md, "PINs").
 * `nowMs` tells what has expired.
 */
function parsePinFile(file: string, text: string, writtenAt: number, nowMs: number): PinFile | BadPinFile {
  const start = firstObject(text.replace(/^\uFEFF/, ''));
  const parsed = v.safeParse(contents, start?.value);
  if (!start || !parsed.success) return { file, why: 'corrupt', writtenAt };
  const { Pin: pin, UserName: userName, ExpirationDate: expiry } = parsed.output;
  // The server writes UTC, with or without saying so; what has no date it takes for expired.
  const expiresAt = expiry === '' ? 0 : Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(expiry) ? expiry : `${expiry}Z`);
  if (expiresAt <= nowMs && !start.hasRest) return { file, why: 'expired' };
  if (Number.isNaN(expiresAt) || pin === undefined || userName === undefined || expiresAt <= nowMs)
    return { file, why: 'corrupt', writtenAt };
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
