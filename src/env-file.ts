import {
  closeSync,
  existsSync,
  fchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { asOwner, isRootAsAnother, type Owner, programOwner, userName } from './as-owner.js';
import { settingNames } from './config/variables.js';
import { errorCode, whySaid } from './error-code.js';
import { AppError } from './errors.js';
import { readAsChooser, readNamedFile, type SmallFile } from './small-file.js';
import { type Env, parseSettings, unquote, withValues } from './settings-text.js';
import { writeDurably } from './sync-folder.js';
import { AmongOthers, choosersOf, endOf, foldersOn, isAmongOwn, wayTo, workerAt, workerOn } from './way-to.js';
import type { Say } from './words.js';
import { tried } from './tried.js';

/** What a stranger's file may say: it is run nowhere, opens nothing, and is sent to no other address. */
const harmless = ['JELLYFIN_API_KEY'];

/** What a program was told, by its environment and by `.env`. */
export interface ReadSettings {
  /** The variables of both; the environment wins. */
  readonly env: Env;
  /** Those of the environment alone. */
  readonly own: Env;
  /** What whoever starts the program should know, in a sentence each. */
  readonly warnings: readonly string[];
  /** Whether the file was there, or there and could not be read. */
  readonly file: 'read' | 'missing' | 'closed';
}

/**
 * Reads a `.env` file, which need not exist, and the environment; quotes around a value are taken off, as
 * `docker --env-file` keeps them. Of a file that somebody could have written who may not say what this process runs, reads
 * and calls, only the harmless is used. Warns about that, about quotes, and about a file that others can read, or that
 * cannot be read at all.
 */
export function readEnvFile(path: string, base: Env, say: Say): ReadSettings {
  const own = unquoted(base, isQuoted);
  const quoted = Object.keys(own).filter((name) => own[name] !== base[name]);
  const warnings = quoted.length > 0 ? [say('settings.quotesTaken', { names: quoted.join(', ') })] : [];
  try {
    const file = readAsChooser(path, { follow: true, isSettings: true });
    // A command may begin and end with quoted words: of these the file's own quotes are off already.
    const found = unquoted(parseEnv(file.text), (name) => isQuoted(name) && !/_COMMAND$/.test(name));
    const stranger = strangerOf(path, file, say);
    if (stranger === undefined)
      return {
        env: { ...found, ...own },
        own,
        warnings: [...warnings, ...openToOthers(path, file, say)],
        file: 'read',
      };
    const used = Object.fromEntries(Object.entries(found).filter(([name]) => harmless.includes(name)));
    const unused = Object.keys(found).filter((name) => !harmless.includes(name) && !(name in own));
    const notTheirs = notUsed(path, stranger, unused, say);
    return { env: { ...used, ...own }, own, warnings: [...warnings, notTheirs], file: 'read' };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT') return { env: own, own, warnings, file: 'missing' };
    const stranger = error instanceof AmongOthers ? say('settings.others') : strangerAt(path, say);
    const why = stranger === undefined ? closedFile(path, error, say) : notUsed(path, stranger, [], say);
    return { env: own, own, warnings: [...warnings, why], file: 'closed' };
  }
}

const isQuoted = (name: string): boolean => settingNames.includes(name);

function unquoted(env: Env, which: (name: string) => boolean): Env {
  const entries = Object.entries(env);
  return Object.fromEntries(entries.map(([name, value]) => [name, value && which(name) ? unquote(value) : value]));
}

/** As dotenv reads it; what begins with `#` right behind the `=` is a value that was meant, such as a channel's name. */
function parseEnv(text: string): Env {
  const found: Record<string, string> = parseSettings(text);
  for (const [, name, value] of text.matchAll(/^[ \t]*(?:export[ \t]+)?([\w.]+)[ \t]*=(#\S+)/gm)) {
    if (name !== undefined && found[name] === '') found[name] = value ?? '';
  }
  return found;
}

/** A file that is there and cannot be read, with the command that changes it. */
function closedFile(path: string, error: unknown, say: Say): string {
  const owner = statSync(path, { throwIfNoEntry: false });
  const isOwn = isAmongOwn(path) && lstatSync(path, { throwIfNoEntry: false })?.isFile();
  const why = whySaid(error, say);
  if (!/^E(ACCES|PERM)$/.test(why)) return say('settings.unfit', { file: path, why });
  if (!owner || !isOwn || isRootAsAnother()) return say('settings.closed', { file: path, why });
  const me = userName(process.geteuid?.() ?? owner.uid);
  const params = { file: resolve(path), me, owner: userName(owner.uid) };
  return say(owner.uid === process.geteuid?.() ? 'settings.closedYours' : 'settings.closedTheirs', params);
}

/** Files in a folder without a `.env` that hold settings: copied or saved under a name that nobody reads. */
export function misnamedEnvFiles(folder: string): string[] {
  return (tried(() => readdirSync(folder)) ?? []).filter((name) => {
    // What a shell would read in another way is nobody's slip.
    if (!/^[._]?env([._-][\w.-]*)?$/i.test(name)) return false;
    const found = tried(() => parseSettings(readNamedFile(join(folder, name))));
    return settingNames.some((setting) => found?.[setting]);
  });
}

/**
 * Who could have written this file, or chosen which one it is (by a link, or as the owner of its folder), and is neither
 * root, nor who runs this, nor the owner of this program, who could have it do anything. Windows tells no owner.
 */
function strangerOf(path: string, file: SmallFile, say: Say): string | undefined {
  const own = process.geteuid?.();
  if (own === undefined) return undefined;
  const trusted = [0, own, programOwner()];
  const way = wayTo(path);
  const theirs = [file, ...choosersOf(way)].find(({ uid }) => !trusted.includes(uid));
  if (theirs) return userSaid(theirs, say);
  // In a sticky folder, as /tmp is, nobody can exchange what is another's. A group may share one.
  if (foldersOn(way).some(({ mode }) => (mode & 0o1002) === 0o002)) return say('settings.others');
  return (own === 0 || file.uid !== own) && file.mode & 0o022 ? say('settings.others') : undefined;
}

/** With whose rights root could not read it. */
function strangerAt(path: string, say: Say): string | undefined {
  const worker = process.geteuid?.() === 0 ? tried(() => workerOn(path, programOwner())) : undefined;
  return worker?.uid ? userSaid(worker, say) : undefined;
}

const userSaid = ({ uid }: Owner, say: Say): string => say('settings.user', { name: userName(uid) });

/** To copy it is advised, not to change it: where it is a link, that would be done to what it leads to. */
function notUsed(file: string, stranger: string, unused: readonly string[], say: Say): string {
  const flags = unused.flatMap((name) => /^JELLYFIN_(.*)/.exec(name)?.[1]?.toLowerCase().replaceAll('_', '-') ?? []);
  const me = userName(process.geteuid?.() ?? 0);
  const params = { file, stranger, me, names: unused.join(', ') || say('settings.itsSettings') };
  if (flags.length === 0) return say('settings.notUsed', params);
  return say('settings.notUsedFlags', { ...params, flags: flags.map((flag) => `--${flag}`).join(', ') });
}

/** What the settings were read from. */
export interface KeyPlace {
  /** The environment of the process, without `.env`. */
  readonly own: Env;
  /** The two together. */
  readonly all: Env;
  readonly envPath: string;
}

/**
 * Makes sure that a new key can be kept, before there is one: what is in jellyfin.db and nowhere else would be of no use to
 * anybody, and stay valid. Throws as `saveJellyfinKey` does.
 */
export function mustBeSavable(place: KeyPlace): void {
  keep(place, (target) => {
    // By a file that is gone at once: whether root could write, which is what the system tells, is not the question.
    const trial = `${target}.part`;
    rmSync(trial, { force: true });
    closeSync(openSync(trial, 'wx', 0o600));
    rmSync(trial);
  });
}

/**
 * Writes a new JELLYFIN_API_KEY where the next start is going to read it: the file that JELLYFIN_API_KEY_FILE names, or
 * `.env`. Throws AppError `keyFromEnvironment` or `keyNotSaved`.
 */
export function saveJellyfinKey(place: KeyPlace, key: string): void {
  keep(place, (target, isEnv) => {
    if (isEnv) writeEnvValue(target, 'JELLYFIN_API_KEY', key);
    else replaceFile(target, `${key}\n`);
  });
}

/** In the folder of somebody else root has their rights only: any name there may be a link by the time it is used. */
function keep({ own, all, envPath }: KeyPlace, work: (target: string, isEnv: boolean) => void): void {
  if (own.JELLYFIN_API_KEY) throw new AppError('keyFromEnvironment');
  const file = all.JELLYFIN_API_KEY_FILE || envPath;
  try {
    const way = wayTo(file);
    // Another file beside it takes its place; only `.env` is made where there is none.
    if (file !== envPath) statSync(way.end.path);
    asOwner(workerAt(way), () => work(endOf(way, file), file === envPath));
  } catch (cause) {
    const why = errorCode(cause) ?? 'unknown';
    throw new AppError('keyNotSaved', { file, why }, { cause });
  }
}

/**
 * Puts one value into a `.env` file, in UTF-8. It is private afterwards, and whole at any moment; it is made where there is
 * none. Throws the system's error, or as `withValues` does.
 */
function writeEnvValue(path: string, name: string, value: string): void {
  const before = existsSync(path) ? readNamedFile(path) : '';
  // Where it was not to be used, it is still what the bot would read.
  if (parseSettings(before)[`${name}_FILE`]) throw Object.assign(new Error(path), { code: `${name}_FILE` });
  replaceFile(path, withValues(before, { [name]: value }));
}

/** Writes a whole file that is private to the owner of its folder, which is made where there is none. Throws the system's error. */
export function writePrivateFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  replaceFile(path, text);
}

/** Replaces a private file's content; it belongs to the same user, or to the folder's. Throws the system's error. */
function replaceFile(target: string, text: string): void {
  const { uid, gid } = statSync(target, { throwIfNoEntry: false }) ?? statSync(dirname(target));
  writeDurably(target, text, (descriptor) => {
    if (process.geteuid?.() === 0) fchownSync(descriptor, uid, gid);
  });
}

/** One of root's is read by its group. Windows has no such bits: what node reports there says nothing about who may read. */
function openToOthers(path: string, { mode, uid }: SmallFile, say: Say): string[] {
  const others = uid === process.geteuid?.() ? 0o077 : 0o007;
  const isOpen = process.platform !== 'win32' && (mode & others) !== 0;
  return isOpen ? [say('settings.openToOthers', { file: path })] : [];
}
