import {
  type APIGuild,
  type APIGuildMember,
  type APIRole,
  type APITextChannel,
  type APIUser,
  ChannelType,
  DiscordAPIError,
  HTTPError,
  OAuth2Scopes,
  PermissionsBitField,
  type PermissionsString,
  type REST,
  Routes,
} from 'discord.js';
import type { Params } from '../errors.js';
import type { Say } from '../words.js';
import { permissionsIn } from './channel-permissions.js';
import { label } from './escape.js';
import { withRetry } from './messenger.js';

type PreflightCode =
  | 'tokenRefused'
  | 'notInServer'
  | 'roleUnknown'
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
  readonly params: Params;
  /** What the bot still needs. */
  readonly missing?: readonly NeededPermission[];
}

/** Says a finding, with the permissions as Discord's settings call them in that language. */
export function findingSentence(t: Say, { code, params, missing = [] }: Finding): string {
  return t(`preflight.${code}`, { ...params, permissions: permissionNames(t, missing) });
}

/** Permissions as Discord's settings call them. */
export function permissionNames(t: Say, permissions: readonly NeededPermission[]): string {
  return permissions.map((each) => t(`permissions.${each}`)).join(', ');
}

const warnings: readonly PreflightCode[] = ['roleNotPinged', 'channelPublic'];

/** Whether the bot can do its work all the same; with any other finding it does not start. */
export const isWarning = ({ code }: Finding): boolean => warnings.includes(code);

export interface PreflightOptions {
  readonly rest: REST;
  readonly guildId: string;
  readonly adminRoleIds: readonly string[];
  readonly helperRoleIds: readonly string[];
  readonly adminChannelId: string;
  readonly retryPausesMs?: readonly number[] | undefined;
}

interface Preflight {
  readonly findings: readonly Finding[];
  /** Undefined when the token was refused. */
  readonly ids?: { readonly applicationId: string; readonly botId: string };
  /** Undefined when the bot is not in the server. */
  readonly adminChannel?: AdminChannelSeen;
}

/** Whether the bot cannot write in the admin channel, and which of the configured roles are not there. */
interface AdminChannelSeen {
  readonly isClosed: boolean;
  readonly goneRoleIds: readonly string[];
}

/** A route's answer, or the status with which Discord refused it. */
type Asked<T> = T | 401 | 403 | 404;

/**
 * Looks at what the bot was given: token, server, roles and admin channel. Five reads, no gateway.
 * Throws when Discord cannot be asked (network, 5xx): that says nothing about the set-up, and trying again may help.
 */
export async function preflight(options: PreflightOptions): Promise<Preflight> {
  const { guildId } = options;
  const me = await ask<APIUser>(options, Routes.user());
  if (typeof me === 'number') return { findings: [{ code: 'tokenRefused', params: {} }] };

  const botId = me.id;
  const [application, guild, member, channel] = await Promise.all([
    ask<{ id: string }>(options, Routes.currentApplication()),
    ask<APIGuild>(options, Routes.guild(guildId)),
    ask<APIGuildMember>(options, Routes.guildMember(guildId, botId)),
    ask<APITextChannel>(options, Routes.channel(options.adminChannelId)),
  ]);
  // A bot's user and its application have had the same id since 2016.
  const applicationId = typeof application === 'number' ? botId : application.id;
  const ids = { applicationId, botId };
  if (typeof guild === 'number' || typeof member === 'number') {
    const params = { guildId, invite: inviteLink(applicationId, guildId) };
    return { ids, findings: [{ code: 'notInServer', params }] };
  }

  const view = { guildId, roles: guild.roles, bot: { id: botId, roles: member.roles } };
  const roles = lookAtRoles(view, options, typeof channel === 'number' ? {} : channel);
  const place = lookAtChannel(view, options.adminChannelId, channel);
  const goneRoleIds = roles.filter(({ code }) => code === 'roleUnknown').map(({ params }) => String(params['id']));
  const isClosed = place.some((each) => !isWarning(each) && !canPostAllTheSame(each));
  return { ids, findings: [...roles, ...place], adminChannel: { isClosed, goneRoleIds } };
}

async function ask<T>({ rest, retryPausesMs }: PreflightOptions, route: `/${string}`): Promise<Asked<T>> {
  try {
    // One cut connection is no reason not to start.
    return (await withRetry(() => rest.get(route), isNoAnswer, retryPausesMs)) as T;
  } catch (error) {
    const status = error instanceof DiscordAPIError ? error.status : undefined;
    if (status === 401 || status === 403 || status === 404) return status;
    throw error;
  }
}

/** discord.js itself tries again after a 5xx. */
function isNoAnswer(error: unknown): boolean {
  return !(error instanceof DiscordAPIError || error instanceof HTTPError);
}

/** The Discord server as the bot has read it. */
export interface GuildView {
  readonly guildId: string;
  readonly roles: readonly APIRole[];
  readonly bot: { readonly id: string; readonly roles: readonly string[] };
}

type Overwrites = Parameters<typeof permissionsIn>[0];

/** What the bot does in channels, and nothing more: pings of a role that is not open to everybody are the server's choice. */
const needed = [
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
] as const satisfies readonly PermissionsString[];
type NeededPermission = (typeof needed)[number];

/** Whether the roles exist, and can be pinged in the admin channel. */
function lookAtRoles(
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
    if (!role) return [{ code: 'roleUnknown', params: { id, variable } }];
    if (role.mentionable || mayPingAll) return [];
    return [{ code: 'roleNotPinged', params: { id, name: label(role.name), variable } }];
  });
}

/** Whether the bot can work in the admin channel; a number is the status with which Discord refused to show it. */
function lookAtChannel(guild: GuildView, id: string, channel: APITextChannel | number): Finding[] {
  const found = (code: PreflightCode, params: Params = {}): Finding[] => [{ code, params: { id, ...params } }];
  const hidden: Finding[] = [{ code: 'channelHidden', params: { id }, missing: needed }];
  if (typeof channel === 'number') return channel === 403 ? hidden : found('channelUnknown');
  const name = label(channel.name);
  if (channel.guild_id !== guild.guildId) return found('channelElsewhere', { name });
  const types: readonly number[] = [ChannelType.GuildText, ChannelType.GuildAnnouncement];
  if (!types.includes(channel.type)) return found('channelNotText', { name });

  const { missing, isPublic } = accessTo(guild, channel);
  return [
    ...(missing.length > 0 ? [{ code: 'channelPermissions', params: { id, name }, missing } as const] : []),
    ...(isPublic ? found('channelPublic', { name }) : []),
  ];
}

/** Files and old messages are not needed for a request's card. */
function canPostAllTheSame({ code, missing = [] }: Finding): boolean {
  return code === 'channelPermissions' && !missing.includes('SendMessages') && !missing.includes('EmbedLinks');
}

/** What the bot still needs in a channel, and whether everybody in the server reads it. */
export function accessTo(guild: GuildView, channel: Overwrites): ChannelAccess {
  const may = permissionsIn(channel, guild.roles, guild.guildId, guild.bot);
  const everybody = permissionsIn(channel, guild.roles, guild.guildId, undefined);
  const missing = needed.filter((permission) => !may.has(permission));
  const mayPin = may.has('PinMessages');
  return { missing, mayPin, isPublic: everybody.has('ViewChannel') };
}

export interface ChannelAccess {
  readonly missing: readonly NeededPermission[];
  readonly mayPin: boolean;
  readonly isPublic: boolean;
}

/** What the bot asks for when it is added to a server; the application's settings hold the same under this name. */
export const installSettings = () => ({
  scopes: [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands],
  permissions: PermissionsBitField.resolve([...needed, 'PinMessages']).toString(),
});

/**
 * The link that adds the bot to this server, or to one that is chosen there, with exactly the permissions needed, and the one to pin its status card,
 * without which people have to pin that themselves.
 */
export function inviteLink(applicationId: string, guildId?: string): string {
  const link = new URL('https://discord.com/oauth2/authorize');
  const { scopes, permissions } = installSettings();
  link.search = new URLSearchParams({
    client_id: applicationId,
    scope: scopes.join(' '),
    permissions,
    ...(guildId === undefined ? {} : { guild_id: guildId, disable_guild_select: 'true' }),
  }).toString();
  return link.href;
}
