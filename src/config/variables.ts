import * as v from 'valibot';
import { Secret } from '../secret.js';
import { dayMs } from '../time.js';
import {
  copyId,
  durationForm,
  readAddress,
  readDiscordAddress,
  readDuration,
  readSnowflake,
  readSnowflakes,
  splitCommand,
} from './readers.js';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** A variable that is read by `read`; when that finds nothing to use, or nothing is there, people hear what to write. */
function variable<T>(write: string, read: (text: string) => T | undefined) {
  return v.pipe(
    // Empty is as good as none: a missing name would otherwise get the library's words instead of ours.
    v.optional(v.string(), ''),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      if (dataset.value === '') {
        addIssue({ message: `is missing: write ${write}` });
        return NEVER;
      }
      const value = read(dataset.value);
      if (value !== undefined) return value;
      addIssue({ message: `cannot be used as it is: write ${write}` });
      return NEVER;
    }),
  );
}

const secret = (what: string) => variable(what, (text) => (/\s/.test(text) ? undefined : new Secret(text)));
const snowflake = (whose: string) => variable(`${whose}, 17 to 20 digits (${copyId})`, readSnowflake);
const roles = (whose: string) =>
  variable(`the ids of ${whose}, separated by commas, 17 to 20 digits each (${copyId})`, readSnowflakes);
const address = (what: string) =>
  variable(
    `${what}, with http:// or https://, without a user name, password, "?" or "#"; of the address of a page, only what comes before /web`,
    readAddress,
  );
const oneOf = <T extends string>(values: readonly T[]) =>
  variable(values.join(' or '), (text) => values.find((value) => value === text));
const duration = variable(durationForm, readDuration);
const lockoutEnd = variable('off, or from 15m to 24h', (text) => {
  const ms = readDuration(text);
  if (text === 'off') return text;
  return ms !== undefined && ms >= 15 * 60_000 && ms <= dayMs ? ms : undefined;
});
const command = (what: string) =>
  variable(`the command that ${what} the Jellyfin server, every quote closed`, splitCommand);
const path = (what: string) => variable(what, (text) => text);

/** Every variable there is, with how it is read; `locales` are the languages that Latchkey speaks. */
export const variables = (locales: readonly string[]) =>
  v.object({
    DISCORD_TOKEN: secret("the bot's token in one piece (Discord Developer Portal > your application > Bot)"),
    DISCORD_GUILD_ID: snowflake("your Discord server's id"),
    DISCORD_ADMIN_ROLE_IDS: roles('the roles that administer'),
    DISCORD_HELPER_ROLE_IDS: v.optional(roles('the roles that help')),
    DISCORD_ADMIN_CHANNEL_ID: snowflake("the id of the admins' text channel"),
    DISCORD_API_URL: v.optional(
      variable(
        "the address of Discord's API, https:// (http:// only on this computer), without a password, or leave it out",
        readDiscordAddress,
      ),
      'https://discord.com/api',
    ),
    JELLYFIN_URL: address("Jellyfin's address, such as http://192.168.1.10:8096"),
    JELLYFIN_API_KEY: secret('an API key in one piece (Jellyfin: Dashboard > API Keys)'),
    JELLYFIN_PUBLIC_URL: v.optional(address('the address at which people open Jellyfin')),
    JELLYFIN_SERVER_DIR: v.optional(path("the path of Jellyfin's program data folder")),
    JELLYFIN_LOG_DIR: v.optional(path("the path of Jellyfin's log folder")),
    JELLYFIN_DB: v.optional(path('the path of jellyfin.db')),
    JELLYFIN_STOP_COMMAND: v.optional(command('stops')),
    JELLYFIN_START_COMMAND: v.optional(command('starts')),
    LATCHKEY_DB: v.optional(path("the path of the bot's database"), 'data/latchkey.db'),
    SELF_UNLOCK: v.optional(oneOf(['ask', 'allow']), 'ask'),
    LOCKOUT_ENDS_AFTER: v.optional(lockoutEnd, 'off'),
    WATCH_LOCKOUTS: v.optional(oneOf(['on', 'off']), 'on'),
    REQUEST_TTL: v.optional(duration, '24h'),
    REQUEST_REMINDER: v.optional(duration),
    TEMP_PASSWORD_TTL: v.optional(duration, '24h'),
    HISTORY_TTL: v.optional(duration, '365d'),
    LATCHKEY_LOCALE: v.optional(oneOf(locales), 'en'),
    LOG_LEVEL: v.optional(oneOf(logLevels), 'info'),
  });

export type Variables = v.InferOutput<ReturnType<typeof variables>>;

/** The variables for which `NAME_FILE` may name a file that holds the value. */
export const secretNames = ['DISCORD_TOKEN', 'JELLYFIN_API_KEY'] as const;

/** The names of all settings. */
export const settingNames: readonly string[] = [
  ...Object.keys(variables([]).entries),
  ...secretNames.map((name) => `${name}_FILE`),
];
