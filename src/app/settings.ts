import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { programOwner, userName } from '../as-owner.js';
import { type Config, ConfigError, configWarnings, loadConfig } from '../config.js';
import type { Env } from '../settings-text.js';
import { misnamedEnvFiles, readEnvFile, type ReadSettings } from '../env-file.js';
import { readNamedFile } from '../small-file.js';
import { whyNoWay } from '../cli/report.js';
import { terminalLocale } from '../cli/terminal-locale.js';
import { isAmongOwn, workerOn } from '../way-to.js';
import type { Say, Translate, Words } from '../words.js';
import { StartRefused } from './start-refused.js';

interface StartSettings extends Pick<ReadSettings, 'env' | 'own'> {
  readonly config: Config;
}

/**
 * Reads the settings of this folder's `.env` and of the environment, and hands over what should be known of them, said by
 * `t`. Throws ConfigError, which says where they are to be written, too.
 */
export function readSettings(
  base: Env,
  { locales, t }: Pick<Words, 'locales'> & { readonly t: Say },
  warn: (sentence: string) => void,
): StartSettings {
  const read = readEnvFile('.env', base, t);
  const { env, own, file, warnings } = read;
  const refused = (error: ConfigError) => {
    // What a closed file does not show is not missing.
    const problems = error.problems.filter(({ isMissing }) => !isMissing || file !== 'closed');
    return new ConfigError(problems, t, [...(file === 'closed' ? warnings : []), ...whereToWrite(file, t)]);
  };
  try {
    const config = loadConfig(env, readNamedFile, t, locales);
    for (const warning of [...warnings, ...configWarnings(env, readNamedFile, t)]) warn(warning);
    return { config, env, own };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const warning of [...(file === 'closed' ? [] : warnings), ...configWarnings(env, readNamedFile, t)])
      warn(warning);
    throw refused(error);
  }
}

/**
 * Root runs no bot in the folder of somebody else, who could put a link there in the place of what it writes for years; but
 * for the owner of this program, who could have it do anything. Throws StartRefused.
 */
export function mustBeOwnFolder(database: string, t: Translate): void {
  if (process.geteuid?.() !== 0) return;
  let uid: number;
  try {
    ({ uid } = workerOn(database, programOwner()));
  } catch (error) {
    const why = whyNoWay(error, t);
    if (why === undefined) throw error;
    throw new StartRefused([why]);
  }
  if (uid === 0) return;
  const params = { owner: userName(uid), folder: dirname(resolve(database)) };
  throw new StartRefused([t('commandLine.othersBot', params)]);
}

function whereToWrite(file: ReadSettings['file'], say: Say): string[] {
  const folder = resolve('.');
  if (file === 'closed') return [];
  if (file === 'read') return [say('settings.readFrom', { file: join(folder, '.env') })];
  // A command that is typed there could lead elsewhere by then.
  if (!isAmongOwn('.env')) return [say('settings.nowhere', { folder })];
  const [found] = misnamedEnvFiles('.');
  if (found !== undefined) return [say('settings.misnamed', { folder, found })];
  return [say(existsSync('.env.example') ? 'settings.notYet' : 'settings.nowhere', { folder })];
}

/** As what the bot writes for its operators later: in the household's language, or the terminal's until that is known. */
export function wordsAtStart(words: Words, base: Env): Translate {
  const terminal = words.forOperators(terminalLocale(base));
  const { LATCHKEY_LOCALE: household } = readEnvFile('.env', base, terminal).env;
  return household ? words.forOperators(household) : terminal;
}
