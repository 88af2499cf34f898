import { DiscordAPIError, HTTPError, MessageFlags, Routes, type Message, type REST } from 'discord.js';
import type { Log } from '../services/log.js';
import type { Reply, ReplyFile } from './command.js';
import type { MessageBody } from './parts.js';
import { withRetry } from './messenger.js';
import type { Answerable } from './plan.js';

export interface AnswersDeps {
  readonly rest: REST;
  readonly applicationId: string;
  readonly log: Log;
  readonly retryPausesMs?: readonly number[] | undefined;
  readonly schedule?: Schedule | undefined;
}

/** Does something after so many milliseconds. */
export type Schedule = (act: () => void, afterMs: number) => void;

/** A timer that keeps no stopping bot alive. */
const byTimer: Schedule = (act, afterMs) => void setTimeout(act, afterMs).unref();

/**
 * Tells Discord that an answer will come, before anything else is done: Discord waits three seconds.
 * False when Discord refuses (10062: too late or replayed; 40060: somebody else was first).
 */
export async function acknowledge(interaction: Answerable, kind: 'private' | 'update', log: Log): Promise<boolean> {
  try {
    const isFromMessage =
      interaction.isMessageComponent() || (interaction.isModalSubmit() && interaction.isFromMessage());
    if (kind === 'update' && isFromMessage) {
      await interaction.deferUpdate();
    } else {
      // In direct messages, too: an answer that stayed there would offer its buttons long after they are any use.
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    }
    return true;
  } catch (error) {
    const code = error instanceof DiscordAPIError ? error.code : undefined;
    log.warn({ code, err: error }, 'Discord did not take the acknowledgement: nothing is done');
    return false;
  }
}

/** Gives an acknowledged interaction its answer. */
export class Answers {
  constructor(private readonly deps: AnswersDeps) {}

  /**
   * Sends a handler's reply and tells the handler whether it arrived. `replies` are versions of one answer, each shorter
   * than the one before; the next is sent where Discord refuses one. Where Discord refuses the last, the person is sent
   * `apology`, with the reference of the refusal in the log.
   */
  async give(
    interaction: Answerable,
    kind: 'private' | 'update',
    [reply, ...plainer]: readonly Reply[],
    apology: (reference: string) => MessageBody,
  ): Promise<void> {
    if (!reply) return;
    try {
      await this.#send(interaction, kind, reply);
    } catch (err) {
      const reference = crypto.randomUUID().slice(0, 8);
      this.deps.log.error({ err, reference }, 'Discord did not take an answer');
      const isRefused = err instanceof DiscordAPIError;
      if (isRefused && plainer.length > 0) return this.give(interaction, kind, plainer, apology);
      await reply.lost?.();
      if (isRefused) await this.#send(interaction, kind, { answer: apology(reference) });
      return;
    }
    if (reply.deleteAfterMs !== undefined) this.#deleteLater(interaction, reply.deleteAfterMs);
    await reply.delivered?.();
    if (reply.pressed && interaction.isMessageComponent()) await this.#change(interaction.message, reply.pressed);
    if (kind === 'private') this.#changeLater(interaction, reply);
  }

  /** Where it cannot be changed, a later press on it is answered all the same. */
  async #change({ channelId, id, client }: Message, body: MessageBody): Promise<void> {
    try {
      await client.rest.patch(Routes.channelMessage(channelId, id), { body });
    } catch (err) {
      this.deps.log.warn({ err }, 'a message that is over could not be changed');
    }
  }

  #changeLater(interaction: Answerable, { later }: Reply): void {
    later?.((answer) => this.#edit(interaction, answer)).catch((err: unknown) => {
      this.deps.log.warn({ err }, 'an answer could not be changed later');
    });
  }

  async #send(interaction: Answerable, kind: 'private' | 'update', reply: Reply): Promise<void> {
    if (kind === 'private' && reply.answer) await this.#edit(interaction, reply.answer, reply.files);
    if (kind === 'update' && reply.update) await this.#edit(interaction, reply.update, reply.files);
    if (kind === 'update' && reply.answer) await this.#followUp(interaction, reply.answer);
  }

  /** Repeating an edit is harmless, so every error but a refusal is tried again. */
  #edit(interaction: Answerable, answer: MessageBody, files?: readonly ReplyFile[]): Promise<unknown> {
    // Attachments that are not listed here would be kept from the earlier page.
    const attachments = files?.map(({ name }, id) => ({ id: `${id}`, filename: name }));
    const body = { ...answer, ...(attachments && { attachments }) };
    const call = () =>
      this.deps.rest.patch(this.#original(interaction), { body, files: [...(files ?? [])], auth: false });
    return withRetry(call, (error) => !(error instanceof DiscordAPIError), this.deps.retryPausesMs);
  }

  /** A second try may send the message twice, so it is only tried again when Discord answered that it failed. */
  #followUp(interaction: Answerable, answer: MessageBody): Promise<unknown> {
    const flags = Number(answer.flags ?? 0) | MessageFlags.Ephemeral;
    const route = Routes.webhook(this.deps.applicationId, interaction.token);
    const call = () => this.deps.rest.post(route, { body: { ...answer, flags }, auth: false });
    return withRetry(call, (error) => error instanceof HTTPError, this.deps.retryPausesMs);
  }

  #deleteLater(interaction: Answerable, afterMs: number): void {
    const remove = () => {
      this.deps.rest.delete(this.#original(interaction), { auth: false }).catch((err: unknown) => {
        this.deps.log.warn({ err }, 'a private answer could not be taken away again');
      });
    };
    (this.deps.schedule ?? byTimer)(remove, afterMs);
  }

  #original(interaction: Answerable) {
    return Routes.webhookMessage(this.deps.applicationId, interaction.token, '@original');
  }
}
