import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from './error-code.js';
import { replaceFile, writeEnvValue } from './env-file.js';
import { AppError } from './errors.js';

type Env = Readonly<Record<string, string | undefined>>;

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
