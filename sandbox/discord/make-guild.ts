import { PERMISSIONS, type PermissionName } from './constants.js';
import type { Guild, Role, User } from './model.js';
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

/** A server with an owner who says nothing, everybody's role, and the bot with its own role. */
export function makeGuild(world: World, name: string): Guild {
  const id = world.snowflakes.next();
  const owner: User = {
    id: world.snowflakes.next(),
    username: 'Owner',
    bot: false,
    locale: 'en-US',
    directMessages: 'open',
  };
  world.users.set(owner.id, owner);
  const joinedAt = new Date().toISOString();
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
    ownerId: owner.id,
    locale: 'en-US',
    roles: new Map([everybody, botRole].map((role) => [role.id, role])),
    members: new Map([
      [owner.id, { userId: owner.id, roles: [], joinedAt }],
      [world.botUserId, { userId: world.botUserId, roles: [botRole.id], joinedAt }],
    ]),
  };
  world.guilds.set(id, guild);
  return guild;
}
