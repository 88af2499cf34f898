import { type APIOverwrite, type APIRole, OverwriteType, PermissionsBitField } from 'discord.js';

const everything = PermissionsBitField.All;

/**
 * What a member may do in a channel, in Discord's order: the roles' permissions together, then the channel's overwrites for
 * everybody, for the member's roles together, and for the member. `member` is undefined for somebody without roles.
 */
export function permissionsIn(
  channel: { readonly permission_overwrites?: readonly APIOverwrite[] },
  roles: readonly APIRole[],
  guildId: string,
  member: { readonly id: string; readonly roles: readonly string[] } | undefined,
): PermissionsBitField {
  const held = new Set([guildId, ...(member?.roles ?? [])]);
  const base = roles.filter(({ id }) => held.has(id)).reduce((sum, role) => sum | BigInt(role.permissions), 0n);
  if (base & PermissionsBitField.Flags.Administrator) return new PermissionsBitField(everything);

  const overwrites = channel.permission_overwrites ?? [];
  const forRoles = overwrites.filter(({ type }) => type === OverwriteType.Role);
  const steps = [
    forRoles.filter(({ id }) => id === guildId),
    forRoles.filter(({ id }) => id !== guildId && held.has(id)),
    overwrites.filter(({ type, id }) => type === OverwriteType.Member && id === member?.id),
  ];
  const all = steps.reduce((may, step) => {
    const denied = step.reduce((sum, { deny }) => sum | BigInt(deny), 0n);
    const allowed = step.reduce((sum, { allow }) => sum | BigInt(allow), 0n);
    return (may & ~denied) | allowed;
  }, base);
  // Without View Channel no other permission counts.
  return new PermissionsBitField(all & PermissionsBitField.Flags.ViewChannel ? all : 0n);
}
