import { DiscordAPIError, RESTJSONErrorCodes, Routes, type APIGuildMember, type REST } from 'discord.js';
import type { Members } from '../services/members-port.js';

/** Looks members of the household's server up at Discord, never from a cache. */
export class RestMembers implements Members {
  constructor(
    private readonly rest: REST,
    private readonly guildId: string,
  ) {}

  async nameOf(memberId: string): Promise<string | undefined> {
    try {
      const member = (await this.rest.get(Routes.guildMember(this.guildId, memberId))) as APIGuildMember;
      return member.nick ?? member.user.global_name ?? member.user.username;
    } catch (error) {
      if (!(error instanceof DiscordAPIError)) throw error;
      const nobody = error.code === RESTJSONErrorCodes.UnknownMember || error.code === RESTJSONErrorCodes.UnknownUser;
      if (nobody) return undefined;
      throw error;
    }
  }
}
