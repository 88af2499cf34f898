import type { BaseInteraction, REST } from 'discord.js';
import { AppError } from '../errors.js';
import type { Events } from '../services/events.js';
import type { Actor } from '../services/members/actor.js';
import type { Audit } from '../services/audit.js';
import type { Outbox, OwedReply } from '../services/notices/outbox.js';
import type { Languages } from '../services/members/member-preferences.js';
import type { Words } from '../words.js';
import type { Actors } from './actor.js';
import { acknowledge, Answers, type AnswersDeps } from './answers.js';
import type { Reply } from './command.js';
import { errorAnswer, unexpectedAnswer } from './error-answer.js';
import { everyone } from './guards.js';
import { planFor, type Plan } from './plan.js';
import { type MessageBody, together } from './parts.js';
import type { CommandRoutes } from './routes.js';

/** A reply has room for 40 components: further owed notices are shown before the reply to the next command. */
const mostOwedAtOnce = 2;

export interface DispatchPorts extends Omit<AnswersDeps, 'rest'> {
  readonly routes: CommandRoutes;
  readonly actors: Actors;
  readonly words: Words;
  readonly languages: Languages;
  readonly audit: Audit;
  /** For answers alone: Discord does not count these against the bot's limit of calls a second. */
  readonly answersRest: REST;
  /** In milliseconds since 1970. */
  readonly databaseMadeAt: number;
  readonly events: Pick<Events, 'emit'>;
  readonly outbox: Pick<Outbox, 'owedTo'>;
  /** Turns an error of another layer into an AppError, where a person can be told about it. */
  readonly asAppError: (error: unknown) => unknown;
}

/** One path from an interaction to its one answer; nothing else talks to Discord about interactions. */
export class Dispatch {
  readonly #running = new Set<Promise<void>>();
  readonly #answers: Answers;
  #isStopped = false;

  constructor(private readonly ports: DispatchPorts) {
    this.#answers = new Answers({ ...ports, rest: ports.answersRest });
  }

  /** Takes an interaction from the gateway; never throws. */
  readonly handle = (interaction: BaseInteraction): void => {
    if (this.#isStopped) return;
    const work = this.#handle(interaction).finally(() => this.#running.delete(work));
    this.#running.add(work);
  };

  /** Takes nothing more; resolves when every interaction that was taken has its answer. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled(this.#running);
  }

  async #handle(interaction: BaseInteraction): Promise<void> {
    const startedAt = performance.now();
    let name = 'unknown';
    let outcome = 'done';
    try {
      const plan = planFor(
        interaction,
        this.ports.routes,
        this.ports.words.in(interaction.locale),
        this.ports.databaseMadeAt,
      );
      name = plan.name;
      if (plan.kind === 'choices') outcome = await this.#choices(plan);
      else if (plan.kind === 'modal') outcome = await this.#openModal(interaction, plan);
      else outcome = await this.#answer(interaction, plan);
    } catch (err) {
      outcome = 'broken';
      this.ports.log.error({ err, command: name }, 'an interaction could not be answered');
    }
    const ms = Math.round(performance.now() - startedAt);
    this.ports.log.info({ command: name, actor: interaction.user.id, outcome, ms }, 'interaction');
  }

  async #choices(plan: Plan & { kind: 'choices' }): Promise<string> {
    let choices: Awaited<ReturnType<typeof plan.run>> = [];
    let outcome = 'done';
    try {
      const actor = await this.ports.actors.resolveForChoices(plan.interaction);
      plan.guard(actor);
      choices = await plan.run(actor);
    } catch (err) {
      // Autocomplete cannot show a sentence: it offers nothing, and the command itself says why.
      outcome = err instanceof AppError ? err.code : 'broken';
      if (!(err instanceof AppError)) this.ports.log.error({ err, command: plan.name }, 'no choices could be offered');
    }
    await plan.interaction.respond([...choices]);
    return outcome;
  }

  async #openModal(interaction: BaseInteraction, plan: Plan & { kind: 'modal' }): Promise<string> {
    let refusal: AppError;
    try {
      const actor = this.ports.actors.fromPayload(interaction);
      // In direct messages the payload has no roles: the modal's own guard asks Discord for them.
      if (actor) plan.guard(actor);
      await plan.open();
      return 'modal';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refusal = error;
    }
    return this.#answer(interaction, { ...plan, kind: 'private', guard: everyone, run: () => Promise.reject(refusal) });
  }

  async #answer(interaction: BaseInteraction, plan: Plan & { kind: 'private' | 'update' }): Promise<string> {
    // Refused (too late, or a second bot was first): this bot cannot answer any more, so it does nothing.
    if (!(await acknowledge(plan.interaction, plan.kind, this.ports.log))) return 'not acknowledged';
    let actor: Actor | undefined;
    let reply: Reply;
    let outcome = 'done';
    try {
      actor = await this.ports.actors.resolve(interaction);
      this.ports.languages.remember(actor.id, interaction.locale);
      this.ports.events.emit('memberRead', actor);
      plan.guard(actor);
      reply = await plan.run(actor);
    } catch (error) {
      [reply, outcome] = this.#refusal(interaction, plan, actor, this.ports.asAppError(error));
    }
    const replies = plan.hasPrelude && actor ? [...this.#withOwed(reply, actor), reply] : [reply];
    const apology = (reference: string) => unexpectedAnswer(this.ports.words.in(interaction.locale), reference);
    await this.#answers.give(plan.interaction, plan.kind, replies, apology);
    return outcome;
  }

  #refusal(interaction: BaseInteraction, plan: Plan, actor: Actor | undefined, error: unknown): [Reply, string] {
    const t = this.ports.words.in(interaction.locale);
    if (!(error instanceof AppError)) {
      const reference = crypto.randomUUID().slice(0, 8);
      this.ports.log.error({ err: error, reference, command: plan.name }, 'a handler failed');
      this.#record(interaction, plan, `failed ${reference}`);
      return [{ answer: unexpectedAnswer(t, reference) }, 'failed'];
    }
    if (error.cause !== undefined) this.ports.log.warn({ err: error.cause, command: plan.name }, error.code);
    this.#record(interaction, plan, error.code);
    return [{ answer: errorAnswer(t, error, actor?.rank) }, error.code];
  }

  /** Every refusal leaves a row; a database that cannot take it is the answer's trouble already, not a second one. */
  #record(interaction: BaseInteraction, plan: Plan, outcome: string): void {
    try {
      // Forged or typed, it may be of any length.
      const detail = plan.subject?.detail && [...plan.subject.detail].slice(0, 100).join('');
      this.ports.audit.recordRefusal({
        actorId: interaction.user.id,
        act: plan.name,
        outcome,
        ...plan.subject,
        detail,
      });
    } catch (err) {
      this.ports.log.error({ err, command: plan.name, outcome }, 'a refusal could not be put into the audit');
    }
  }

  /** The answer with the messages before it that somebody could not be sent; none when there are none. */
  #withOwed(reply: Reply, actor: Actor): Reply[] {
    if (!reply.answer) return [];
    let owed: readonly OwedReply[];
    try {
      owed = this.ports.outbox.owedTo(actor.id).slice(0, mostOwedAtOnce);
    } catch (err) {
      // It must not cost somebody the answer they asked for.
      this.ports.log.error({ err }, 'what somebody has still to hear could not be read');
      return [];
    }
    if (owed.length === 0) return [];
    const messages: MessageBody[] = [...owed.map(({ message }) => message), reply.answer];
    const delivered = async () => {
      await reply.delivered?.();
      for (const each of owed) each.delivered();
    };
    return [{ ...reply, answer: messages.reduce(together), delivered }];
  }
}
