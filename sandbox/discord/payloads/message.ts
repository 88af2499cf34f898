import { INTERACTION } from '../constants.js';
import type { Interaction } from '../interaction.js';
import type { Json, JsonObject } from '../json.js';
import type { Attachment, Message } from '../model.js';
import type { World } from '../state.js';
import { userPayload } from './user.js';

function attachmentPayload(world: World, message: Message, attachment: Attachment): JsonObject {
  const url = `${world.url.replace(/\/api$/, '')}/attachments/${message.channelId}/${attachment.id}/${encodeURIComponent(attachment.filename)}`;
  return {
    id: attachment.id,
    filename: attachment.filename,
    size: attachment.bytes.length,
    url,
    proxy_url: url,
    content_type: attachment.contentType,
    ...(attachment.description === null ? {} : { description: attachment.description }),
  };
}

/** A message as the API shows it. */
export function messagePayload(world: World, message: Message): JsonObject {
  const author = world.users.get(message.authorId);
  const interaction = world.interactions.get(message.interactionId ?? '');
  const mentioned = [...new Set([...message.content.matchAll(/<@!?(\d+)>/g)].map((match) => match[1] ?? ''))];
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    author: author ? userPayload(author) : null,
    content: message.content,
    embeds: message.embeds,
    components: message.components as unknown as Json,
    attachments: message.attachments.map((attachment) => attachmentPayload(world, message, attachment)),
    mentions: mentioned.flatMap((id) => {
      const user = world.users.get(id);
      return user ? [userPayload(user)] : [];
    }),
    mention_roles: message.pings.roles,
    mention_everyone: message.pings.everyone,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === null ? null : new Date(message.editedAt).toISOString(),
    flags: message.flags,
    pinned: message.pinned,
    tts: false,
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    ...(interaction
      ? {
          webhook_id: world.applicationId,
          application_id: world.applicationId,
          interaction_metadata: interactionMetadata(world, interaction),
        }
      : {}),
    ...(message.repliesTo === undefined
      ? {}
      : { message_reference: { type: 0, message_id: message.repliesTo, channel_id: message.channelId } }),
  };
}

function interactionMetadata(world: World, interaction: Interaction): JsonObject | null {
  const user = world.users.get(interaction.userId);
  if (!user) return null;
  return {
    id: interaction.id,
    type: interaction.type,
    user: userPayload(user),
    authorizing_integration_owners: { '0': interaction.guildId ?? '0' },
    ...(interaction.type === INTERACTION.Component && interaction.sourceMessageId !== undefined
      ? { interacted_message_id: interaction.sourceMessageId }
      : {}),
  };
}
