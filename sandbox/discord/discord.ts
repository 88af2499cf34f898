import type { Server } from 'node:http';
import { CHANNEL, INTERACTION, PERMISSIONS, type PermissionName } from './constants.js';
import type { Faults } from './faults.js';
import type { Gateway } from './gateway.js';
import type { Interaction } from './interaction.js';
import { removeMessage } from './messages.js';
import type { Channel, DirectMessages, Guild, Overwrite, Role, StoredCommand } from './model.js';
import { channelPayload, guildCreate, memberPayload, rolePayload } from './payloads/guild.js';
import { bits } from './permissions.js';
import { Person } from './person/person.js';
import { SeenMessage } from './person/seen-message.js';
import type { RateLimits } from './rate-limits.js';
import type { RecordedRequest, RequestListener, RequestLog } from './request-log.js';
import type { World } from './state.js';

export interface DiscordParts {
  world: World;
  server: Server;
  gateway: Gateway;
  faults: Faults;
  rateLimits: RateLimits;
  log: RequestLog;
  mistakes: string[];
}

export interface OverwriteOptions {
  allow?: readonly PermissionName[];
  deny?: readonly PermissionName[];
}

export interface PersonOptions {
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
export class Discord {
  readonly roles: Record<string, string> = {};
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly gateway: Gateway;
  /** What no route knew, and failures of the stand-in itself: a test run should end with none. */
  readonly mistakes: string[];
  guildId = '';
  adminChannelId = '';
  generalChannelId = '';

  constructor(private readonly parts: DiscordParts) {
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
  get botUserId(): string {
    return this.world.botUserId;
  }
  /** All that exists, for the rare test that no method serves. */
  get world(): World {
    return this.parts.world;
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

  /** Adds a role to the server and returns its id. */
  addRole(name: string, options: { mentionable?: boolean; permissions?: readonly PermissionName[] } = {}): string {
    const guild = this.guild();
    const role: Role = {
      id: this.world.snowflakes.next(),
      name,
      permissions: bits(options.permissions ?? []),
      mentionable: options.mentionable ?? false,
      position: guild.roles.size,
    };
    guild.roles.set(role.id, role);
    this.roles[name] = role.id;
    this.world.dispatch('GUILD_ROLE_CREATE', { guild_id: guild.id, role: rolePayload(role) }, 1);
    return role.id;
  }

  setRoleMentionable(roleId: string, mentionable: boolean): void {
    const role = this.guild().roles.get(roleId);
    if (!role) throw new Error(`There is no role ${roleId}`);
    role.mentionable = mentionable;
    this.world.dispatch('GUILD_ROLE_UPDATE', { guild_id: this.guildId, role: rolePayload(role) }, 1);
  }

  /** Takes a role away from the server and from everybody. */
  deleteRole(roleId: string): void {
    this.guild().roles.delete(roleId);
    for (const member of this.guild().members.values()) member.roles = member.roles.filter((id) => id !== roleId);
    this.world.dispatch('GUILD_ROLE_DELETE', { guild_id: this.guildId, role_id: roleId }, 1);
  }

  /** Adds a channel, visible to everybody unless `overwrites` (by id of a role or member) say otherwise; returns its id. */
  addChannel(
    name: string,
    options: { type?: number; guildId?: string; overwrites?: Record<string, OverwriteOptions> } = {},
  ): string {
    const guildId = options.guildId ?? this.guildId;
    const channel: Channel = {
      id: this.world.snowflakes.next(),
      type: options.type ?? CHANNEL.GuildText,
      name,
      position: this.world.channels.size,
      overwrites: Object.entries(options.overwrites ?? {}).map(([id, each]) => this.overwrite(id, each)),
      guildId,
    };
    this.world.channels.set(channel.id, channel);
    this.world.dispatch('CHANNEL_CREATE', channelPayload(this.world, channel), 1);
    return channel.id;
  }

  deleteChannel(channelId: string): void {
    const channel = this.channel(channelId);
    this.world.channels.delete(channelId);
    this.world.messages.delete(channelId);
    this.world.dispatch('CHANNEL_DELETE', channelPayload(this.world, channel), 1);
  }

  /** Sets what a role or member may do in a channel, instead of what was set for them there before. */
  setOverwrite(channelId: string, id: string, options: OverwriteOptions): void {
    const channel = this.channel(channelId);
    channel.overwrites = [...channel.overwrites.filter((each) => each.id !== id), this.overwrite(id, options)];
    this.world.dispatch('CHANNEL_UPDATE', channelPayload(this.world, channel), 1);
  }

  /** Sets what the bot itself may do in a channel. */
  setBotOverwrite(channelId: string, options: OverwriteOptions): void {
    this.setOverwrite(channelId, this.botUserId, options);
  }

  /** Sets the roles that the bot holds beside its own. */
  setBotRoles(roleIds: readonly string[]): void {
    const member = this.guild().members.get(this.botUserId);
    if (!member) throw new Error('The bot is not in the server');
    const own = member.roles.filter((id) => this.guild().roles.get(id)?.botId !== undefined);
    member.roles = [...own, ...roleIds];
    this.world.dispatch('GUILD_MEMBER_UPDATE', { guild_id: this.guildId, ...memberPayload(this.world, member) });
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

  /** Throws the bot out of the household's server. */
  removeBotFromGuild(): void {
    this.guild().members.delete(this.botUserId);
    this.world.dispatch('GUILD_DELETE', { id: this.guildId }, 1);
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

  /** Interactions that were never acknowledged, or acknowledged and then left without an answer. */
  unanswered(): Interaction[] {
    return this.interactions.filter((each) => each.answers.length === 0);
  }

  /** Interactions that a person waits for in vain: autocompletion left out. */
  get unansweredByType(): { commands: Interaction[]; choices: Interaction[] } {
    const all = this.unanswered();
    return {
      commands: all.filter((each) => each.type !== INTERACTION.Autocomplete),
      choices: all.filter((each) => each.type === INTERACTION.Autocomplete),
    };
  }

  /** Waits until `look` finds something, looking again whenever anything changes here. */
  until<T>(look: () => T | undefined, what: string, within = 10_000): Promise<T> {
    return this.world.changes.until(look, () => `Never came true: ${what}`, within);
  }

  /** Ends every connection and the server. */
  async close(): Promise<void> {
    this.faults.clear();
    this.gateway.close();
    this.parts.server.closeAllConnections();
    await new Promise<void>((resolve) => this.parts.server.close(() => resolve()));
  }

  private guild(): Guild {
    const guild = this.world.guilds.get(this.guildId);
    if (!guild) throw new Error('The server is gone');
    return guild;
  }

  private channel(id: string): Channel {
    const channel = this.world.channels.get(id);
    if (!channel) throw new Error(`There is no channel ${id}`);
    return channel;
  }

  private join(guildId: string, userId: string, roles: readonly string[]): void {
    const guild = this.world.guilds.get(guildId);
    if (!guild) throw new Error(`There is no server ${guildId}`);
    guild.members.set(userId, { userId, roles: [...roles], joinedAt: new Date().toISOString() });
  }

  private overwrite(id: string, options: OverwriteOptions): Overwrite {
    const isRole = [...this.world.guilds.values()].some((guild) => guild.roles.has(id));
    return { id, kind: isRole ? 'role' : 'member', allow: bits(options.allow ?? []), deny: bits(options.deny ?? []) };
  }
}

const EVERYBODY: readonly PermissionName[] = [
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'AddReactions',
  'UseApplicationCommands',
];

/** A server with an owner nobody knows, everybody's role, and the bot with its own role. */
export function makeGuild(world: World, name: string): Guild {
  const id = world.snowflakes.next();
  const botRole: Role = {
    id: world.snowflakes.next(),
    name: world.users.get(world.botUserId)?.username ?? 'bot',
    permissions: bits(EVERYBODY) & ~PERMISSIONS.AddReactions,
    mentionable: false,
    position: 1,
    botId: world.botUserId,
  };
  const everybody: Role = { id, name: '@everyone', permissions: bits(EVERYBODY), mentionable: false, position: 0 };
  const guild: Guild = {
    id,
    name,
    ownerId: world.snowflakes.next(),
    locale: 'en-US',
    roles: new Map([everybody, botRole].map((role) => [role.id, role])),
    members: new Map([
      [world.botUserId, { userId: world.botUserId, roles: [botRole.id], joinedAt: new Date().toISOString() }],
    ]),
  };
  world.guilds.set(id, guild);
  return guild;
}
