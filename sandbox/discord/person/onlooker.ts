import { FLAG } from '../constants.js';
import type { Channel, Component, Message, User } from '../model.js';
import { flatten } from '../payloads/components.js';
import { reaches } from '../pings.js';
import type { World } from '../state.js';
import type { HasId } from './command-data.js';
import { SeenMessage } from './seen-message.js';

const DEADLINE = 30_000;

/** Where something is done: `'dm'`, the direct messages with the bot, or a channel's id; to read, also `'ephemeral'`. */
export type ChannelName = string;

interface Notification {
  channelId: string;
  messageId: string;
  /** What a lock screen shows: the first 200 characters of the content; nothing for a message of Components V2. */
  preview: string;
}

/** What one person has on their screen, and whether their phone made a sound. */
export class Onlooker {
  constructor(
    protected readonly world: World,
    protected readonly home: { guildId: string; generalChannelId: string },
    protected readonly user: User,
  ) {}

  get id(): string {
    return this.user.id;
  }
  get name(): string {
    return this.user.username;
  }
  get mention(): string {
    return `<@${this.user.id}>`;
  }

  /** What is on the screen in one place, everywhere when none is named; each message is a list of lines. */
  reads(where: { in?: ChannelName } = {}): string[][] {
    return this.messages(where).map((message) => message.lines);
  }

  /** The same as messages, oldest first. */
  messages(where: { in?: ChannelName } = {}): SeenMessage[] {
    const channelId = where.in === undefined || where.in === 'ephemeral' ? undefined : this.place(where.in).id;
    return this.visible()
      .filter((message) =>
        where.in === 'ephemeral'
          ? message.privateTo !== undefined
          : channelId === undefined || message.channelId === channelId,
      )
      .map((message) => new SeenMessage(message));
  }

  /** The direct messages with the bot, oldest first. */
  directMessages(): SeenMessage[] {
    return this.messages({ in: 'dm' });
  }

  /** Waits until something on the screen matches, and returns the newest message that does. */
  sees(pattern: RegExp | string, options: { within?: number; in?: ChannelName } = {}): Promise<SeenMessage> {
    const fits = (text: string) => (typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text));
    const where = options.in === undefined ? {} : { in: options.in };
    return this.until(
      () => this.messages(where).findLast((message) => fits(message.text)),
      `does not see ${String(pattern)}`,
      options.within,
    );
  }

  /** What the phone has shown on its lock screen, oldest first: direct messages, and messages that ping this person. */
  get notifications(): Notification[] {
    return this.visible()
      .filter((message) => this.rings(message))
      .map((message) => ({
        channelId: message.channelId,
        messageId: message.id,
        preview: [...message.content].slice(0, 200).join(''),
      }));
  }

  /** The screen as text, for messages of failed tests. */
  screen(): string {
    const blocks = this.messages()
      .slice(-8)
      .map((message) => message.lines.map((line) => `    ${line}`).join('\n'));
    return blocks.length === 0 ? '    (nothing)' : blocks.join('\n    ·\n');
  }

  protected controls(on?: HasId): { message: Message; component: Component }[] {
    return this.visible()
      .reverse()
      .filter((message) => on === undefined || message.id === on.id)
      .flatMap((message) => flatten(message.components).map((component) => ({ message, component })))
      .filter(({ component }) => component.custom_id !== undefined && component.disabled !== true);
  }

  protected place(where: ChannelName | undefined): Channel {
    const channel =
      where === 'dm'
        ? this.world.directMessagesWith(this.id)
        : this.world.channels.get(where ?? this.home.generalChannelId);
    if (!channel) throw new Error(`There is no channel ${String(where)}`);
    if (!this.world.may(this.id, channel, 'ViewChannel'))
      throw new Error(`${this.name} cannot see the channel ${channel.name}`);
    return channel;
  }

  protected until<T>(look: () => T | undefined, failure: string, within = DEADLINE): Promise<T> {
    return this.world.changes.until(look, () => `${this.name} ${failure}. On the screen:\n${this.screen()}`, within);
  }

  private rings(message: Message): boolean {
    const channel = this.world.channels.get(message.channelId);
    if (!channel || message.privateTo !== undefined || (message.flags & FLAG.SuppressNotifications) !== 0) return false;
    const isAnswer =
      message.interactionId !== undefined && this.world.interactions.get(message.interactionId)?.userId === this.id;
    return channel.recipientId === this.id ? !isAnswer : reaches(this.world, channel, message.pings, this.id);
  }

  private visible(): Message[] {
    return [...this.world.messages.values()]
      .flat()
      .filter((message) => this.world.canSee(this.id, message))
      .sort((one, other) => one.id.length - other.id.length || (one.id < other.id ? -1 : 1));
  }
}
