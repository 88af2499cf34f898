import { FLAG, INTERACTION } from '../constants.js';
import { refuse } from '../errors.js';
import type { Interaction } from '../interaction.js';
import { createMessage, editMessage, removeMessage } from '../messages.js';
import type { Message } from '../model.js';
import { messagePayload } from '../payloads/message.js';
import { pingsOf } from '../pings.js';
import { openRoute, type Answer, type Call } from '../router.js';
import { USE } from '../rules/messages.js';

/** The interaction behind a webhook token, once it has been acknowledged. @throws ApiError 10015, or 50027 when it is too old. */
function interactionOf({ world, param }: Call): Interaction {
  const interaction = world.interactionsByToken.get(param('token'));
  if (!interaction?.acknowledged || param('application') !== world.applicationId) throw refuse('unknownWebhook');
  if (Date.now() - interaction.createdAt > world.limits.tokenLivesMs) throw refuse('expiredToken');
  if (interaction.type === INTERACTION.Autocomplete) throw refuse('unknownWebhook');
  return interaction;
}

/** The message meant by `@original` or by its id, as long as it belongs to this interaction. @throws ApiError 10008 */
function messageOf(call: Call, interaction: Interaction): Message {
  const wanted = call.param('message');
  const message = call.world.findMessage(wanted === '@original' ? (interaction.originalId ?? '') : wanted);
  if (!message || (message.interactionId !== interaction.id && message.id !== interaction.originalId))
    throw refuse('unknownMessage');
  return message;
}

function read(call: Call): Answer {
  return { status: 200, body: messagePayload(call.world, messageOf(call, interactionOf(call))) };
}

function edit(call: Call): Answer {
  const interaction = interactionOf(call);
  const message = messageOf(call, interaction);
  change(call, interaction, message);
  return { status: 200, body: messagePayload(call.world, message) };
}

function change({ world, body, request }: Call, interaction: Interaction, message: Message): void {
  editMessage(world, message, body, request.files);
  const settlesDeferred = interaction.loading && message.id === interaction.originalId;
  if (settlesDeferred) {
    interaction.loading = false;
    // What replaces the thinking is a new message to everybody but in name: it is not marked as edited, and it pings.
    message.editedAt = null;
    const channel = world.channels.get(message.channelId);
    if (channel && message.privateTo === undefined) {
      message.pings = pingsOf(world, channel, message.content, message.components, body['allowed_mentions']);
    }
  }
  const known = interaction.answers.some((answer) => 'messageId' in answer && answer.messageId === message.id);
  if (known) return;
  const kind = message.interactionId === interaction.id ? 'message' : 'update';
  interaction.answers.push({ kind, messageId: message.id, firstSeen: structuredClone(message) });
}

function remove(call: Call): Answer {
  const interaction = interactionOf(call);
  const message = messageOf(call, interaction);
  if (message.id === interaction.originalId) interaction.loading = false;
  removeMessage(call.world, message);
  return { status: 204 };
}

function followUp(call: Call): Answer {
  const { world, body, request } = call;
  const interaction = interactionOf(call);
  const original = world.findMessage(interaction.originalId ?? '');
  if (interaction.loading && original) {
    // Documented for old times' sake: right after a deferred answer a follow-up settles it, its privacy unchanged.
    const { flags, ...rest } = body;
    const kept = typeof flags === 'number' ? { flags: flags & ~FLAG.Ephemeral } : {};
    change({ ...call, body: { ...rest, ...kept } }, interaction, original);
    return { status: 200, body: messagePayload(world, original) };
  }
  const channel = world.channels.get(interaction.channelId);
  if (!channel) throw refuse('unknownChannel');
  const isPrivate = (Number(body['flags'] ?? 0) & FLAG.Ephemeral) !== 0;
  const message = createMessage(world, {
    channel,
    body,
    use: USE.answer,
    files: request.files,
    interactionId: interaction.id,
    ...(interaction.originalId === undefined ? {} : { repliesTo: interaction.originalId, type: 19 }),
    ...(isPrivate ? { privateTo: interaction.userId } : {}),
  });
  interaction.answers.push({ kind: 'message', messageId: message.id, firstSeen: structuredClone(message) });
  return { status: 200, body: messagePayload(world, message) };
}

/** What comes after the first answer: editing it, following it up, taking it back. */
export const webhookRoutes = [
  openRoute('POST', '/webhooks/:application/:token', followUp),
  openRoute('GET', '/webhooks/:application/:token/messages/:message', read),
  openRoute('PATCH', '/webhooks/:application/:token/messages/:message', edit),
  openRoute('DELETE', '/webhooks/:application/:token/messages/:message', remove),
];
