import { CHANNEL, type PermissionName } from './constants.js';
import type { Channel, Guild, Overwrite, Role } from './model.js';
import { channelPayload, guildCreate, memberPayload, rolePayload } from './payloads/guild.js';
import { bits } from './permissions.js';
import type { World } from './state.js';

interface OverwriteOptions {
  allow?: readonly PermissionName[];
  deny?: readonly PermissionName[];
}

/** The household's server with its roles and channels, and what the bot may do in it. */
export class Household {
  /** Ids by the names they were added with. */
  readonly roles: Record<string, string> = {};
  guildId = '';
  adminChannelId = '';
  generalChannelId = '';

  /** `world`: all that exists, for the rare test that no method serves. */
  constructor(readonly world: World) {}

  get botUserId(): string {
    return this.world.botUserId;
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

  /** Adds a thread to a channel; returns its id. Who sees a private one is not looked at: whoever sees its channel does. */
  addThread(name: string, parentId: string, options: { private?: boolean } = {}): string {
    const parent = this.channel(parentId);
    const thread: Channel = {
      id: this.world.snowflakes.next(),
      type: options.private ? CHANNEL.PrivateThread : CHANNEL.PublicThread,
      name,
      position: 0,
      get overwrites() {
        return parent.overwrites;
      },
      parentId,
      ...(parent.guildId !== undefined && { guildId: parent.guildId }),
    };
    this.world.channels.set(thread.id, thread);
    this.world.dispatch('THREAD_CREATE', { ...channelPayload(this.world, thread), newly_created: true }, 1);
    return thread.id;
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

  /** The server goes away for a while, as in an outage of Discord; the bot is still in it. */
  startOutage(): void {
    this.world.dispatch('GUILD_DELETE', { id: this.guildId, unavailable: true }, 1);
  }

  /** The server is back. */
  endOutage(): void {
    this.world.dispatch('GUILD_CREATE', guildCreate(this.world, this.guild()), 1);
  }

  /** Throws the bot out of the household's server. */
  removeBotFromGuild(): void {
    this.guild().members.delete(this.botUserId);
    this.world.dispatch('GUILD_DELETE', { id: this.guildId }, 1);
  }

  /** Lets the bot into the household's server, with the role that Discord makes for it. */
  addBotToGuild(): void {
    const own = [...this.guild().roles.values()].filter(({ botId }) => botId === this.botUserId).map(({ id }) => id);
    const joinedAt = new Date().toISOString();
    this.guild().members.set(this.botUserId, { userId: this.botUserId, roles: own, joinedAt });
    this.world.dispatch('GUILD_CREATE', guildCreate(this.world, this.guild()), 1);
  }

  protected guild(): Guild {
    const guild = this.world.guilds.get(this.guildId);
    if (!guild) throw new Error('The server is gone');
    return guild;
  }

  protected channel(id: string): Channel {
    const channel = this.world.channels.get(id);
    if (!channel) throw new Error(`There is no channel ${id}`);
    return channel;
  }

  private overwrite(id: string, options: OverwriteOptions): Overwrite {
    const isRole = [...this.world.guilds.values()].some((guild) => guild.roles.has(id));
    return { id, kind: isRole ? 'role' : 'member', allow: bits(options.allow ?? []), deny: bits(options.deny ?? []) };
  }
}
