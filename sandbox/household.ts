import { startDiscord, type Discord, type Person } from './discord/index.js';
import { startJellyfin, type Jellyfin } from './jellyfin/index.js';

/** A household on loopback ports: its Discord server, its Jellyfin server, and the people who use both. */
export interface Household {
  readonly discord: Discord;
  readonly jellyfin: Jellyfin;
  /** Owns the account `maya`; a member. */
  readonly maya: Person;
  /** An admin in Discord. */
  readonly dad: Person;
  /** A helper in Discord. */
  readonly gran: Person;
  /** The environment that the bot is started with, as in `.env`; its database lies where `database` says. */
  env(database: string): Record<string, string>;
  close(): Promise<void>;
}

export interface HouseholdOptions {
  /** A Jellyfin version such as `10.11.11`; 10.10.7 unless given. */
  readonly version?: string;
  /** Failed sign-ins before Maya's account locks; 3 unless given. */
  readonly limit?: number;
}

/** What Maya's password is until somebody changes it. */
export const mayasPassword = 'popcorn-and-cake';

/** Starts both ends and lets the family in; nobody is linked yet. */
export async function startHousehold({ version = '10.10.7', limit = 3 }: HouseholdOptions = {}): Promise<Household> {
  const jellyfin = await startJellyfin({ version });
  const discord = await startDiscord({ guildName: 'The Household' });
  jellyfin.addUser('maya', { password: mayasPassword, limit });
  const { admin = '', helper = '' } = discord.roles;
  return {
    discord,
    jellyfin,
    maya: discord.addPerson('Maya'),
    dad: discord.addPerson('Dad', { roles: [admin] }),
    gran: discord.addPerson('Gran', { roles: [helper] }),
    env: (database) => ({
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
      // Not by the clock: nothing is said in the middle of something else. `app.watch()` looks when a test wants it.
      WATCH_LOCKOUTS: 'off',
    }),
    async close() {
      await discord.close();
      await jellyfin.close();
    },
  };
}
