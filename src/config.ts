import { safeParse } from 'valibot';
import { readDuration, splitList } from './config/readers.js';
import { settingNames, variables, type Variables } from './config/variables.js';
import { secretNames } from './secret.js';
import { whySaid } from './error-code.js';
import { type Env, unquote } from './settings-text.js';
import { slipsBetween } from './slips.js';
import type { Say } from './words.js';

/** Reads a text file; throws as node's readFileSync does. */
type ReadFile = (path: string) => string;

/** One setting that cannot be used: the variable's name and what to write instead. Never its value. */
export interface ConfigProblem {
  readonly name: string;
  readonly problem: string;
  /** Nothing was said, rather than something that cannot be used. */
  readonly isMissing?: boolean;
}

/** Everything that is wrong with the configuration, at once; its message can be shown as it is. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  /** `where`: sentences that say where the settings are to be written. */
  constructor(
    readonly problems: readonly ConfigProblem[],
    say: Say,
    where: readonly string[] = [],
  ) {
    const head = say('settings.change', { count: problems.length });
    const list = problems.map(({ name, problem }) => `  ${name} ${problem}`);
    super([...(problems.length > 0 ? [head, ...list] : []), ...where].join('\n'));
  }
}

/** How this household's Latchkey is set up; see `.env.example` for what each value means. */
export type Config = ReturnType<typeof toConfig>;

/**
 * Reads the configuration from variables; `readFile` serves `NAME_FILE`, `locales` are the languages there are.
 * Throws ConfigError with every problem there is, in the words of `say`.
 */
export function loadConfig(given: Env, readFile: ReadFile, say: Say, locales: readonly string[] = ['en']): Config {
  const { env, problems } = withSecretFiles(withoutEmpty(given), readFile, say);
  // A secret whose file is the problem is not missing as well.
  const named = new Set(problems.map(({ name }) => name.replace(/_FILE$/, '')));
  const parsed = safeParse(variables(locales, say), env);
  for (const { path, message } of parsed.issues ?? []) {
    const name = String(path?.[0]?.key);
    if (!named.has(name)) problems.push({ name, problem: message, isMissing: env[name] === undefined });
  }
  problems.push(...misfits(env, say));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems, say);
  return toConfig(parsed.output);
}

/** An empty value is as good as none, as it stands in a copied `.env.example`. */
export function withoutEmpty(env: Env): Env {
  const entries = Object.entries(env).map(([name, value]) => [name, value?.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value));
}

/** What is right by itself and wrong beside another; asked of the texts, so that it is heard with all the rest. */
function misfits(env: Env, say: Say): ConfigProblem[] {
  const problems = ['DISCORD_ADMIN_ROLE_IDS', 'DISCORD_HELPER_ROLE_IDS']
    .filter((name) => splitList(env[name]).some((id) => id === env.DISCORD_GUILD_ID))
    .map((name) => ({ name, problem: say('settings.everybodysRole') }));
  if (env.WATCH_LOCKOUTS === 'off' && (env.LOCKOUT_ENDS_AFTER ?? 'off') !== 'off')
    problems.push({ name: 'LOCKOUT_ENDS_AFTER', problem: say('settings.needsWatching') });
  const ttlMs = readDuration(env.REQUEST_TTL ?? '24h') ?? Infinity;
  const reminderMs = readDuration(env.REQUEST_REMINDER ?? '') ?? 0;
  if (reminderMs >= ttlMs) problems.push({ name: 'REQUEST_REMINDER', problem: say('settings.reminderTooLate') });
  return problems;
}

function toConfig(values: Variables) {
  return {
    discord: {
      token: values.DISCORD_TOKEN,
      /** Without an API version: discord.js adds its own. */
      apiUrl: values.DISCORD_API_URL,
      guildId: values.DISCORD_GUILD_ID,
      adminRoleIds: values.DISCORD_ADMIN_ROLE_IDS,
      helperRoleIds: values.DISCORD_HELPER_ROLE_IDS ?? [],
      adminChannelId: values.DISCORD_ADMIN_CHANNEL_ID,
    },
    jellyfin: {
      /** Without a trailing slash; may have a path. */
      url: values.JELLYFIN_URL,
      apiKey: values.JELLYFIN_API_KEY,
      publicUrl: values.JELLYFIN_PUBLIC_URL,
      serverDir: values.JELLYFIN_SERVER_DIR,
      logDir: values.JELLYFIN_LOG_DIR,
      db: values.JELLYFIN_DB,
      stopCommand: values.JELLYFIN_STOP_COMMAND,
      startCommand: values.JELLYFIN_START_COMMAND,
    },
    /** The bot's own database file. */
    database: values.LATCHKEY_DB,
    selfUnlock: values.SELF_UNLOCK,
    /** After what time a lock ends by itself; undefined: never. */
    lockoutEndsAfterMs: values.LOCKOUT_ENDS_AFTER === 'off' ? undefined : values.LOCKOUT_ENDS_AFTER,
    /** Whether people are told of lockouts before they ask. */
    watchLockouts: values.WATCH_LOCKOUTS === 'on',
    requestTtlMs: values.REQUEST_TTL,
    requestReminderMs: values.REQUEST_REMINDER ?? Math.round(values.REQUEST_TTL / 2),
    tempPasswordTtlMs: values.TEMP_PASSWORD_TTL,
    /** How long the audit is kept. */
    historyTtlMs: values.HISTORY_TTL,
    locale: values.LATCHKEY_LOCALE,
    logLevel: values.LOG_LEVEL,
  };
}

/** The bot's own database, for what needs no other setting. */
export const databasePath = (env: Env): string => env.LATCHKEY_DB?.trim() || 'data/latchkey.db';

interface WithSecrets {
  readonly env: Env;
  readonly problems: ConfigProblem[];
  /** Names of the settings whose file has quotes around the secret, which are no part of it. */
  readonly quoted: readonly string[];
}

/** Puts what is in the file that `NAME_FILE` names in the place of `NAME`; tells of files that give nothing. */
export function withSecretFiles(env: Env, readFile: ReadFile, say: Say): WithSecrets {
  const filled: Record<string, string | undefined> = { ...env };
  const problems: ConfigProblem[] = [];
  const quoted: string[] = [];
  for (const name of secretNames) {
    const fileName = `${name}_FILE`;
    const path = env[fileName];
    if (path === undefined) continue;
    const content =
      env[name] === undefined ? contentOf(path, readFile, say) : { problem: say('settings.secretTwice', { name }) };
    if (!('text' in content)) problems.push({ name: fileName, ...content });
    else {
      filled[name] = content.text;
      if (content.isQuoted) quoted.push(fileName);
    }
  }
  return { env: filled, problems, quoted };
}

function contentOf(
  path: string,
  readFile: ReadFile,
  say: Say,
): { text: string; isQuoted: boolean } | { problem: string } {
  try {
    const found = readFile(path).trim();
    const text = unquote(found).trim();
    return text === '' ? { problem: say('settings.secretEmpty') } : { text, isQuoted: text !== found };
  } catch (error) {
    return { problem: say('settings.secretClosed', { why: whySaid(error, say) }) };
  }
}

/** See src/app/test-machine.ts. */
const forTests = 'LATCHKEY_TEST_MACHINE';
const ours = /^(DISCORD|JELLYFIN|LATCHKEY)_/;
const mostSlips = 2;

/** Sentences about quotes in secret files, and variables that look meant for Latchkey and are none: most likely a slip of the keyboard. */
export function configWarnings(env: Env, readFile: ReadFile, say: Say): string[] {
  const unknown = Object.keys(env)
    .filter((name) => !settingNames.includes(name) && name !== forTests)
    .flatMap((name) => {
      // Their lengths first, which is quick: there may be a hundred variables, and each start asks.
      const mayBe = settingNames.filter((one) => Math.abs(one.length - name.length) <= mostSlips);
      const meant = mayBe.find((one) => slipsBetween(name, one) <= mostSlips);
      if (meant) return [say('settings.slip', { name, meant })];
      return ours.test(name) ? [say('settings.unknown', { name })] : [];
    });
  const { quoted } = withSecretFiles(withoutEmpty(env), readFile, say);
  return [...quoted.map((name) => say('settings.secretQuoted', { name })), ...unknown];
}
