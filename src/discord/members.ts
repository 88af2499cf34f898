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
    const member = await this.#member(memberId);
    return member && (member.nick ?? member.user.global_name ?? member.user.username);
  }

  async rankOf(memberId: string): Promise<Rank | undefined> {
    const member = await this.#member(memberId);
    return member && rankOf(member.roles, this.roles);
  }

  async #member(memberId: string): Promise<APIGuildMember | undefined> {
    try {
      return (await this.rest.get(Routes.guildMember(this.guildId, memberId))) as APIGuildMember;
    } catch (error) {
      if (!(error instanceof DiscordAPIError)) throw error;
      const nobody = error.code === RESTJSONErrorCodes.UnknownMember || error.code === RESTJSONErrorCodes.UnknownUser;
      if (nobody) return undefined;
      throw error;
    }
  }
}
