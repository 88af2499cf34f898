import {
  Events,
  GatewayDispatchEvents,
  type APIInteraction,
  type BaseInteraction,
  type Client,
  DiscordAPIError,
  RESTJSONErrorCodes,
  Routes,
  type APIGuildMember,
  type GuildMember,
  type REST,
  type User,
} from 'discord.js';
import { AppError } from '../errors.js';
import { isRecent } from '../time.js';
import type { Events as ServiceEvents } from '../services/events.js';
import type { Actor, Member, Members, Rank } from '../services/members/actor.js';

/** How long autocomplete may use roles that were read before. */
const choicesMaxAgeMs = 30_000;

interface ActorsDeps {
  readonly client: Client;
  readonly members: RestMembers;
  readonly guildId: string;
  readonly roles: Roles;
  readonly now: () => number;
}

/** Tells who acts, and the rank that their roles give them at that moment. */
export class Actors {
  readonly #seen = new Map<string, { actor: Actor; at: number }>();
  readonly #sentRoles = new WeakMap<BaseInteraction, readonly string[]>();

  /** Must be created before anything else listens for interactions. */
  constructor(private readonly deps: ActorsDeps) {
    this.#keepSentRoles(deps.client);
  }

  /**
   * Keeps the role ids that an interaction carries: discord.js leaves out roles that it does not know yet, and a later
   * interaction of the same person changes the roles of an earlier one.
   */
  #keepSentRoles(client: Client): void {
    const onTheirWay = new Map<string, readonly string[]>();
    client.ws.on(GatewayDispatchEvents.InteractionCreate, ({ id, member }: APIInteraction) => {
      if (member) onTheirWay.set(id, member.roles);
    });
    client.on(Events.InteractionCreate, (interaction) => {
      const roleIds = onTheirWay.get(interaction.id);
      onTheirWay.delete(interaction.id);
      if (roleIds) this.#sentRoles.set(interaction, roleIds);
    });
  }

  /** Reads the payload alone; undefined in direct messages, which have no roles. Throws `otherServer`, `tryAgain`. */
  fromPayload(interaction: BaseInteraction): Actor | undefined {
    if (interaction.guildId === null) return undefined;
    if (interaction.guildId !== this.deps.guildId || !interaction.member) throw new AppError('otherServer');
    const { member } = interaction;
    const roleIds = this.#sentRoles.get(interaction);
    if (!roleIds) throw new AppError('tryAgain');
    const { user } = interaction;
    return { id: user.id, ...namesIn(user, member), rank: rankOf(roleIds, this.deps.roles) };
  }

  /**
   * Reads the payload in the server; in direct messages asks Discord for the member, never a cache.
   * Throws `otherServer`, `notInServer`, or `tryAgain` when Discord did not answer: who cannot be checked is refused.
   */
  async resolve(interaction: BaseInteraction): Promise<Actor> {
    const actor = this.fromPayload(interaction);
    if (actor) return actor;
    const { user } = interaction;
    const member = await this.deps.members.find(user.id).catch((cause: unknown) => {
      throw new AppError('tryAgain', {}, { cause });
    });
    if (!member) throw new AppError('notInServer');
    return { id: user.id, ...member };
  }

  /** Like `resolve`, but up to 30 s old in direct messages: autocomplete asks at every keystroke. */
  async resolveForChoices(interaction: BaseInteraction): Promise<Actor> {
    const { user } = interaction;
    const seen = this.#seen.get(user.id);
    if (interaction.guildId === null && seen && isRecent(seen.at, this.deps.now(), choicesMaxAgeMs)) return seen.actor;
    const actor = await this.resolve(interaction);
    if (interaction.guildId === null) this.#seen.set(user.id, { actor, at: this.deps.now() });
    return actor;
  }
}

interface Roles {
  readonly adminRoleIds: readonly string[];
  readonly helperRoleIds: readonly string[];
}

/** What somebody is called, as an interaction shows them; `member` is null outside of the server. */
export function namesIn(
  { username, displayName }: User,
  member: GuildMember | Pick<APIGuildMember, 'nick' | 'joined_at'> | null,
): Omit<Member, 'rank'> {
  if (!member) return { name: displayName, username, joinedAt: undefined };
  const name = 'displayName' in member ? member.displayName : (member.nick ?? displayName);
  const joinedAt = 'joinedTimestamp' in member ? member.joinedTimestamp : Date.parse(member.joined_at ?? '');
  return { name, username, joinedAt: joinedAt || undefined };
}

/** The rank that these roles give. */
export function rankOf(roleIds: readonly string[], { adminRoleIds, helperRoleIds }: Roles): Rank {
  if (roleIds.some((id) => adminRoleIds.includes(id))) return 'admin';
  return roleIds.some((id) => helperRoleIds.includes(id)) ? 'helper' : 'member';
}

/** Looks up members of the household's server at Discord, never in a cache. */
export class RestMembers implements Members {
  constructor(
    private readonly deps: {
      readonly rest: REST;
      readonly guildId: string;
      readonly roles: Roles;
      /** Told of everybody who is found, and of whoever is not there. */
      readonly events?: Pick<ServiceEvents, 'emit'>;
    },
  ) {}

  async find(memberId: string): Promise<Member | undefined> {
    try {
      const { rest, guildId, roles, events } = this.deps;
      const member = (await rest.get(Routes.guildMember(guildId, memberId))) as APIGuildMember;
      const { username, global_name: globalName, bot: isBot } = member.user;
      // Owns nothing, and can be told nothing.
      if (isBot) return undefined;
      const name = member.nick ?? globalName ?? username;
      const joinedAt = Date.parse(member.joined_at ?? '') || undefined;
      const found = { name, username, joinedAt, rank: rankOf(member.roles, roles) };
      events?.emit('memberRead', { id: memberId, ...found });
      return found;
    } catch (error) {
      const code = error instanceof DiscordAPIError ? error.code : undefined;
      if (code !== RESTJSONErrorCodes.UnknownMember && code !== RESTJSONErrorCodes.UnknownUser) throw error;
      this.deps.events?.emit('memberGone', { id: memberId });
      return undefined;
    }
  }
}
