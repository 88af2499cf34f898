import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  ConfigError,
  type ConfigProblem,
  configWarnings,
  loadConfig,
  withSecretFiles,
  type Config,
} from '../../config.js';
import { only } from '../../errors.js';
import { misnamedEnvFiles, readEnvFile } from '../../env-file.js';
import { readNamedFile } from '../../small-file.js';
import type { Translate, Words } from '../../words.js';
import { findingsIn, type Finding } from './finding.js';
import type { Env } from '../../settings-text.js';

interface ReadConfig {
  readonly findings: readonly Finding[];
  /** Settings that cannot be used have stand-ins here; whoever uses one of them asks `isUsable` first. */
  readonly config: Config;
  readonly env: Env;
  readonly isUsable: (...names: readonly string[]) => boolean;
}

/** Settings that a bot must have, in the place of those that are missing or wrong, so that all others can be looked at. */
const standIns: Env = {
  DISCORD_TOKEN: 'none',
  DISCORD_GUILD_ID: '10000000000000000',
  DISCORD_ADMIN_ROLE_IDS: '10000000000000001',
  DISCORD_ADMIN_CHANNEL_ID: '10000000000000002',
  JELLYFIN_URL: 'http://127.0.0.1:1',
  JELLYFIN_API_KEY: 'none',
};

/** Looks at the settings, where they were looked for, and who can read them. */
export function lookAtSettings(base: Env, words: Words, t: Translate): ReadConfig {
  const { ok, fault, said } = findingsIn('settings', t);
  const { env, own, warnings, file } = readEnvFile('.env', base, t);
  const found: Finding[] = [];
  if (file === 'read') found.push(ok('file', { file: realpathSync('.env') }));
  found.push(...warnings.map((text) => said('file', text)));
  found.push(...configWarnings(env, readNamedFile, t).map((text) => said('unknownName', text)));
  const bad = new Map<string, ConfigProblem>();
  try {
    loadConfig(env, readNamedFile, t, words.locales);
  } catch (error) {
    for (const each of only(ConfigError, error).problems) bad.set(each.name, each);
  }
  const isEmpty = file === 'missing' && Object.keys(standIns).every((name) => own[name] === undefined);
  const misnamed = existsSync('.env') ? [] : misnamedEnvFiles('.');
  if (misnamed.length > 0) found.push(fault('misnamed', { files: misnamed.join(', '), file: resolve('.env') }));
  else if (isEmpty) found.push(fault('noFile', { file: resolve('.env') }));
  else {
    // What a closed file does not show is not missing.
    const seen = [...bad.values()].filter(({ isMissing }) => !isMissing || file !== 'closed');
    found.push(...seen.map(({ name, problem }) => said(`setting:${name}`, `${name} ${problem}`)));
  }
  if (bad.size === 0) found.push(ok('settings'));
  const names = new Set([...bad.keys()].map((name) => name.replace(/_FILE$/, '')));
  return {
    findings: found,
    config: loadConfig(usable(env, names), readNamedFile, t, words.locales),
    env: withSecretFiles(env, readNamedFile, t).env,
    isUsable: (...wanted) => wanted.every((name) => !names.has(name)),
  };
}

/** What is wrong is left out, or has a stand-in. */
function usable(env: Env, bad: ReadonlySet<string>): Env {
  const good = Object.entries(env).filter(([name]) => !bad.has(name.replace(/_FILE$/, '')));
  const instead = Object.entries(standIns).filter(([name]) => bad.has(name));
  return Object.fromEntries([...good, ...instead]);
}
