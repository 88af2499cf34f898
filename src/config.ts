import { safeParse } from 'valibot';
import { ConfigError, type ConfigProblem } from './config/config-error.js';
import { readDuration } from './config/duration.js';
import { withSecretFiles, type Env, type ReadFile } from './config/secret-files.js';
import { splitList } from './config/snowflake.js';
import { variables, type logLevels, type Variables } from './config/variables.js';
import type { Secret } from './secret.js';

export { ConfigError, type ConfigProblem } from './config/config-error.js';
export { configWarnings } from './config/unknown-names.js';
export type { Env, ReadFile } from './config/secret-files.js';

/** How this household's Latchkey is set up; see `.env.example` for what each value means. */
export interface Config {
  readonly discord: {
    readonly token: Secret;
    /** Without an API version: discord.js adds its own. */
    readonly apiUrl: string;
    readonly guildId: string;
    readonly adminRoleIds: readonly string[];
    readonly helperRoleIds: readonly string[];
    readonly adminChannelId: string;
  };
  readonly jellyfin: {
    /** Without a trailing slash; may have a path. */
    readonly url: string;
    readonly apiKey: Secret;
    readonly publicUrl?: string | undefined;
    readonly serverDir?: string | undefined;
    readonly logDir?: string | undefined;
    readonly db?: string | undefined;
    readonly stopCommand?: readonly string[] | undefined;
    readonly startCommand?: readonly string[] | undefined;
  };
  /** The bot's own database file. */
  readonly database: string;
  readonly selfUnlock: 'ask' | 'allow';
  /** Whether people are told of lockouts before they ask. */
  readonly watchLockouts: boolean;
  readonly requestTtlMs: number;
  readonly requestReminderMs: number;
  readonly tempPasswordTtlMs: number;
  /** How long the audit is kept. */
  readonly historyTtlMs: number;
  readonly locale: string;
  readonly logLevel: (typeof logLevels)[number];
}

/**
 * Reads the configuration from variables; `readFile` serves `NAME_FILE`, `locales` are the languages there are.
 * Throws ConfigError with every problem there is.
 */
export function loadConfig(given: Env, readFile: ReadFile, locales: readonly string[] = ['en']): Config {
  const { env, problems } = withSecretFiles(withoutEmpty(given), readFile);
  // A secret whose file is the problem is not missing as well.
  const named = new Set(problems.map(({ name }) => name.replace(/_FILE$/, '')));
  const parsed = safeParse(variables(locales), env);
  for (const { path, message } of parsed.issues ?? []) {
    const name = String(path?.[0]?.key);
    if (!named.has(name)) problems.push({ name, problem: message });
  }
  problems.push(...misfits(env));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.output);
}

/** An empty value is as good as none, as it stands in a copied `.env.example`. */
function withoutEmpty(env: Env): Env {
  const entries = Object.entries(env).map(([name, value]) => [name, value?.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value));
}

/** What is right by itself and wrong beside another; asked of the texts, so that it is heard with all the rest. */
function misfits(env: Env): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const name of ['DISCORD_ADMIN_ROLE_IDS', 'DISCORD_HELPER_ROLE_IDS']) {
    if (env.DISCORD_GUILD_ID && splitList(env[name]).includes(env.DISCORD_GUILD_ID)) {
      problems.push({
        name,
        problem: "holds the server's own id, which is everybody's role: write the ids of other roles",
      });
    }
  }
  const ttlMs = readDuration(env.REQUEST_TTL ?? '24h');
  const reminderMs = readDuration(env.REQUEST_REMINDER ?? '');
  if (ttlMs && reminderMs && reminderMs >= ttlMs) {
    problems.push({
      name: 'REQUEST_REMINDER',
      problem: 'comes after the request has expired: write less than REQUEST_TTL',
    });
  }
  return problems;
}

function toConfig(values: Variables): Config {
  return {
    discord: {
      token: values.DISCORD_TOKEN,
      apiUrl: values.DISCORD_API_URL,
      guildId: values.DISCORD_GUILD_ID,
      adminRoleIds: values.DISCORD_ADMIN_ROLE_IDS,
      helperRoleIds: values.DISCORD_HELPER_ROLE_IDS ?? [],
      adminChannelId: values.DISCORD_ADMIN_CHANNEL_ID,
    },
    jellyfin: {
      url: values.JELLYFIN_URL,
      apiKey: values.JELLYFIN_API_KEY,
      publicUrl: values.JELLYFIN_PUBLIC_URL,
      serverDir: values.JELLYFIN_SERVER_DIR,
      logDir: values.JELLYFIN_LOG_DIR,
      db: values.JELLYFIN_DB,
      stopCommand: values.JELLYFIN_STOP_COMMAND,
      startCommand: values.JELLYFIN_START_COMMAND,
    },
    database: values.LATCHKEY_DB,
    selfUnlock: values.SELF_UNLOCK,
    watchLockouts: values.WATCH_LOCKOUTS === 'on',
    requestTtlMs: values.REQUEST_TTL,
    requestReminderMs: values.REQUEST_REMINDER ?? Math.round(values.REQUEST_TTL / 2),
    tempPasswordTtlMs: values.TEMP_PASSWORD_TTL,
    historyTtlMs: values.HISTORY_TTL,
    locale: values.LATCHKEY_LOCALE,
    logLevel: values.LOG_LEVEL,
  };
}
