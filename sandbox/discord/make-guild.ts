import { PERMISSIONS, type PermissionName } from './constants.js';
import type { Guild, Role } from './model.js';
import { bits } from './permissions.js';
import type { World } from './state.js';

const EVERYBODY: readonly PermissionName[] = [
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'AddReactions',
  'UseApplicationCommands',
];

/** A server with an owner nobody knows, everybody's role, and the bot with its own role. */
export function makeGuild(world: World, name: string): Guild {
  const id = world.snowflakes.next();
  const botRole: Role = {
    id: world.snowflakes.next(),
    name: world.users.get(world.botUserId)?.username ?? 'bot',
    permissions: bits(EVERYBODY) & ~PERMISSIONS.AddReactions,
    mentionable: false,
    position: 1,
    botId: world.botUserId,
  };
  const everybody: Role = { id, name: '@everyone', permissions: bits(EVERYBODY), mentionable: false, position: 0 };
  const guild: Guild = {
    id,
    name,
    ownerId: world.snowflakes.next(),
    locale: 'en-US',
    roles: new Map([everybody, botRole].map((role) => [role.id, role])),
    members: new Map([
      [world.botUserId, { userId: world.botUserId, roles: [botRole.id], joinedAt: new Date().toISOString() }],
    ]),
  };
  world.guilds.set(id, guild);
  return guild;
}
