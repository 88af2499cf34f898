import { lstatSync, mkdirSync, renameSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { asOwner } from '../as-owner.js';
import { errorCode } from '../error-code.js';
import { AppError } from '../errors.js';
import type { BadPinFile, PinFile, PinFolder } from '../services/pins/pin-port.js';
import type { Log } from '../services/log.js';
import { readAsChooser } from '../small-file.js';
import { seenAt, wayTo, workerAt } from '../way-to.js';

interface PinFolderOptions {
  readonly serverDir: string;
  readonly log: Pick<Log, 'warn'>;
  readonly now?: () => number;
  /** How often to look at the folder. */
  readonly pollMs?: number | undefined;
}

const contents = v.object({
  Pin: v.optional(v.string()),
  UserName: v.optional(v.string()),
  ExpirationDate: v.optional(v.string(), ''),
});

/** As the server makes them. Anything else is other people's words, and is shown to nobody as a PIN. */
const pinForm = /^[\dA-F]{2}(-[\dA-F]{2}){3}$/;

/** A PIN file has some 200 bytes. */
const mostBytes = 4096;

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
    const path = join(serverDir, file);
    try {
      // Another Jellyfin's, to which a link leads, would be redeemed where this one's owner listens.
      const { text, writtenAt } = readAsChooser(path, { most: mostBytes });
      return parsePinFile(file, text, writtenAt, now());
    } catch (error) {
      const code = errorCode(error);
      if (code === 'too large') return { file, why: 'corrupt', writtenAt: 0 };
      const isNone = code === 'no ordinary file' || (code === 'ENOENT' && (await pinFiles()) !== undefined);
      return isNone ? undefined : { file, why: 'unreadable' };
    }
  }

  /** Undefined while the folder is away: Jellyfin's is never empty, but the mount point of a missing share is. */
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
      const files = (await Promise.all(names.map(read))).flatMap((each) => each ?? []);
      return {
        good: files.filter((each): each is PinFile => 'pin' in each),
        bad: files.filter((each): each is BadPinFile => 'why' in each),
      };
    },
    moveAside: async (file) => {
      try {
        const way = wayTo(resolve(serverDir));
        // As it is, also where it is a link: that is moved, and what it leads to stays.
        const end = seenAt(join(way.end.path, file));
        const folder = join(end.folderPath, asideName);
        const target = join(folder, `${new Date(now()).toISOString().replace(/[:.]/g, '-')}-${file}`);
        // In the server's folder, where any name may be a link by now, root has its owner's rights only.
        asOwner(workerAt({ ...way, end }), () => {
          makeAside(folder);
          renameSync(end.path, target);
        });
        return target;
      } catch (cause) {
        throw new AppError('folderNotWritableHere', { folder: serverDir }, { cause });
      }
    },
    watch: (onChange) => watchPinFiles(options, { names: pinFiles, onChange }),
  };
}

/** Throws where a link stands in its place: then nothing is moved. */
function makeAside(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) mkdirSync(folder, { mode: 0o700 });
  else if (!found.isDirectory()) throw new Error(`${folder} is no folder`);
}

interface WatchOptions {
  /** The PIN files that are there; undefined while the folder is away. */
  readonly names: () => Promise<readonly string[] | undefined>;
  readonly onChange: (file: string, isNew: boolean) => void;
}

/**
 * Calls back for every PIN file that is there, appears, changes or is removed. It polls, because file events reach neither
 * into a container nor across a network share, and a file system watcher never recovers when its folder is away for a
 * while. Nothing is concluded about the files of a folder that is away.
 */
async function watchPinFiles(
  { serverDir, log, pollMs = 2000 }: PinFolderOptions,
  { names, onChange }: WatchOptions,
): Promise<{ close(): Promise<void> }> {
  let known: Map<string, string> | undefined;
  let isAway = false;
  const look = async () => {
    const there = await names();
    if (!there && !isAway) log.warn({ folder: serverDir }, "Jellyfin's folder cannot be watched for PIN files");
    isAway = !there;
    if (!there) return;
    const seen = new Map(await Promise.all(there.map(async (name) => [name, await lookOf(serverDir, name)] as const)));
    const before = known;
    known = seen;
    for (const [name, state] of seen) {
      const was = before?.get(name);
      // At the first look nobody knows since when it is there.
      if (was !== state) onChange(name, before !== undefined && was === undefined);
    }
    for (const name of before?.keys() ?? []) if (!seen.has(name)) onChange(name, false);
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

/** A text that changes with the file. */
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
  if (expiresAt <= nowMs && !start.hasRest) return { file, why: 'expired', ...(expiresAt > 0 && { expiresAt }) };
  if (Number.isNaN(expiresAt) || !pin || !pinForm.test(pin) || !userName || expiresAt <= nowMs)
    return { file, why: 'corrupt', writtenAt };
  return { file, userName, pin, expiresAt, writtenAt, hasStray: start.hasRest };
}

/** The first whole JSON object of a text, and whether anything but white space comes after it. */
function firstObject(text: string): { readonly value: unknown; readonly hasRest: boolean } | undefined {
  // A brace inside of a text, between two quotes, is none. The server puts no object into another there.
  for (const { 0: found, index } of text.matchAll(/"(?:[^"\\]|\\.)*(?:"|$)|}/gs)) {
    if (found !== '}') continue;
    try {
      return { value: JSON.parse(text.slice(0, index + 1)), hasRest: text.slice(index + 1).trim() !== '' };
    } catch {
      return undefined;
    }
  }
  return undefined;
}
