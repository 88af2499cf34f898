import type { Client, GuildMember } from 'discord.js';
import { isRecent } from '../time.js';
import type { Log } from '../services/log.js';
import type { LikelyMember, MemberSearch } from '../services/members/actor.js';

/** A person waits for the list, so it comes without guesses when Discord does not answer in time. */
const patienceMs = 2000;
const most = 10;
const rememberedForMs = 10 * 60_000;

interface MemberSearchDeps {
  readonly client: Client;
  readonly guildId: string;
  readonly log: Log;
  readonly now: () => number;
  /** How long to wait for Discord; 2 s unless given. */
  readonly withinMs?: number | undefined;
}

/**
 * Searches members by the beginning of their name over the gateway (opcode 8 with a query and a limit), which needs no
 * privileged intent. The same search over HTTP needs one and answers 50001 without it.
 */
export class GatewayMemberSearch implements MemberSearch {
  readonly #remembered = new Map<string, { readonly member: LikelyMember | undefined; readonly at: number }>();

  constructor(private readonly deps: MemberSearchDeps) {}

  async likely(name: string): Promise<LikelyMember | undefined> {
    const { client, guildId, log, now, withinMs = patienceMs } = this.deps;
    const wanted = name.trim().toLowerCase();
    const known = this.#remembered.get(wanted);
    if (known && isRecent(known.at, now(), rememberedForMs)) return known.member;
    const guild = client.guilds.cache.get(guildId);
    if (wanted === '' || !guild) return undefined;
    try {
      const found = await guild.members.fetch({ query: firstWord(wanted), limit: most, time: withinMs });
      const member = theOne([...found.values()], wanted);
      this.#remembered.set(wanted, { member, at: now() });
      return member;
    } catch (err) {
      log.warn({ err }, 'Discord did not say who is called like an account');
      return undefined;
    }
  }
}

/** The member with exactly this name, or else the only one whose name begins with it. */
function theOne(found: readonly GuildMember[], wanted: string): LikelyMember | undefined {
  const people = found.filter(({ user }) => !user.bot);
  const exactly = people.filter(({ nickname, user }) =>
    [nickname, user.globalName, user.username].some((each) => each?.toLowerCase() === wanted),
  );
  const [first, ...others] = exactly.length > 0 ? exactly : people;
  if (!first || others.length > 0) return undefined;
  return { id: first.id, username: first.user.username, joinedAt: first.joinedTimestamp ?? undefined };
}

/** The owner of an account called `maya.smith` may be called Maya in the server. */
function firstWord(name: string): string {
  return (name.split(/[\s._-]+/).find((word) => word !== '') ?? name).slice(0, 100);
}
