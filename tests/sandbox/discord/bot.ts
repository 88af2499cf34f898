import { Client, GatewayIntentBits, type ClientOptions } from 'discord.js';
import { identifiesAtOnce } from '../../support/identifies-at-once.js';
import type { Discord } from '../../../sandbox/discord/index.js';

export interface RunningBot {
  client: Client<true>;
  /** Registers commands globally, in place of all others. */
  register(commands: readonly { toJSON(): unknown }[]): Promise<void>;
  /** Handed to `.catch` of handlers: a failure is thrown again when the bot stops. */
  failed: (error: unknown) => void;
  stop(): Promise<void>;
}

/** The real discord.js client, connected to the loopback Discord and ready. */
export async function startBot(discord: Discord, options: Partial<ClientOptions> = {}): Promise<RunningBot> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: discord.url, retries: 0 },
    ws: identifiesAtOnce,
    ...options,
  });
  const failures: unknown[] = [];
  const ready = new Promise<void>((resolve) => client.once('clientReady', () => resolve()));
  await client.login(discord.token);
  await ready;
  return {
    client: client as Client<true>,
    register: async (commands) => {
      await client.rest.put(`/applications/${discord.applicationId}/commands`, {
        body: commands.map((each) => each.toJSON()),
      });
    },
    failed: (error) => failures.push(error),
    stop: async () => {
      await client.destroy();
      if (failures.length > 0) throw failures[0];
    },
  };
}
