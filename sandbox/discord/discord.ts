import type { Server } from 'node:http';
import { CALLBACK } from './constants.js';
import type { Faults } from './faults.js';
import type { Gateway } from './gateway.js';
import type { Interaction } from './interaction.js';
import { removeMessage } from './messages.js';
import { Household } from './household.js';
import { makeGuild } from './make-guild.js';
import type { DirectMessages, StoredCommand } from './model.js';
import { guildCreate } from './payloads/guild.js';
import { Person } from './person/person.js';
import { SeenMessage } from './person/seen-message.js';
import type { RateLimits } from './rate-limits.js';
import type { RecordedRequest, RequestListener, RequestLog } from './request-log.js';
import type { World } from './state.js';

interface DiscordParts {
  world: World;
  server: Server;
  gateway: Gateway;
  faults: Faults;
  rateLimits: RateLimits;
  log: RequestLog;
  mistakes: string[];
}

interface PersonOptions {
  /** Role ids. */
  roles?: readonly string[];
  id?: string;
  locale?: string;
  /** true: refused with 50007; or the code to refuse with. */
  dmsClosed?: boolean | 50007 | 50278;
  /** Another server than the household's, with a channel of it to type in. */
  guild?: { guildId: string; channelId: string };
}

/** Discord as far as one bot and one household can see it: made by startDiscord, changed by tests. */
export class Discord extends Household {
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly gateway: Gateway;
  /** What no route knew, and failures of the stand-in itself: a test run should end with none. */
  readonly mistakes: string[];

  constructor(private readonly parts: DiscordParts) {
    super(parts.world);
    this.faults = parts.faults;
    this.rateLimits = parts.rateLimits;
    this.gateway = parts.gateway;
    this.mistakes = parts.mistakes;
  }

  /** The address for discord.js's `rest.api`: `http://127.0.0.1:port/api`. */
  get url(): string {
    return this.world.url;
  }
  get token(): string {
    return this.world.token;
  }
  get applicationId(): string {
    return this.world.applicationId;
  }
  get requests(): RecordedRequest[] {
    return this.parts.log.all;
  }
  get commands(): StoredCommand[] {
    return [...this.world.commands.values()];
  }

  /** Calls the listener for every REST request of the bot once its answer is known; returns what ends it. */
  onRequest(listener: RequestListener): () => void {
    return this.parts.log.listen(listener);
  }

  /** Adds a person, in the household's server unless told otherwise. */
  addPerson(name: string, options: PersonOptions = {}): Person {
    const closed = options.dmsClosed ?? false;
    const directMessages: DirectMessages = closed === false ? 'open' : closed === true ? 50007 : closed;
    const user = {
      id: options.id ?? this.world.snowflakes.next(),
      username: name,
      bot: false,
      locale: options.locale ?? 'en-US',
      directMessages,
    };
    const home = options.guild ?? { guildId: this.guildId, channelId: this.generalChannelId };
    this.world.users.set(user.id, user);
    this.join(home.guildId, user.id, options.roles ?? []);
    return new Person(this.world, { guildId: home.guildId, generalChannelId: home.channelId }, user);
  }

  /** Adds another bot's user to the server and returns its id. */
  addBot(name: string): string {
    const id = this.world.snowflakes.next();
    this.world.users.set(id, { id, username: name, bot: true, locale: 'en-US', directMessages: 'open' });
    this.join(this.guildId, id, []);
    return id;
  }

  /** Adds another server that the bot is in, with one channel; people of it are added with `addPerson(name, { guild })`. */
  addOtherGuild(name = 'Another server'): { guildId: string; channelId: string } {
    const guild = makeGuild(this.world, name);
    const channelId = this.addChannel('lobby', { guildId: guild.id });
    this.world.dispatch('GUILD_CREATE', guildCreate(this.world, guild), 1);
    return { guildId: guild.id, channelId };
  }

  /** The messages of a channel that everybody in it can see, oldest first. */
  messagesIn(channelId: string): SeenMessage[] {
    const all = this.world.messagesIn(channelId).filter((message) => message.privateTo === undefined);
    return all.map((message) => new SeenMessage(message));
  }

  deleteMessage(messageId: string): void {
    const message = this.world.findMessage(messageId);
    if (!message) throw new Error(`There is no message ${messageId}`);
    removeMessage(this.world, message);
    this.world.changes.announce();
  }

  /** Makes a message older than it is. */
  ageMessage(messageId: string, milliseconds: number): void {
    const message = this.world.findMessage(messageId);
    if (!message) throw new Error(`There is no message ${messageId}`);
    message.createdAt -= milliseconds;
  }

  /** Refuses edits of messages older than an hour with 30046 from now on; undefined allows them again. */
  refuseOldEdits(status: 400 | 429 | undefined): void {
    this.world.limits.refuseOldEdits = status;
  }

  /** All interactions, oldest first. */
  get interactions(): Interaction[] {
    return [...this.world.interactions.values()];
  }

  /** Interactions that were answered by more than one message, update, modal or list, or acknowledged again. */
  answeredTwice(): Interaction[] {
    return this.interactions.filter(
      (each) => each.answers.length > 1 || (each.refusedCallbacks > 0 && each.acknowledged !== undefined),
    );
  }

  /**
   * Interactions that were never acknowledged, or acknowledged and then left without an answer. A press whose message was
   * changed or taken away afterwards, by whatever call, has its answer.
   */
  unanswered(): Interaction[] {
    return this.interactions.filter((each) => each.answers.length === 0 && !this.changedSince(each));
  }

  private changedSince({ acknowledged, sourceMessageId }: Interaction): boolean {
    if (acknowledged?.callback !== CALLBACK.DeferredUpdate || sourceMessageId === undefined) return false;
    const message = this.world.findMessage(sourceMessageId);
    return message === undefined || (message.editedAt ?? 0) >= acknowledged.at;
  }

  /** Waits until `look` finds something, looking again whenever anything changes here. */
  until<T>(look: () => T | undefined, what: string, within = 30_000): Promise<T> {
    return this.world.changes.until(look, () => `Never came true: ${what}`, within);
  }

  /** Ends every connection and the server. */
  async close(): Promise<void> {
    this.faults.clear();
    this.world.changes.end();
    this.gateway.close();
    this.parts.server.closeAllConnections();
    await new Promise<void>((resolve) => this.parts.server.close(() => resolve()));
  }

  private join(guildId: string, userId: string, roles: readonly string[]): void {
    const guild = this.world.guilds.get(guildId);
    if (!guild) throw new Error(`There is no server ${guildId}`);
    guild.members.set(userId, { userId, roles: [...roles], joinedAt: new Date().toISOString() });
  }
}
