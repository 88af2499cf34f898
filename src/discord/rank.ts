import type { Rank } from '../services/members/actor.js';

export interface Roles {
  readonly adminRoleIds: readonly string[];
  readonly helperRoleIds: readonly string[];
}

/** What somebody's roles make of them. */
export function rankOf(roleIds: readonly string[], { adminRoleIds, helperRoleIds }: Roles): Rank {
  if (roleIds.some((id) => adminRoleIds.includes(id))) return 'admin';
  return roleIds.some((id) => helperRoleIds.includes(id)) ? 'helper' : 'member';
}
