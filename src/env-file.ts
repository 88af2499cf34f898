import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { parse } from 'dotenv';
import { errorCode } from './error-code.js';
import { AppError } from './errors.js';
import { syncFolder } from './sync-folder.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The variables of a `.env` file below those of the environment, which win. The file need not exist; one that others
 * can read, or that cannot be read at all, is warned about in a sentence.
 */
export function readEnvFile(path: string, base: Env): { env: Env; warnings: string[] } {
  try {
    const env = { ...parse(readFileSync(path)), ...base };
    return { env, warnings: openToOthers(path) ? [`${path} can be read by others: run chmod 600 ${path}`] : [] };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return { env: base, warnings: code === 'ENOENT' ? [] : [`${path} is there but cannot be read (${code}).`] };
  }
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
 * Makes sure, as far as that can be known without writing, that a new key can be kept, before there is one: what is in
 * jellyfin.db and nowhere else would be of no use to anybody, and stay valid. Throws as `saveJellyfinKey` does.
 */
export function mustBeSavable({ own, all, envPath }: KeyPlace): void {
  if (own.JELLYFIN_API_KEY) throw new AppError('keyFromEnvironment');
  const file = all.JELLYFIN_API_KEY_FILE || envPath;
  try {
    // Another file beside it takes its place; only `.env` is made where there is none.
    const target = file === envPath && !existsSync(file) ? file : realpathSync(file);
    accessSync(dirname(target), constants.W_OK);
  } catch (cause) {
    throw notSaved(file, cause);
  }
}

/**
 * Writes a new JELLYFIN_API_KEY where the next start is going to read it: the file that JELLYFIN_API_KEY_FILE names, or
 * `.env`. Throws AppError `keyFromEnvironment` or `keyNotSaved`.
 */
export function saveJellyfinKey({ own, all, envPath }: KeyPlace, key: string): void {
  if (own.JELLYFIN_API_KEY) throw new AppError('keyFromEnvironment');
  const secretFile = all.JELLYFIN_API_KEY_FILE;
  const file = secretFile || envPath;
  try {
    if (secretFile) replaceFile(secretFile, `${key}\n`);
    else writeEnvValue(envPath, 'JELLYFIN_API_KEY', key);
  } catch (cause) {
    throw notSaved(file, cause);
  }
}

function notSaved(file: string, cause: unknown): AppError {
  const why = errorCode(cause) ?? 'unknown';
  return new AppError('keyNotSaved', { file, why }, { cause });
}

/**
 * Puts one value into a `.env` file, in the place of the one that counts or at the end; everything else stays byte for
 * byte. The file is private afterwards, and whole at any moment; it is made where there is none. Throws the system's error.
 */
function writeEnvValue(path: string, name: string, value: string): void {
  makePrivate(path);
  const before = readFileSync(path, 'utf8');
  const line = `${name}=${value}`;
  // Of several lines the last one counts.
  const found = [...before.matchAll(new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=.*$`, 'gm'))].at(-1);
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  const after = found
    ? before.slice(0, found.index) + line + before.slice(found.index + found[0].replace(/\r$/, '').length)
    : `${before}${gap}${line}\n`;
  replaceFile(path, after);
}

/** An empty file where there is none. Whoever owns the folder reads it afterwards, also when root has made it for them. */
function makePrivate(path: string): void {
  if (existsSync(path)) return;
  writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  ownAs(path, dirname(path));
}

/** Replaces a file's content by way of a second one, which keeps its owner; private. Throws the system's error. */
function replaceFile(path: string, text: string): void {
  const target = realpathSync(path);
  const part = `${target}.part`;
  rmSync(part, { force: true });
  try {
    writeFileSync(part, text, { flag: 'wx', mode: 0o600, flush: true });
    ownAs(part, target);
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  syncFolder(dirname(target));
}

/** Root makes files for their usual owner. */
function ownAs(path: string, model: string): void {
  const { uid, gid } = statSync(model);
  if (process.getuid?.() === 0) chownSync(path, uid, gid);
}

/** Windows has no such bits: what node reports there says nothing about who may read. */
function openToOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
}
