import type { Person } from '../../sandbox/discord/index.js';
import type { BotHousehold } from './bot.js';

/** Somebody leaves the household's server, and can be written to all the same, as the bot is in another one of theirs. */
export function leavesForAnother({ discord }: BotHousehold, who: Person): void {
  const { guildId } = discord.addOtherGuild();
  const [home, other] = [discord.guildId, guildId].map((id) => discord.world.guilds.get(id)?.members);
  const member = home?.get(who.id);
  if (member) other?.set(who.id, member);
  who.leaves();
}

/** Somebody who has left is in the household's server again. */
export function comesBack({ discord }: BotHousehold, { id }: Person): void {
  discord.world.guilds.get(discord.guildId)?.members.set(id, { userId: id, roles: [], joinedAt: '2026-01-01' });
}
