import {
  Client,
  DiscordAPIError,
  Events,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  GatewayIntentBits,
  REST,
  Routes,
  Status,
  type BaseInteraction,
  type GatewayReadyDispatchData,
  type WebSocketOptions,
} from 'discord.js';
import type { Log } from '../services/log.js';
import { editPatience } from './edit-patience.js';

/** Why the connection ended for good; each has its sentence in the locales under `ended`. */
export type EndReason = 'tokenRefused' | 'intentsRefused' | 'connectionRefused' | 'thrownOut';

const reasonOf: Partial<Record<number, EndReason>> = {
  [GatewayCloseCodes.AuthenticationFailed]: 'tokenRefused',
  [GatewayCloseCodes.InvalidIntents]: 'intentsRefused',
  [GatewayCloseCodes.DisallowedIntents]: 'intentsRefused',
};

interface ConnectionOptions {
  readonly token: string;
  readonly guildId: string;
  readonly log: Log;
  readonly onInteraction: (interaction: BaseInteraction) => void;
  readonly onEnd: (reason: EndReason) => void;
}

/** Makes the discord.js client: the server's own events and interactions, nothing privileged, nothing pings. */
export function createClient(apiUrl: string, token: string, ws: WebSocketOptions = {}): Client {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    rest: { api: apiUrl, rejectOnRateLimit: editPatience() },
    ws,
  });
  client.rest.setToken(token);
  return client;
}

/**
 * The REST client for answers to interactions, which need no token. discord.js paces all calls at 50 a second, but
 * "Interaction endpoints are not bound to the bot's Global Rate Limit" (Discord's documentation of interactions).
 */
export function createAnswersRest(apiUrl: string): REST {
  return new REST({ api: apiUrl, globalRequestsPerSecond: Number.MAX_SAFE_INTEGER });
}

/** Connects the gateway. discord.js reconnects by itself, except for the reasons that `onEnd` gets. */
export async function connect(client: Client, options: ConnectionOptions): Promise<void> {
  const { log, guildId, onEnd } = options;
  client.on(Events.InteractionCreate, options.onInteraction);
  client.on(Events.Error, (err) => log.error({ err }, 'discord.js reports an error'));
  client.on(Events.Warn, (warning) => log.warn({ warning }, 'discord.js warns'));
  client.on(Events.ShardError, (err) => log.warn({ err }, 'the connection to Discord has trouble'));
  client.on(Events.ShardReconnecting, () => log.info({}, 'connecting to Discord again'));
  client.on(Events.ShardResume, () => log.info({}, 'connected to Discord again'));
  client.on(Events.ShardDisconnect, ({ code }) => onEnd(reasonOf[code] ?? 'connectionRefused'));
  client.on(Events.GuildDelete, (guild) => {
    if (guild.id === guildId) onEnd('thrownOut');
  });
  // A bot removed while it was disconnected gets no GUILD_DELETE: Discord just does not list the server any more.
  client.ws.on(GatewayDispatchEvents.Ready, ({ guilds }: GatewayReadyDispatchData) => {
    if (!guilds.some(({ id }) => id === guildId)) void lookForServer(client.rest, options);
  });
  const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()));
  await client.login(options.token);
  await ready;
}

async function lookForServer(rest: REST, { guildId, log, onEnd }: ConnectionOptions): Promise<void> {
  try {
    await rest.get(Routes.guild(guildId));
  } catch (err) {
    if (err instanceof DiscordAPIError && (err.status === 403 || err.status === 404)) onEnd('thrownOut');
    else log.warn({ err }, 'Discord did not name the server, and does not say whether the bot is still in it');
  }
}

/** Whether the gateway's connection stands now; the client itself counts as ready for good, once it was. */
export function isConnected(client: Client): boolean {
  return client.ws.shards.size > 0 && client.ws.shards.every(({ status }) => status === Status.Ready);
}
