import { type APIRole, type APITextChannel, ChannelType } from 'discord.js';
import type { Params } from '../errors.js';
import { permissionsIn } from './channel-permissions.js';
import { label } from './escape.js';
import { neededPermissions } from './invite.js';

export type PreflightCode =
  | 'tokenRefused'
  | 'notInServer'
  | 'roleUnknown'
  | 'roleEverybody'
  | 'roleNotPinged'
  | 'channelUnknown'
  | 'channelHidden'
  | 'channelElsewhere'
  | 'channelNotText'
  | 'channelPermissions'
  | 'channelPublic';

/** Something to tell the person who set the bot up; its sentence is in the locales under `preflight`. */
export interface Finding {
  readonly code: PreflightCode;
  readonly severity: 'problem' | 'warning';
  readonly params: Params;
}

/** The Discord server as the bot has read it. */
export interface GuildView {
  readonly guildId: string;
  readonly roles: readonly APIRole[];
  readonly bot: { readonly id: string; readonly roles: readonly string[] };
}

type Overwrites = Parameters<typeof permissionsIn>[0];

/** By their names in Discord's settings, for people who look for them there. */
const permissionNames: Record<(typeof neededPermissions)[number], string> = {
  ViewChannel: 'View Channel',
  SendMessages: 'Send Messages',
  EmbedLinks: 'Embed Links',
  AttachFiles: 'Attach Files',
  ReadMessageHistory: 'Read Message History',
};

/** Whether the roles exist, are not everybody's, and can be pinged in the admin channel. */
export function lookAtRoles(
  guild: GuildView,
  configured: { readonly adminRoleIds: readonly string[]; readonly helperRoleIds: readonly string[] },
  channel: Overwrites,
): Finding[] {
  const named = [
    ...configured.adminRoleIds.map((id) => ({ id, variable: 'DISCORD_ADMIN_ROLE_IDS' })),
    ...configured.helperRoleIds.map((id) => ({ id, variable: 'DISCORD_HELPER_ROLE_IDS' })),
  ];
  const mayPingAll = permissionsIn(channel, guild.roles, guild.guildId, guild.bot).has('MentionEveryone');
  return named.flatMap(({ id, variable }): Finding[] => {
    const role = guild.roles.find((each) => each.id === id);
    if (id === guild.guildId) return [{ code: 'roleEverybody', severity: 'problem', params: { id, variable } }];
    if (!role) return [{ code: 'roleUnknown', severity: 'problem', params: { id, variable } }];
    if (role.mentionable || mayPingAll) return [];
    return [{ code: 'roleNotPinged', severity: 'warning', params: { id, name: label(role.name), variable } }];
  });
}

/** Whether the admin channel, or the status with which Discord refused to show it, is a place the bot can work in. */
export function lookAtChannel(
  guild: GuildView,
  id: string,
  channel: APITextChannel | number,
  invite: string,
): Finding[] {
  const problem = (code: PreflightCode, params: Params = {}): Finding[] => [
    { code, severity: 'problem', params: { id, ...params } },
  ];
  if (typeof channel === 'number') return problem(channel === 403 ? 'channelHidden' : 'channelUnknown', { invite });
  const name = label(channel.name);
  if (channel.guild_id !== guild.guildId) return problem('channelElsewhere', { name });
  const types: readonly number[] = [ChannelType.GuildText, ChannelType.GuildAnnouncement];
  if (!types.includes(channel.type)) return problem('channelNotText', { name });

  const may = permissionsIn(channel, guild.roles, guild.guildId, guild.bot);
  const missing = neededPermissions.filter((permission) => !may.has(permission));
  if (missing.includes('ViewChannel')) return problem('channelHidden', { name, invite });
  const permissions = missing.map((permission) => permissionNames[permission]).join(', ');
  const everybody = permissionsIn(channel, guild.roles, guild.guildId, undefined);
  return [
    ...(missing.length > 0 ? problem('channelPermissions', { name, permissions, invite }) : []),
    ...(everybody.has('ViewChannel')
      ? [{ code: 'channelPublic', severity: 'warning', params: { id, name } } as const]
      : []),
  ];
}
