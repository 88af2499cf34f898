import { CHANNEL } from '../discord/constants.js';
import type { Interaction } from '../discord/interaction.js';
import type { Discord, JsonObject, Person } from '../discord/index.js';
import type { Message } from '../discord/model.js';
import { messagePayload } from '../discord/payloads/message.js';
import type { OpenAct, Payload, RoleName, SeenChannel, SeenEntry, SeenNames, SeenPerson, State } from './shared.js';

/** When Discord's app says that the bot did not answer. */
export const failedAfterMs = 3000;

/** How many acts without an answer stay on the screens. */
const openActs = 20;

/** What all phones show of Discord: plain data, from what the bot really sent. */
export class Screen {
  readonly #dismissed = new Set<string>();

  constructor(
    private readonly discord: Discord,
    private readonly people: readonly Person[],
  ) {}

  /** Takes a private answer off its reader's screen, as Discord's "Dismiss message" does. */
  dismiss(messageId: string): void {
    this.#dismissed.add(messageId);
  }

  /** Takes all private answers off the screens, as a start of Discord's app does. */
  dismissAll(): void {
    for (const message of this.#messages()) if (message.privateTo !== undefined) this.dismiss(message.id);
  }

  /** Puts everything that phones show into `state`. */
  fill(state: State): void {
    state.set(
      'people',
      this.people.map((person) => this.#person(person)),
    );
    state.set('names', this.#names());
    state.set('channels', this.#channels());
    state.set(
      'commands',
      this.discord.commands.map(({ id, body }) => ({ id, ...body })),
    );
    const ringing = this.people.map((person) => ({
      id: person.id,
      messages: new Set(person.notifications.map(({ messageId }) => messageId)),
    }));
    for (const message of this.#messages()) {
      if (this.#dismissed.has(message.id)) continue;
      const rings = ringing.filter(({ messages }) => messages.has(message.id)).map(({ id }) => id);
      state.set(`message:${message.id}`, this.#entry(message, rings));
    }
    const acts = this.discord.interactions.slice(-openActs);
    for (const [n, interaction] of acts.entries()) {
      const open = openAct(interaction);
      const isOver = acts.slice(n + 1).some((later) => onSameMessage(later, interaction));
      if (open && !isOver) state.set(`act:${interaction.id}`, open);
    }
  }

  #messages(): Message[] {
    return [...this.discord.world.messages.values()].flat();
  }

  #entry(message: Message, rings: string[]): SeenEntry {
    const { world } = this.discord;
    const payload = messagePayload(world, message);
    // Pictures and files come from the page's own address.
    const own = JSON.stringify(payload).replaceAll(world.url.replace(/\/api$/, ''), '');
    const asked = world.interactions.get(message.interactionId ?? '');
    return {
      message: JSON.parse(own) as Payload,
      channel: message.channelId,
      seenBy: this.people.filter(({ id }) => world.canSee(id, message)).map(({ id }) => id),
      rings,
      ephemeral: message.privateTo !== undefined,
      ...(asked?.commandName !== undefined && {
        answers: { who: asked.userId, command: asked.did.replace(/^menu /, '') },
      }),
    };
  }

  #person(person: Person): SeenPerson {
    const { world, roles } = this.discord;
    const user = world.users.get(person.id);
    const held = world.guilds.get(this.discord.guildId)?.members.get(person.id)?.roles ?? [];
    const role: RoleName = held.includes(roles['admin'] ?? '')
      ? 'admin'
      : held.includes(roles['helper'] ?? '')
        ? 'helper'
        : person.name === strangersName
          ? 'stranger'
          : 'member';
    return {
      id: person.id,
      name: person.name,
      role,
      locale: user?.locale ?? 'en-US',
      refusesMessages: user?.directMessages !== 'open',
      directChannel: world.directMessagesWith(person.id).id,
    };
  }

  #names(): SeenNames {
    const { world, guildId } = this.discord;
    const guild = world.guilds.get(guildId);
    const roles = [...(guild?.roles.values() ?? [])];
    return {
      guild: guild?.name ?? '',
      guildId,
      botId: world.botUserId,
      users: Object.fromEntries([...world.users.values()].map(({ id, username }) => [id, username])),
      roles: Object.fromEntries(roles.map(({ id, name }) => [id, name])),
    };
  }

  #channels(): SeenChannel[] {
    const { world } = this.discord;
    const shown = [...world.channels.values()].filter(({ type }) => type !== CHANNEL.GuildCategory);
    return shown.map((channel) => ({
      id: channel.id,
      name: channel.name,
      type: channel.type,
      seenBy: this.people.filter(({ id }) => world.may(id, channel, 'ViewChannel')).map(({ id }) => id),
    }));
  }

  /** A file that the bot sent, by its address on the page. */
  file(path: string): { bytes: Buffer; contentType: string; filename: string } | undefined {
    const [channelId = '', id = ''] = path.split('/').filter(Boolean).slice(1);
    const found = this.discord.world.messagesIn(channelId).flatMap(({ attachments }) => attachments);
    return found.find((attachment) => attachment.id === id);
  }
}

/** The one whom nobody has linked, and who owns no account. */
export const strangersName = 'Sam';

function openAct(interaction: Interaction): OpenAct | undefined {
  const { acknowledged, answers, type, createdAt } = interaction;
  if (acknowledged || answers.length > 0 || type === autocomplete) return undefined;
  return {
    who: interaction.userId,
    channel: interaction.channelId,
    state: Date.now() - createdAt > failedAfterMs ? 'failed' : 'pending',
    ...(interaction.sourceMessageId !== undefined && { message: interaction.sourceMessageId }),
    ...(interaction.customId !== undefined && { customId: interaction.customId }),
    ...(interaction.commandName !== undefined && { command: interaction.did }),
  };
}

/** What failed on a message is said until the same person does something on it again. */
function onSameMessage(one: Interaction, other: Interaction): boolean {
  const { sourceMessageId, userId } = other;
  return sourceMessageId !== undefined && one.sourceMessageId === sourceMessageId && one.userId === userId;
}

const autocomplete = 4;

/** The commands as Discord keeps them. */
export type CommandBody = JsonObject;
