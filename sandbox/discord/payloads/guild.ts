import { CHANNEL } from '../constants.js';
import type { JsonObject } from '../json.js';
import type { Channel, Guild, Member, Role } from '../model.js';
import { channelPermissions } from '../permissions.js';
import type { World } from '../state.js';
import { userPayload } from './user.js';

export function rolePayload(role: Role): JsonObject {
  return {
    id: role.id,
    name: role.name,
    description: null,
    permissions: role.permissions.toString(),
    position: role.position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: role.botId !== undefined,
    mentionable: role.mentionable,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(role.botId === undefined ? {} : { tags: { bot_id: role.botId, integration_id: role.id } }),
  };
}

/** A member with its user; `withUser` false gives the partial that stands beside a user in resolved data. */
export function memberPayload(world: World, member: Member, withUser = true): JsonObject {
  const user = world.users.get(member.userId);
  return {
    ...(withUser && user ? { user: userPayload(user) } : {}),
    nick: member.nick ?? null,
    avatar: null,
    banner: null,
    avatar_decoration_data: null,
    roles: [...member.roles],
    joined_at: member.joinedAt,
    premium_since: null,
    deaf: false,
    mute: false,
    pending: false,
    communication_disabled_until: null,
    flags: 0,
  };
}

export function channelPayload(world: World, channel: Channel): JsonObject {
  const lastMessage = world
    .messagesIn(channel.id)
    .filter((message) => message.privateTo === undefined)
    .at(-1);
  const shared = { id: channel.id, type: channel.type, flags: 0, last_message_id: lastMessage?.id ?? null };
  if (channel.guildId === undefined) {
    const recipient = world.users.get(channel.recipientId ?? '');
    return { ...shared, recipients: recipient ? [userPayload(recipient)] : [] };
  }
  if (channel.parentId !== undefined) {
    return {
      ...shared,
      guild_id: channel.guildId,
      name: channel.name,
      parent_id: channel.parentId,
      owner_id: world.botUserId,
      rate_limit_per_user: 0,
      message_count: 0,
      member_count: 1,
      total_message_sent: 0,
      thread_metadata: {
        archived: false,
        auto_archive_duration: 1440,
        archive_timestamp: new Date().toISOString(),
        locked: false,
      },
    };
  }
  return {
    ...shared,
    guild_id: channel.guildId,
    name: channel.name,
    position: channel.position,
    parent_id: null,
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
    ...(channel.type === CHANNEL.GuildVoice ? { bitrate: 64000, user_limit: 0, rtc_region: null } : {}),
    permission_overwrites: channel.overwrites.map((overwrite) => ({
      id: overwrite.id,
      type: overwrite.kind === 'role' ? 0 : 1,
      allow: overwrite.allow.toString(),
      deny: overwrite.deny.toString(),
    })),
  };
}

/** The channel as it stands in an interaction: with the person's permissions, without overwrites. */
export function interactionChannelPayload(world: World, channel: Channel, userId: string): JsonObject {
  const { permission_overwrites: _, ...payload } = channelPayload(world, channel);
  const guild = world.guildOf(channel);
  return guild ? { ...payload, permissions: channelPermissions(guild, channel, userId).toString() } : payload;
}

export function guildPayload(guild: Guild): JsonObject {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: guild.ownerId,
    application_id: null,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 1,
    roles: [...guild.roles.values()].map(rolePayload),
    default_message_notifications: 1,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: guild.locale,
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
  };
}

/** The event with which a server becomes available; without the members intent it holds the bot's own member only. */
export function guildCreate(world: World, guild: Guild): JsonObject {
  const bot = guild.members.get(world.botUserId);
  const own = [...world.channels.values()].filter((channel) => channel.guildId === guild.id);
  const channels = own.filter(({ parentId }) => parentId === undefined);
  const threads = own.filter(({ parentId }) => parentId !== undefined);
  return {
    ...guildPayload(guild),
    joined_at: bot?.joinedAt ?? new Date().toISOString(),
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    members: bot ? [memberPayload(world, bot)] : [],
    channels: channels.map((channel) => channelPayload(world, channel)),
    threads: threads.map((thread) => channelPayload(world, thread)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    activity_instances: [],
    embedded_activities: [],
  };
}
