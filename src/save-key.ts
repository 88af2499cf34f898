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
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new AppError('keyNotSaved', { file, why }, { cause });
  }
}
