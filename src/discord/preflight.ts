import {
  type APIGuild,
  type APIGuildMember,
  type APIRole,
  type APITextChannel,
  type APIUser,
  DiscordAPIError,
  HTTPError,
  type REST,
  Routes,
} from 'discord.js';
import { inviteLink } from './invite.js';
import { withRetry } from './with-retry.js';
import { type Finding, lookAtChannel, lookAtRoles } from './preflight-checks.js';

export type { Finding, PreflightCode } from './preflight-checks.js';

export interface PreflightOptions {
  readonly rest: REST;
  readonly guildId: string;
  readonly adminRoleIds: readonly string[];
  readonly helperRoleIds: readonly string[];
  readonly adminChannelId: string;
  readonly retryPausesMs?: readonly number[] | undefined;
}

export interface Preflight {
  /** With any of these the bot cannot do its work, and does not start. */
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Undefined when the token was refused. */
  readonly applicationId: string | undefined;
  readonly botUserId: string | undefined;
  /** Undefined when the bot is not in the server. */
  readonly guild: { readonly name: string; readonly ownerId: string; readonly roles: readonly APIRole[] } | undefined;
}

/** A route's answer, or the status with which Discord refused it. */
type Answer<T> = { readonly body: T } | { readonly refused: 401 | 403 | 404 };

/**
 * Looks at what the bot was given: token, server, roles and admin channel. Five reads, no gateway.
 * Throws when Discord cannot be asked (network, 5xx): that says nothing about the set-up, and trying again may help.
 */
export async function preflight(options: PreflightOptions): Promise<Preflight> {
  const { guildId } = options;
  const nothing = { warnings: [], applicationId: undefined, botUserId: undefined, guild: undefined };
  const me = await ask<APIUser>(options, Routes.user());
  if ('refused' in me) return { ...nothing, problems: [{ code: 'tokenRefused', severity: 'problem', params: {} }] };

  const botUserId = me.body.id;
  const [application, guild, member, channel] = await Promise.all([
    ask<{ id: string }>(options, Routes.currentApplication()),
    ask<APIGuild>(options, Routes.guild(guildId)),
    ask<APIGuildMember>(options, Routes.guildMember(guildId, botUserId)),
    ask<APITextChannel>(options, Routes.channel(options.adminChannelId)),
  ]);
  // A bot's user and its application have had the same id since 2016.
  const applicationId = 'body' in application ? application.body.id : botUserId;
  const invite = inviteLink(applicationId, guildId);
  const known = { ...nothing, applicationId, botUserId };
  if ('refused' in guild || 'refused' in member) {
    return { ...known, problems: [{ code: 'notInServer', severity: 'problem', params: { guildId, invite } }] };
  }

  const { name, owner_id: ownerId, roles } = guild.body;
  const view = { guildId, roles, bot: { id: botUserId, roles: member.body.roles } };
  const seen = 'body' in channel ? channel.body : channel.refused;
  const findings = [
    ...lookAtRoles(view, options, typeof seen === 'object' ? seen : {}),
    ...lookAtChannel(view, options.adminChannelId, seen, invite),
  ];
  return {
    ...known,
    guild: { name, ownerId, roles },
    problems: findings.filter(({ severity }) => severity === 'problem'),
    warnings: findings.filter(({ severity }) => severity === 'warning'),
  };
}

async function ask<T>({ rest, retryPausesMs }: PreflightOptions, route: `/${string}`): Promise<Answer<T>> {
  try {
    // A connection that breaks off once is no reason not to start.
    return { body: (await withRetry(() => rest.get(route), isNoAnswer, retryPausesMs)) as T };
  } catch (error) {
    if (!(error instanceof DiscordAPIError)) throw error;
    const { status } = error;
    if (status === 401 || status === 403 || status === 404) return { refused: status };
    throw error;
  }
}

/** discord.js repeats what answers 5xx by itself. */
function isNoAnswer(error: unknown): boolean {
  return !(error instanceof DiscordAPIError || error instanceof HTTPError);
}
