import { Events, GatewayDispatchEvents, type APIInteraction, type BaseInteraction, type Client } from 'discord.js';

/** More interactions than can be between the gateway and their event; those that never get one must not pile up. */
const mostOnTheirWay = 1000;

/**
 * The role ids that came with an interaction. discord.js shows a member's roles through what it remembers: a role that
 * it has not heard of is left out, and a later interaction of the same person changes what an earlier one shows.
 */
export class SentRoles {
  readonly #onTheirWay = new Map<string, readonly string[]>();
  readonly #of = new WeakMap<BaseInteraction, readonly string[]>();

  /** To be made before anything else listens for interactions. */
  constructor(client: Client) {
    client.ws.on(GatewayDispatchEvents.InteractionCreate, ({ id, member }: APIInteraction) => {
      if (!member) return;
      const [oldest] = this.#onTheirWay.keys();
      if (oldest !== undefined && this.#onTheirWay.size >= mostOnTheirWay) this.#onTheirWay.delete(oldest);
      this.#onTheirWay.set(id, member.roles);
    });
    client.on(Events.InteractionCreate, (interaction) => {
      const roleIds = this.#onTheirWay.get(interaction.id);
      this.#onTheirWay.delete(interaction.id);
      if (roleIds) this.#of.set(interaction, roleIds);
    });
  }

  /** Undefined where Discord sent none: in direct messages. */
  of(interaction: BaseInteraction): readonly string[] | undefined {
    return this.#of.get(interaction);
  }
}
