import { FLAG } from './constants.js';
import { refuse, tooManyOldEdits } from './errors.js';
import { asObjects, asText, type Json, type JsonObject } from './json.js';
import type { Attachment, Channel, Message } from './model.js';
import { keepComponents } from './payloads/components.js';
import { NO_PINGS, pingsOf } from './pings.js';
import type { RecordedRequest } from './request-log.js';
import { checkBody } from './rules/check.js';
import { editOf, messageBody, type MessageUse } from './rules/messages.js';
import type { World } from './state.js';

interface NewMessage {
  channel: Channel;
  body: JsonObject;
  use: MessageUse;
  files: RecordedRequest['files'];
  type?: number;
  privateTo?: string;
  interactionId?: string;
  repliesTo?: string;
}

/**
 * Puts a new message of the bot into a channel.
 * @throws ApiError 50035 for a body that Discord would not take, 50006 for an empty one.
 */
export function createMessage(world: World, draft: NewMessage): Message {
  checkBody(messageBody(draft.use), draft.body);
  const { body, channel } = draft;
  const message: Message = {
    id: world.snowflakes.next(),
    channelId: channel.id,
    authorId: world.botUserId,
    type: draft.type ?? 0,
    content: asText(body['content']) ?? '',
    embeds: richEmbeds(body['embeds']),
    components: keepComponents(body['components'], world.snowflakes),
    attachments: takeFiles(world, body, draft.files),
    flags: typeof body['flags'] === 'number' ? body['flags'] : 0,
    pings: NO_PINGS,
    createdAt: Date.now(),
    editedAt: null,
    pinned: false,
    ...(body['nonce'] === undefined || body['nonce'] === null ? {} : { nonce: body['nonce'] }),
    ...(draft.privateTo === undefined ? {} : { privateTo: draft.privateTo }),
    ...(draft.interactionId === undefined ? {} : { interactionId: draft.interactionId }),
    ...(draft.repliesTo === undefined ? {} : { repliesTo: draft.repliesTo }),
  };
  if (isBlank(message)) throw refuse('emptyMessage');
  if (draft.privateTo === undefined) {
    message.pings = pingsOf(world, channel, message.content, message.components, body['allowed_mentions']);
  } else {
    message.flags |= FLAG.Ephemeral;
  }
  addMessage(world, message);
  return message;
}

/** Puts a finished message at the end of its channel. */
export function addMessage(world: World, message: Message): void {
  const list = world.messages.get(message.channelId) ?? [];
  list.push(message);
  world.messages.set(message.channelId, list);
}

/**
 * Applies an edit to a message: fields left out stay, and nobody is ever pinged by one.
 * @throws ApiError 50035 or 50006 as for a new message; 30046 when old messages may not be edited.
 */
export function editMessage(world: World, message: Message, body: JsonObject, files: RecordedRequest['files']): void {
  const HOUR = 3_600_000;
  const { refuseOldEdits } = world.limits;
  if (refuseOldEdits !== undefined && Date.now() - message.createdAt > HOUR) throw tooManyOldEdits(refuseOldEdits);
  checkBody(messageBody(editOf(message.flags)), body);
  const flags = typeof body['flags'] === 'number' ? body['flags'] : message.flags;
  const becomesV2 = (flags & FLAG.IsComponentsV2) !== 0 && (message.flags & FLAG.IsComponentsV2) === 0;
  const edited: Message = {
    ...message,
    content: body['content'] === undefined ? message.content : (asText(body['content']) ?? ''),
    embeds: body['embeds'] === undefined ? message.embeds : richEmbeds(body['embeds']),
    components:
      body['components'] === undefined ? message.components : keepComponents(body['components'], world.snowflakes),
    attachments: [...keptFiles(message, body), ...takeFiles(world, body, files)],
    flags: (flags & ~FLAG.Loading) | (message.flags & FLAG.Ephemeral),
    editedAt: Date.now(),
  };
  if (becomesV2) checkNothingLegacyStays(edited);
  if (isBlank(edited)) throw refuse('emptyMessage');
  Object.assign(message, edited);
}

/** A message that turns into one of Components V2 must give its content and embeds up in the same edit. */
function checkNothingLegacyStays(message: Message): void {
  const left = { content: message.content, embeds: message.embeds, flags: FLAG.IsComponentsV2 };
  checkBody(messageBody(editOf(message.flags)), left);
}

/** Takes a message away for everybody. */
export function removeMessage(world: World, message: Message): void {
  const list = world.messages.get(message.channelId) ?? [];
  world.messages.set(
    message.channelId,
    list.filter((other) => other.id !== message.id),
  );
}

function isBlank(message: Message): boolean {
  if ((message.flags & FLAG.Loading) !== 0) return false;
  const parts = message.embeds.length + message.components.length + message.attachments.length;
  return message.content.trim() === '' && parts === 0;
}

function richEmbeds(value: Json | undefined): JsonObject[] {
  return asObjects(value).map((embed) => ({
    type: 'rich',
    ...embed,
    ...(embed['fields'] === undefined
      ? {}
      : { fields: asObjects(embed['fields']).map((field) => ({ ...field, inline: field['inline'] ?? false })) }),
  }));
}

function keptFiles(message: Message, body: JsonObject): Attachment[] {
  if (body['attachments'] === undefined) return message.attachments;
  const named = asObjects(body['attachments']).map((each) => String(each['id']));
  return message.attachments.filter((attachment) => named.includes(attachment.id));
}

function takeFiles(world: World, body: JsonObject, files: RecordedRequest['files']): Attachment[] {
  return files.map((file) => {
    const index = /^files\[(\d+)\]$/.exec(file.name)?.[1];
    const described = asObjects(body['attachments']).find((each) => String(each['id']) === index);
    return {
      id: world.snowflakes.next(),
      filename: file.filename,
      description: asText(described?.['description']) ?? null,
      contentType: file.filename.endsWith('.csv') ? 'text/csv; charset=utf-8' : 'application/octet-stream',
      bytes: file.bytes,
    };
  });
}
