import type { AddressInfo } from 'node:net';
import { Discord } from './discord.js';
import { Faults } from './faults.js';
import { Gateway } from './gateway.js';
import { makeGuild } from './make-guild.js';
import { RateLimits } from './rate-limits.js';
import { RequestLog } from './request-log.js';
import { ROUTES } from './routes/index.js';
import { createRestServer } from './server.js';
import { World } from './state.js';

interface DiscordOptions {
  token?: string;
  guildName?: string;
  botName?: string;
  /** Milliseconds in which an interaction must be acknowledged; Discord's own 3000 unless told otherwise. */
  ackWithinMs?: number;
  /** Milliseconds for which an interaction's token works; 15 minutes unless told otherwise. */
  tokenLivesMs?: number;
  heartbeatMs?: number;
  /** The port on 127.0.0.1; any free one unless told otherwise. */
  port?: number;
}

/**
 * Starts a Discord of its own on a free port of 127.0.0.1: a server with the roles `admin` and `helper`, a general channel that
 * everybody sees, and an admin channel that those two roles and the bot see.
 */
export async function startDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const world = new World(options.token ?? 'MTE.loopback.token-of-nobody', {
    ackWithinMs: options.ackWithinMs ?? 3000,
    tokenLivesMs: options.tokenLivesMs ?? 900_000,
    refuseOldEdits: undefined,
  });
  const name = options.botName ?? 'Latchkey';
  world.users.set(world.botUserId, {
    id: world.botUserId,
    username: name,
    bot: true,
    locale: 'en-US',
    directMessages: 'open',
  });
  const faults = new Faults();
  const rateLimits = new RateLimits();
  const log = new RequestLog();
  const mistakes: string[] = [];
  const server = createRestServer({ world, routes: ROUTES, faults, rateLimits, log, mistakes });
  const gateway = new Gateway(world, server, options.heartbeatMs ?? 41_250);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;

  const discord = new Discord({ world, server, gateway, faults, rateLimits, log, mistakes });
  discord.guildId = makeGuild(world, options.guildName ?? 'The household').id;
  discord.addRole('admin', { mentionable: true });
  discord.addRole('helper', { mentionable: true });
  discord.generalChannelId = discord.addChannel('general');
  const seen = { allow: ['ViewChannel'] } as const;
  discord.adminChannelId = discord.addChannel('admins', {
    overwrites: {
      [discord.guildId]: { deny: ['ViewChannel'] },
      [discord.roles['admin'] ?? '']: seen,
      [discord.roles['helper'] ?? '']: seen,
      [discord.botUserId]: seen,
    },
  });
  world.dispatch = (event, data, intent) => gateway.dispatch(event, data, intent);
  return discord;
}
