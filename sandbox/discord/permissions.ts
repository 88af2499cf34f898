import { PERMISSIONS, type PermissionName } from './constants.js';
import type { Channel, Guild, Overwrite } from './model.js';

const ALL = Object.values(PERMISSIONS).reduce((sum, bit) => sum | bit, 0n);

/** The bits of the named permissions together. */
export function bits(names: readonly PermissionName[]): bigint {
  return names.reduce((sum, name) => sum | PERMISSIONS[name], 0n);
}

/** What a member may do in the whole server, from their roles. */
export function guildPermissions(guild: Guild, userId: string): bigint {
  const member = guild.members.get(userId);
  if (!member) return 0n;
  if (guild.ownerId === userId) return ALL;
  const own = [guild.id, ...member.roles].reduce((sum, id) => sum | (guild.roles.get(id)?.permissions ?? 0n), 0n);
  return own & PERMISSIONS.Administrator ? ALL : own;
}

/** What a member may do in one channel: roles first, then the channel's overwrites in Discord's documented order. */
export function channelPermissions(guild: Guild, channel: Channel, userId: string): bigint {
  const member = guild.members.get(userId);
  let allowed = guildPermissions(guild, userId);
  if (!member || allowed === ALL) return allowed;
  const apply = (overwrites: Overwrite[]) => {
    const deny = overwrites.reduce((sum, overwrite) => sum | overwrite.deny, 0n);
    const allow = overwrites.reduce((sum, overwrite) => sum | overwrite.allow, 0n);
    allowed = (allowed & ~deny) | allow;
  };
  apply(channel.overwrites.filter((o) => o.kind === 'role' && o.id === guild.id));
  apply(channel.overwrites.filter((o) => o.kind === 'role' && member.roles.includes(o.id)));
  apply(channel.overwrites.filter((o) => o.kind === 'member' && o.id === userId));
  return allowed & PERMISSIONS.ViewChannel ? allowed : 0n;
}
