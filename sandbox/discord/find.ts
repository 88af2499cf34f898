import { CHANNEL, type PermissionName } from './constants.js';
import { refuse } from './errors.js';
import type { Channel, Guild, Member, Message } from './model.js';
import type { World } from './state.js';

const TEXT_TYPES: readonly number[] = [
  CHANNEL.GuildText,
  CHANNEL.Dm,
  CHANNEL.GuildVoice,
  CHANNEL.GuildAnnouncement,
  CHANNEL.PublicThread,
  CHANNEL.PrivateThread,
];

/** The server, as long as the bot is in it. @throws ApiError 10004 */
export function guildForBot(world: World, id: string): Guild {
  const guild = world.guilds.get(id);
  if (!guild?.members.has(world.botUserId)) throw refuse('unknownGuild');
  return guild;
}

/** @throws ApiError 10003 for a channel that is not there, 50001 for one that the bot cannot see. */
export function channelForBot(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (!channel) throw refuse('unknownChannel');
  if (!world.may(world.botUserId, channel, 'ViewChannel')) throw refuse('missingAccess');
  return channel;
}

/**
 * A channel that holds messages and in which the bot has all these permissions.
 * @throws ApiError 10003, 50001, 50008, or 50013 when a permission is missing.
 */
export function channelWith(world: World, id: string, permissions: readonly PermissionName[]): Channel {
  const channel = channelForBot(world, id);
  if (!TEXT_TYPES.includes(channel.type)) throw refuse('cannotSendHere');
  if (!permissions.every((name) => world.may(world.botUserId, channel, name))) throw refuse('missingPermissions');
  return channel;
}

/** A message of a channel as the API finds it: private answers are not among them. @throws ApiError 10008 */
export function messageIn(world: World, channel: Channel, id: string): Message {
  const message = world.messagesIn(channel.id).find((each) => each.id === id);
  if (!message || message.privateTo !== undefined) throw refuse('unknownMessage');
  return message;
}

/** @throws ApiError 10013 for a user who does not exist, 10007 for one who is not in the server. */
export function memberOf(world: World, guild: Guild, userId: string): Member {
  if (!world.users.has(userId)) throw refuse('unknownUser');
  const member = guild.members.get(userId);
  if (!member) throw refuse('unknownMember');
  return member;
}
