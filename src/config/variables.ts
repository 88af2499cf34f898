import * as v from 'valibot';
import { Secret, secretNames } from '../secret.js';
import { dayMs } from '../time.js';
import type { Key, Say } from '../words.js';
import {
  discordApi,
  readAddress,
  readDiscordAddress,
  readDuration,
  readSnowflake,
  readSnowflakes,
  splitCommand,
} from './readers.js';

const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** Every variable there is, with how it is read; `locales` are the languages that Latchkey speaks, `say` says what to write. */
export function variables(locales: readonly string[], say: Say) {
  /** A variable that is read by `read`; when that finds nothing to use, or nothing is there, people hear what to write. */
  function variable<T>(write: string, read: (text: string) => T | undefined) {
    return v.pipe(
      // Empty is as good as none: a missing name would otherwise get the library's words instead of ours.
      v.optional(v.string(), ''),
      v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
        if (dataset.value === '') {
          addIssue({ message: say('settings.missing', { write }) });
          return NEVER;
        }
        const value = read(dataset.value);
        if (value !== undefined) return value;
        addIssue({ message: say('settings.unusable', { write }) });
        return NEVER;
      }),
    );
  }
  type What = Key extends infer K ? (K extends `settings.write.${infer W}` ? W : never) : never;
  const saying = <T>(what: What, read: (text: string) => T | undefined) =>
    variable(say(`settings.write.${what}`), read);
  const secret = (what: What) => saying(what, (text) => (/\s/.test(text) ? undefined : new Secret(text)));
  const path = (what: What) => saying(what, (text) => text);
  const oneOf = <T extends string>(values: readonly T[]) =>
    variable(values.join(` ${say('settings.write.or')} `), (text) => values.find((value) => value === text));
  const duration = saying('duration', readDuration);
  return v.object({
    DISCORD_TOKEN: secret('token'),
    DISCORD_GUILD_ID: saying('guild', readSnowflake),
    DISCORD_ADMIN_ROLE_IDS: saying('adminRoles', readSnowflakes),
    DISCORD_HELPER_ROLE_IDS: v.optional(saying('helperRoles', readSnowflakes)),
    DISCORD_ADMIN_CHANNEL_ID: saying('channel', readSnowflake),
    DISCORD_API_URL: v.optional(saying('apiUrl', readDiscordAddress), discordApi),
    JELLYFIN_URL: saying('url', readAddress),
    JELLYFIN_API_KEY: secret('key'),
    JELLYFIN_PUBLIC_URL: v.optional(saying('publicUrl', readAddress)),
    JELLYFIN_SERVER_DIR: v.optional(path('serverDir')),
    JELLYFIN_LOG_DIR: v.optional(path('logDir')),
    JELLYFIN_DB: v.optional(path('db')),
    JELLYFIN_STOP_COMMAND: v.optional(saying('stop', splitCommand)),
    JELLYFIN_START_COMMAND: v.optional(saying('start', splitCommand)),
    LATCHKEY_DB: v.optional(path('database'), 'data/latchkey.db'),
    SELF_UNLOCK: v.optional(oneOf(['ask', 'allow']), 'ask'),
    LOCKOUT_ENDS_AFTER: v.optional(saying('lockoutEnd', readLockoutEnd), 'off'),
    WATCH_LOCKOUTS: v.optional(oneOf(['on', 'off']), 'on'),
    REQUEST_TTL: v.optional(duration, '24h'),
    REQUEST_REMINDER: v.optional(duration),
    TEMP_PASSWORD_TTL: v.optional(duration, '24h'),
    HISTORY_TTL: v.optional(duration, '365d'),
    LATCHKEY_LOCALE: v.optional(oneOf(locales), 'en'),
    LOG_LEVEL: v.optional(oneOf(logLevels), 'info'),
  });
}

function readLockoutEnd(text: string): 'off' | number | undefined {
  if (text === 'off') return text;
  const ms = readDuration(text);
  return ms !== undefined && ms >= 15 * 60_000 && ms <= dayMs ? ms : undefined;
}

export type Variables = v.InferOutput<ReturnType<typeof variables>>;

/** The names of all settings. */
export const settingNames: readonly string[] = [
  ...Object.keys(variables([], () => '').entries),
  ...secretNames.map((name) => `${name}_FILE`),
];
