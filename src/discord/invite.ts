import { OAuth2Scopes, PermissionsBitField, type PermissionsString } from 'discord.js';

/** What the bot does in channels, and nothing more: pings of a role that is not open to everybody are the server's choice. */
export const neededPermissions = [
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
] as const satisfies readonly PermissionsString[];

/** The link that adds the bot to this server, or adds what is missing there, with exactly the permissions needed. */
export function inviteLink(applicationId: string, guildId: string): string {
  const link = new URL('https://discord.com/oauth2/authorize');
  link.search = new URLSearchParams({
    client_id: applicationId,
    scope: [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(' '),
    permissions: PermissionsBitField.resolve([...neededPermissions]).toString(),
    guild_id: guildId,
    disable_guild_select: 'true',
  }).toString();
  return link.href;
}
