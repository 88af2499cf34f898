import { CHANNEL, PERMISSIONS, type PermissionName } from './constants.js';
import type { Interaction } from './interaction.js';
import type { Json, JsonObject } from './json.js';
import type { Channel, Guild, Message, StoredCommand, User } from './model.js';
import { channelPermissions } from './permissions.js';
import { Snowflakes } from './snowflake.js';
import { Changes } from './waiting.js';

/** Sends a gateway event to the bot; `intent` is the bit that the bot must have asked for, if any. */
type Dispatch = (event: string, data: Json, intent?: number) => void;

interface Limits {
  /** Milliseconds in which an interaction must be acknowledged. */
  ackWithinMs: number;
  /** Milliseconds for which an interaction's token works. */
  tokenLivesMs: number;
  /** When set, edits of messages older than an hour are refused with 30046, and this HTTP status. */
  refuseOldEdits: 400 | 429 | undefined;
}

/** Everything that exists in the loopback Discord: plain data, and the few questions that all parts ask of it. */
export class World {
  readonly snowflakes = new Snowflakes();
  readonly changes = new Changes();
  readonly users = new Map<string, User>();
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, Channel>();
  readonly messages = new Map<string, Message[]>();
  readonly commands = new Map<string, StoredCommand>();
  /** By id. */
  readonly interactions = new Map<string, Interaction>();
  readonly interactionsByToken = new Map<string, Interaction>();
  readonly applicationId = this.snowflakes.next();
  readonly botUserId = this.applicationId;
  /** The application's profile: its text, whether it has a picture, what it asks for when somebody adds it from there. */
  readonly profile: { description: string; hasIcon: boolean; install: JsonObject } = {
    description: '',
    hasIcon: false,
    install: { '0': {} },
  };
  url = '';
  dispatch: Dispatch = () => undefined;

  constructor(
    readonly token: string,
    readonly limits: Limits,
  ) {}

  /** The server that a channel belongs to; undefined for a direct message. */
  guildOf(channel: Channel): Guild | undefined {
    return channel.guildId === undefined ? undefined : this.guilds.get(channel.guildId);
  }

  /** Whether a user has a permission in a channel; in a direct message both ends may do everything. */
  may(userId: string, channel: Channel, permission: PermissionName): boolean {
    const guild = this.guildOf(channel);
    if (!guild) return userId === this.botUserId || userId === channel.recipientId;
    return (channelPermissions(guild, channel, userId) & PERMISSIONS[permission]) !== 0n;
  }

  /** The direct message channel between the bot and a user, made when there is none yet. */
  directMessagesWith(userId: string): Channel {
    for (const channel of this.channels.values()) if (channel.recipientId === userId) return channel;
    const channel: Channel = {
      id: this.snowflakes.next(),
      type: CHANNEL.Dm,
      name: '',
      position: 0,
      overwrites: [],
      recipientId: userId,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** All messages of a channel that exist, oldest first, the ones only one person sees included. */
  messagesIn(channelId: string): Message[] {
    return this.messages.get(channelId) ?? [];
  }

  findMessage(messageId: string): Message | undefined {
    for (const list of this.messages.values()) {
      const found = list.find((message) => message.id === messageId);
      if (found) return found;
    }
    return undefined;
  }

  /** Whether a person can see a message on their screen. */
  canSee(userId: string, message: Message): boolean {
    const channel = this.channels.get(message.channelId);
    if (!channel) return false;
    if (message.privateTo !== undefined) return message.privateTo === userId;
    return this.may(userId, channel, 'ViewChannel');
  }
}
