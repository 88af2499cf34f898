import type { PermissionName } from '../constants.js';
import { refuse } from '../errors.js';
import { channelForBot, channelWith, messageIn } from '../find.js';
import { isObject, type JsonObject } from '../json.js';
import { createMessage, editMessage, removeMessage } from '../messages.js';
import type { Channel, Message } from '../model.js';
import { messagePayload } from '../payloads/message.js';
import { route, type Answer, type Call } from '../router.js';
import { USE } from '../rules/messages.js';
import type { World } from '../state.js';

const NONCE_LIVES_MS = 5 * 60_000;

function create({ world, body, param, request }: Call): Answer {
  const channel = channelWith(world, param('channel'), neededToSend(body, request.files.length));
  refuseUnreachable(world, channel);
  const earlier = sameNonce(world, body);
  if (earlier) return { status: 200, body: messagePayload(world, earlier) };
  const reference = isObject(body['message_reference']) ? String(body['message_reference']['message_id']) : undefined;
  const repliesTo = reference === undefined ? {} : { repliesTo: messageIn(world, channel, reference).id };
  const message = createMessage(world, { channel, body, use: USE.create, files: request.files, ...repliesTo });
  world.dispatch('MESSAGE_CREATE', messagePayload(world, message), channel.guildId === undefined ? 1 << 12 : 1 << 9);
  return { status: 200, body: messagePayload(world, message) };
}

function neededToSend(body: JsonObject, files: number): PermissionName[] {
  const embeds = Array.isArray(body['embeds']) && body['embeds'].length > 0;
  return [
    'SendMessages',
    ...(embeds ? (['EmbedLinks'] as const) : []),
    ...(files > 0 ? (['AttachFiles'] as const) : []),
  ];
}

/** A person who closed their direct messages, or left every server shared with the bot, cannot be written to. */
function refuseUnreachable(world: World, channel: Channel): void {
  if (channel.recipientId === undefined) return;
  const { recipientId } = channel;
  const refusal = world.users.get(recipientId)?.directMessages;
  if (refusal === 50007) throw refuse('cannotReach');
  const shared = [...world.guilds.values()].some(
    (guild) => guild.members.has(recipientId) && guild.members.has(world.botUserId),
  );
  if (refusal === 50278 || !shared) throw refuse('noSharedServer');
}

/** "If another message was created by the same author with the same nonce, that message will be returned": in any channel. */
function sameNonce(world: World, body: JsonObject): Message | undefined {
  if (body['enforce_nonce'] !== true || body['nonce'] === undefined || body['nonce'] === null) return undefined;
  const since = Date.now() - NONCE_LIVES_MS;
  const own = [...world.messages.values()].flat().filter((each) => each.authorId === world.botUserId);
  return own.find(
    (each) => each.nonce !== undefined && String(each.nonce) === String(body['nonce']) && each.createdAt > since,
  );
}

function list({ world, param, query }: Call): Answer {
  const channel = channelForBot(world, param('channel'));
  const limit = Math.min(Math.max(Number(query['limit'] ?? 50), 1), 100);
  if (!world.may(world.botUserId, channel, 'ReadMessageHistory')) return { status: 200, body: [] };
  const all = world.messagesIn(channel.id).filter((message) => message.privateTo === undefined);
  const page = pageOf(all, query, limit);
  return { status: 200, body: page.reverse().map((message) => messagePayload(world, message)) };
}

/** The messages asked for, oldest first. */
function pageOf(all: Message[], query: Record<string, string>, limit: number): Message[] {
  const { before, after, around } = query;
  if (before !== undefined) return all.filter((each) => BigInt(each.id) < BigInt(before)).slice(-limit);
  if (after !== undefined) return all.filter((each) => BigInt(each.id) > BigInt(after)).slice(0, limit);
  if (around === undefined) return all.slice(-limit);
  const half = Math.floor(limit / 2);
  const older = all.filter((each) => BigInt(each.id) < BigInt(around)).slice(-half);
  return [...older, ...all.filter((each) => BigInt(each.id) >= BigInt(around)).slice(0, limit - older.length)];
}

function ownMessage(call: Call): Message {
  const channel = channelForBot(call.world, call.param('channel'));
  return messageIn(call.world, channel, call.param('message'));
}

function read(call: Call): Answer {
  channelWith(call.world, call.param('channel'), ['ReadMessageHistory']);
  return { status: 200, body: messagePayload(call.world, ownMessage(call)) };
}

function edit(call: Call): Answer {
  const message = ownMessage(call);
  if (message.authorId !== call.world.botUserId) throw refuse('foreignMessage');
  editMessage(call.world, message, call.body, call.request.files);
  return { status: 200, body: messagePayload(call.world, message) };
}

function remove(call: Call): Answer {
  const message = ownMessage(call);
  if (message.authorId !== call.world.botUserId) channelWith(call.world, message.channelId, ['ManageMessages']);
  removeMessage(call.world, message);
  return { status: 204 };
}

function pin(pinned: boolean): (call: Call) => Answer {
  return (call) => {
    channelWith(call.world, call.param('channel'), ['PinMessages']);
    ownMessage(call).pinned = pinned;
    return { status: 204 };
  };
}

function pins({ world, param }: Call): Answer {
  const channel = channelWith(world, param('channel'), ['ReadMessageHistory']);
  const pinned = world.messagesIn(channel.id).filter((message) => message.pinned);
  const items = pinned.map((message) => ({
    pinned_at: new Date(message.createdAt).toISOString(),
    message: messagePayload(world, message),
  }));
  return { status: 200, body: { items, has_more: false } };
}

function typing({ world, param }: Call): Answer {
  channelWith(world, param('channel'), ['SendMessages']);
  return { status: 204 };
}

/** Messages of a channel, and what hangs on them. */
export const messageRoutes = [
  route('POST', '/channels/:channel/messages', create),
  route('GET', '/channels/:channel/messages', list),
  route('GET', '/channels/:channel/messages/pins', pins),
  route('PUT', '/channels/:channel/messages/pins/:message', pin(true)),
  route('DELETE', '/channels/:channel/messages/pins/:message', pin(false)),
  route('GET', '/channels/:channel/messages/:message', read),
  route('PATCH', '/channels/:channel/messages/:message', edit),
  route('DELETE', '/channels/:channel/messages/:message', remove),
  route('POST', '/channels/:channel/typing', typing),
];
