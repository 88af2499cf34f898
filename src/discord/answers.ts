import { MessageFlags, Routes, type REST } from 'discord.js';
import type { Logger } from '../logger.js';
import type { Reply } from './command.js';
import type { Answer } from './parts.js';
import type { Answerable } from './plan.js';

/** Gives an acknowledged interaction its answer. */
export class Answers {
  constructor(
    private readonly rest: REST,
    private readonly applicationId: string,
    private readonly log: Logger,
  ) {}

  /** Sends what a handler gave back and tells it whether it arrived. */
  async give(interaction: Answerable, kind: 'private' | 'update', inServer: boolean, reply: Reply): Promise<void> {
    try {
      if (kind === 'private' && reply.answer) await this.#edit(interaction, reply.answer);
      if (kind === 'update' && reply.update) await this.#edit(interaction, reply.update);
      if (kind === 'update' && reply.answer) await this.#followUp(interaction, reply.answer, inServer);
    } catch (err) {
      this.log.error({ err }, 'Discord did not take an answer');
      await reply.lost?.();
      return;
    }
    if (reply.deleteAfterMs !== undefined) this.#deleteLater(interaction, reply.deleteAfterMs);
    await reply.delivered?.();
  }

  async #edit(interaction: Answerable, body: Answer): Promise<void> {
    await this.rest.patch(this.#original(interaction), { body, auth: false });
  }

  async #followUp(interaction: Answerable, answer: Answer, inServer: boolean): Promise<void> {
    const flags = Number(answer.flags ?? 0) | (inServer ? MessageFlags.Ephemeral : 0);
    await this.rest.post(Routes.webhook(this.applicationId, interaction.token), {
      body: { ...answer, flags },
      auth: false,
    });
  }

  #deleteLater(interaction: Answerable, afterMs: number): void {
    const remove = () => {
      this.rest.delete(this.#original(interaction), { auth: false }).catch((err: unknown) => {
        this.log.warn({ err }, 'a private answer could not be taken away again');
      });
    };
    // The timer must not keep a stopping bot alive.
    setTimeout(remove, afterMs).unref();
  }

  #original(interaction: Answerable) {
    return Routes.webhookMessage(this.applicationId, interaction.token, '@original');
  }
}
