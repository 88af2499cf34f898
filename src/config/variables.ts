import { z } from 'zod';
import { Secret } from '../secret.js';
import { readAddress, readDiscordAddress } from './address.js';
import { splitCommand } from './command-line.js';
import { durationForm, readDuration } from './duration.js';
import { copyId, readSnowflake, readSnowflakes } from './snowflake.js';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** A variable that is read by `read`; when that finds nothing to use, or nothing is there, people hear what to write. */
function variable<T>(write: string, read: (text: string) => T | undefined) {
  return z.string({ error: `is missing: write ${write}` }).transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `cannot be used as it is: write ${write}` });
    return z.NEVER;
  });
}

const secret = (what: string) => variable(what, (text) => (/\s/.test(text) ? undefined : new Secret(text)));
const snowflake = (whose: string) => variable(`${whose}, 17 to 20 digits (${copyId})`, readSnowflake);
const roles = (whose: string) =>
  variable(`the ids of ${whose}, separated by commas, 17 to 20 digits each (${copyId})`, readSnowflakes);
const address = (what: string) =>
  variable(`${what}, with http:// or https://, without a user name, password, "?" or "#"`, readAddress);
const oneOf = <T extends string>(values: readonly T[]) =>
  variable(values.join(' or '), (text) => values.find((value) => value === text));
const duration = variable(durationForm, readDuration);
const command = (what: string) =>
  variable(`the command that ${what} the Jellyfin server, every quote closed`, splitCommand);
const path = (what: string) => variable(what, (text) => text);

/** Every variable there is, with how it is read; `locales` are the languages that Latchkey speaks. */
export const variables = (locales: readonly string[]) =>
  z.object({
    DISCORD_TOKEN: secret("the bot's token in one piece (Discord Developer Portal > your application > Bot)"),
    DISCORD_GUILD_ID: snowflake("your Discord server's id"),
    DISCORD_ADMIN_ROLE_IDS: roles('the roles that administer'),
    DISCORD_HELPER_ROLE_IDS: roles('the roles that help').optional(),
    DISCORD_ADMIN_CHANNEL_ID: snowflake("the id of the admins' text channel"),
    DISCORD_API_URL: variable(
      "the address of Discord's API, https:// (http:// only on this computer), without a password, or leave it out",
      readDiscordAddress,
    ).default('https://discord.com/api'),
    JELLYFIN_URL: address("Jellyfin's address, such as http://192.168.1.10:8096"),
    JELLYFIN_API_KEY: secret('an API key in one piece (Jellyfin: Dashboard > API Keys)'),
    JELLYFIN_PUBLIC_URL: address('the address at which people open Jellyfin').optional(),
    JELLYFIN_SERVER_DIR: path("the path of Jellyfin's program data folder").optional(),
    JELLYFIN_LOG_DIR: path("the path of Jellyfin's log folder").optional(),
    JELLYFIN_DB: path('the path of jellyfin.db').optional(),
    JELLYFIN_STOP_COMMAND: command('stops').optional(),
    JELLYFIN_START_COMMAND: command('starts').optional(),
    LATCHKEY_DB: path("the path of the bot's database").default('data/latchkey.db'),
    SELF_UNLOCK: oneOf(['ask', 'allow']).default('ask'),
    REQUEST_TTL: duration.default(86_400_000),
    REQUEST_REMINDER: duration.optional(),
    TEMP_PASSWORD_TTL: duration.default(86_400_000),
    LATCHKEY_LOCALE: oneOf(locales).default('en'),
    LOG_LEVEL: oneOf(logLevels).default('info'),
  });

export type Variables = z.output<ReturnType<typeof variables>>;

/** The variables for which `NAME_FILE` may name a file that holds the value. */
export const secretNames = ['DISCORD_TOKEN', 'JELLYFIN_API_KEY'] as const;
