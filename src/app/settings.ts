import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config, ConfigError, configWarnings, type Env, loadConfig } from '../config.js';
import { misnamedEnvFiles, readEnvFile, type ReadSettings } from '../env-file.js';
import { readNamedFile } from '../small-file.js';
import type { Words } from '../words.js';

export interface StartSettings extends Pick<ReadSettings, 'env' | 'own'> {
  readonly config: Config;
}

/**
 * Reads the settings of this folder's `.env` and of the environment, and hands over what should be known of them. Throws
 * ConfigError, which says where they are to be written, too.
 */
export function readSettings(
  base: Env,
  { locales }: Pick<Words, 'locales'>,
  warn: (sentence: string) => void,
): StartSettings {
  const read = readEnvFile('.env', base);
  const { env, own, file, warnings } = read;
  const refused = (error: ConfigError) => {
    // What a closed file does not show is not missing.
    const problems = error.problems.filter(({ isMissing }) => !isMissing || file !== 'closed');
    return new ConfigError(problems, [...(file === 'closed' ? warnings : []), ...whereToWrite(file)]);
  };
  try {
    const config = loadConfig(env, readNamedFile, locales);
    for (const warning of [...warnings, ...configWarnings(env, readNamedFile)]) warn(warning);
    return { config, env, own };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const warning of [...(file === 'closed' ? [] : warnings), ...configWarnings(env, readNamedFile)])
      warn(warning);
    throw refused(error);
  }
}

function whereToWrite(file: ReadSettings['file']): string[] {
  const folder = resolve('.');
  if (file === 'closed') return [];
  if (file === 'read') return [`They are read from ${join(folder, '.env')}, and from the environment, which wins.`];
  const [misnamed] = misnamedEnvFiles(folder);
  if (misnamed !== undefined)
    return [
      `There is no .env in ${folder}, but ${misnamed} there has settings in it: cp ${misnamed} .env && chmod 600 .env`,
    ];
  if (!existsSync('.env.example'))
    return [`There is no .env in ${folder}, and the environment does not say them either.`];
  return [`There is no .env in ${folder} yet: cp .env.example .env && chmod 600 .env, and write them there.`];
}
