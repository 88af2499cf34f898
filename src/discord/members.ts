import { DiscordAPIError, RESTJSONErrorCodes, Routes, type APIGuildMember, type REST } from 'discord.js';
import type { Rank } from '../services/members/actor.js';
import type { Members } from '../services/members/member-lookup-port.js';

export interface Roles {
  readonly adminRoleIds: readonly string[];
  readonly helperRoleIds: readonly string[];
}

/** What somebody's roles make of them. */
export function rankOf(roleIds: readonly string[], { adminRoleIds, helperRoleIds }: Roles): Rank {
  if (roleIds.some((id) => adminRoleIds.includes(id))) return 'admin';
  return roleIds.some((id) => helperRoleIds.includes(id)) ? 'helper' : 'member';
}

/** Looks members of the household's server up at Discord, never from a cache. */
export class RestMembers implements Members {
  constructor(
    private readonly rest: REST,
    private readonly guildId: string,
    private readonly roles: Roles,
  ) {}

  async nameOf(memberId: string): Promise<string | undefined> {
    const member = await this.find(memberId);
    return member && (member.nick ?? member.user.global_name ?? member.user.username);
  }

  async rankOf(memberId: string): Promise<Rank | undefined> {
    const member = await this.find(memberId);
    return member && rankOf(member.roles, this.roles);
  }

  /** The member as Discord has them at this moment; undefined for somebody who is not in the server. */
  async find(memberId: string): Promise<APIGuildMember | undefined> {
    try {
      return (await this.rest.get(Routes.guildMember(this.guildId, memberId))) as APIGuildMember;
    } catch (error) {
      const code = error instanceof DiscordAPIError ? error.code : undefined;
      if (code === RESTJSONErrorCodes.UnknownMember || code === RESTJSONErrorCodes.UnknownUser) return undefined;
      throw error;
    }
  }
}
