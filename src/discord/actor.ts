import {
  DiscordAPIError,
  RESTJSONErrorCodes,
  Routes,
  type APIGuildMember,
  type BaseInteraction,
  type REST,
} from 'discord.js';
import { AppError } from '../errors.js';
import { isRecent } from '../time.js';
import type { Actor } from '../services/members/actor.js';
import { rankOf, type Roles } from './members.js';
import type { SentRoles } from './sent-roles.js';

/** For how long autocomplete may use roles that were read before. */
const choicesMaxAgeMs = 30_000;

export interface ActorsDeps {
  readonly rest: REST;
  readonly guildId: string;
  readonly roles: Roles;
  readonly sent: Pick<SentRoles, 'of'>;
  readonly now: () => number;
}

/** Tells who acts, and which rank their roles give them, at the moment of the act. */
export class Actors {
  readonly #seen = new Map<string, { actor: Actor; at: number }>();

  constructor(private readonly deps: ActorsDeps) {}

  /** By the payload alone; undefined in direct messages, whose payload names no roles. Throws `otherServer`, `tryAgain`. */
  fromPayload(interaction: BaseInteraction): Actor | undefined {
    if (interaction.guildId === null) return undefined;
    if (interaction.guildId !== this.deps.guildId || !interaction.member) throw new AppError('otherServer');
    const { member } = interaction;
    const roleIds = this.deps.sent.of(interaction);
    if (!roleIds) throw new AppError('tryAgain');
    const name = 'displayName' in member ? member.displayName : (member.nick ?? interaction.user.displayName);
    return this.#actor(interaction, roleIds, name);
  }

  /**
   * By the payload in the server; in direct messages by asking Discord for the member, never from a cache.
   * Throws `otherServer`, `notInServer`, or `tryAgain` when Discord did not say: a guard that cannot look refuses.
   */
  async resolve(interaction: BaseInteraction): Promise<Actor> {
    const actor = this.fromPayload(interaction);
    if (actor) return actor;
    const { user } = interaction;
    try {
      const member = (await this.deps.rest.get(Routes.guildMember(this.deps.guildId, user.id))) as APIGuildMember;
      return this.#actor(interaction, member.roles, member.nick ?? user.displayName);
    } catch (error) {
      if (error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownMember) {
        throw new AppError('notInServer');
      }
      throw new AppError('tryAgain', {}, { cause: error });
    }
  }

  /** As `resolve`, but up to 30 s old in direct messages: for autocomplete, which asks at every key. */
  async resolveForChoices(interaction: BaseInteraction): Promise<Actor> {
    const { user } = interaction;
    const seen = this.#seen.get(user.id);
    if (interaction.guildId === null && seen && isRecent(seen.at, this.deps.now(), choicesMaxAgeMs)) return seen.actor;
    const actor = await this.resolve(interaction);
    if (interaction.guildId === null) this.#seen.set(user.id, { actor, at: this.deps.now() });
    return actor;
  }

  #actor(interaction: BaseInteraction, roleIds: readonly string[], name: string): Actor {
    return { id: interaction.user.id, name, rank: rankOf(roleIds, this.deps.roles), locale: interaction.locale };
  }
}
