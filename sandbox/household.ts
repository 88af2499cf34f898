import { startDiscord, type Discord, type Person } from './discord/index.js';
import { startJellyfin, type Jellyfin } from './jellyfin/index.js';

/** Those who are in every household. */
export interface Family {
  /** Owns the account `maya`; a member. */
  readonly maya: Person;
  /** An admin in Discord. */
  readonly dad: Person;
  /** A helper in Discord. */
  readonly gran: Person;
}

/** A household on loopback ports: its Discord server, its Jellyfin server, and the people who use both. */
export interface Household extends Family {
  readonly discord: Discord;
  readonly jellyfin: Jellyfin;
  /** The environment that the bot is started with, as in `.env`; its database lies where `database` says. */
  env(database: string): Record<string, string>;
  close(): Promise<void>;
}

export interface HouseholdOptions {
  /** A Jellyfin version such as `10.11.11`; 10.10.7 unless given. */
  readonly version?: string;
  /** Failed sign-ins before Maya's account locks; 3 unless given. */
  readonly limit?: number;
  /** Jellyfin's clock. */
  readonly now?: () => Date;
}

/** What Maya's password is until somebody changes it. */
export const mayasPassword = 'popcorn-and-cake';

/** Starts both ends and lets the family in; nobody is linked yet. */
export async function startHousehold(options: HouseholdOptions = {}): Promise<Household> {
  const { version = '10.10.7', limit = 3, now } = options;
  const jellyfin = await startJellyfin({ version, ...(now && { now }) });
  const discord = await startDiscord({ guildName: 'The Household' });
  jellyfin.addUser('maya', { password: mayasPassword, limit });
  return {
    discord,
    jellyfin,
    ...familyIn(discord),
    env: (database) => settingsFor(discord, jellyfin, database),
    async close() {
      await discord.close();
      await jellyfin.close();
    },
  };
}

/** Lets the family into a Discord server. */
export function familyIn(discord: Discord): Family {
  const { admin = '', helper = '' } = discord.roles;
  return {
    maya: discord.addPerson('Maya'),
    dad: discord.addPerson('Dad', { roles: [admin] }),
    gran: discord.addPerson('Gran', { roles: [helper] }),
  };
}

/** What the bot has to be told about both ends. */
export function settingsFor(
  discord: Discord,
  jellyfin: { readonly url: string; readonly apiKey: string },
  database: string,
): Record<string, string> {
  const { admin = '', helper = '' } = discord.roles;
  return {
    DISCORD_TOKEN: discord.token,
    DISCORD_GUILD_ID: discord.guildId,
    DISCORD_ADMIN_ROLE_IDS: admin,
    DISCORD_HELPER_ROLE_IDS: helper,
    DISCORD_ADMIN_CHANNEL_ID: discord.adminChannelId,
    DISCORD_API_URL: discord.url,
    JELLYFIN_URL: jellyfin.url,
    JELLYFIN_API_KEY: jellyfin.apiKey,
    JELLYFIN_PUBLIC_URL: jellyfin.url,
    LATCHKEY_DB: database,
    // Not by the clock: nothing is said in the middle of something else. `app.runJob('lockouts')` looks when a test wants it.
    WATCH_LOCKOUTS: 'off',
  };
}
