import { CALLBACK, FLAG, INTERACTION } from '../constants.js';
import { refuse } from '../errors.js';
import type { Interaction } from '../interaction.js';
import { asObjects, asText, type JsonObject } from '../json.js';
import { addMessage, createMessage, editMessage } from '../messages.js';
import type { Channel, Message } from '../model.js';
import { keepComponents } from '../payloads/components.js';
import { messagePayload } from '../payloads/message.js';
import { NO_PINGS } from '../pings.js';
import { openRoute, type Answer, type Call } from '../router.js';
import { checkCallback, dataOf, isMenu } from '../rules/callbacks.js';
import { USE } from '../rules/messages.js';
import type { World } from '../state.js';

function callback(call: Call): Answer {
  const { world, body, param, query } = call;
  const interaction = world.interactionsByToken.get(param('token'));
  if (!interaction || interaction.id !== param('interaction')) throw refuse('unknownInteraction');
  if (interaction.acknowledged) {
    interaction.refusedCallbacks += 1;
    throw refuse('alreadyAcknowledged');
  }
  if (call.request.at - interaction.createdAt > world.limits.ackWithinMs) {
    interaction.refusedCallbacks += 1;
    throw refuse('unknownInteraction');
  }
  const source = world.findMessage(interaction.sourceMessageId ?? '');
  checkCallback(interaction, body, source?.flags ?? 0);
  const message = carryOut(call, interaction, source);
  interaction.acknowledged = { callback: Number(body['type']), at: Date.now() };
  if (query['with_response'] !== 'true') return { status: 204 };
  return { status: 200, body: withResponse(world, interaction, message) };
}

function carryOut(call: Call, interaction: Interaction, source: Message | undefined): Message | undefined {
  const { world, body, request } = call;
  const data = dataOf(body);
  switch (body['type']) {
    case CALLBACK.Message: {
      const message = answerWith(world, interaction, data, request.files);
      interaction.answers.push({ kind: 'message', messageId: message.id, firstSeen: structuredClone(message) });
      return message;
    }
    case CALLBACK.DeferredMessage:
      return think(world, interaction, data);
    case CALLBACK.DeferredUpdate:
      if (source) interaction.originalId = source.id;
      return source;
    case CALLBACK.Update: {
      if (!source) throw refuse('unknownMessage');
      editMessage(world, source, data, request.files);
      interaction.originalId = source.id;
      interaction.answers.push({ kind: 'update', messageId: source.id, firstSeen: structuredClone(source) });
      return source;
    }
    case CALLBACK.Choices:
      interaction.answers.push({ kind: 'choices', choices: readChoices(data) });
      return undefined;
    default:
      openModal(world, interaction, data);
      return undefined;
  }
}

function readChoices(data: JsonObject): { name: string; value: string | number }[] {
  return asObjects(data['choices']).map(({ name, value }) => ({
    name: asText(name) ?? '',
    value: typeof value === 'number' ? value : (asText(value) ?? ''),
  }));
}

function openModal(world: World, interaction: Interaction, data: JsonObject): void {
  const modal = {
    interactionId: interaction.id,
    customId: asText(data['custom_id']) ?? '',
    title: asText(data['title']) ?? '',
    components: keepComponents(data['components'], world.snowflakes),
  };
  interaction.answers.push({ kind: 'modal', modal });
}

function channelOf(world: World, interaction: Interaction): Channel {
  const channel = world.channels.get(interaction.channelId);
  if (!channel) throw refuse('unknownChannel');
  return channel;
}

/** Answers of commands have types of their own, so that clients can show what they answer. */
function answerType(interaction: Interaction): number {
  if (interaction.type !== INTERACTION.Command) return 0;
  return isMenu(interaction) ? 23 : 20;
}

function answerWith(
  world: World,
  interaction: Interaction,
  data: JsonObject,
  files: Call['request']['files'],
): Message {
  const isPrivate = (Number(data['flags'] ?? 0) & FLAG.Ephemeral) !== 0;
  const message = createMessage(world, {
    channel: channelOf(world, interaction),
    body: data,
    use: USE.answer,
    files,
    type: answerType(interaction),
    interactionId: interaction.id,
    ...(isPrivate ? { privateTo: interaction.userId } : {}),
  });
  interaction.originalId = message.id;
  return message;
}

/** The deferred answer: a message that says the bot is thinking, whose privacy is settled for good. */
function think(world: World, interaction: Interaction, data: JsonObject): Message {
  const isPrivate = (Number(data['flags'] ?? 0) & FLAG.Ephemeral) !== 0;
  const message: Message = {
    id: world.snowflakes.next(),
    channelId: channelOf(world, interaction).id,
    authorId: world.botUserId,
    type: answerType(interaction),
    content: '',
    embeds: [],
    components: [],
    attachments: [],
    flags: FLAG.Loading | (isPrivate ? FLAG.Ephemeral : 0),
    pings: NO_PINGS,
    createdAt: Date.now(),
    editedAt: null,
    pinned: false,
    interactionId: interaction.id,
    ...(isPrivate ? { privateTo: interaction.userId } : {}),
  };
  addMessage(world, message);
  interaction.originalId = message.id;
  interaction.loading = true;
  return message;
}

function withResponse(world: World, interaction: Interaction, message: Message | undefined): JsonObject {
  const type = interaction.acknowledged?.callback ?? 0;
  const created = type === CALLBACK.Message || type === CALLBACK.DeferredMessage;
  return {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      ...(message
        ? {
            response_message_id: message.id,
            response_message_loading: (message.flags & FLAG.Loading) !== 0,
            response_message_ephemeral: (message.flags & FLAG.Ephemeral) !== 0,
          }
        : {}),
    },
    ...(message && (created || type === CALLBACK.Update)
      ? { resource: { type, message: messagePayload(world, message) } }
      : {}),
  };
}

/** The first answer to an interaction. */
export const interactionRoutes = [openRoute('POST', '/interactions/:interaction/:token/callback', callback)];
