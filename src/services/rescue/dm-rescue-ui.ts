import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError, type Params } from '../../errors.js';
import type { RescueUi, Question, Step } from './ladder/ports.js';
import type { Plan } from './ladder/plan.js';
import type { RescueCard, RescueView } from './rescue-card.js';

/** So long a question waits. */
const answerWithinMs = 15 * 60_000;
/** After so long somebody may have put the phone down: an edit makes no sound, a new message does. */
const attentiveForMs = 60_000;

export interface DmRescueUiDeps {
  readonly card: RescueCard;
  readonly handOver: RescueUi['handOver'];
  readonly now: () => number;
  readonly answerWithinMs?: number | undefined;
}

interface Pending {
  readonly number: number;
  readonly name: Question;
  readonly give: (answer: boolean | Unanswered) => void;
}
type Unanswered = NonNullable<RescueView['unanswered']>;

/** A rescue in direct messages: its steps are shown on its card, its questions are buttons on it. */
export class DmRescueUi implements RescueUi {
  #pending: Pending | undefined;
  /** Begins anywhere: a button from before a restart is to be no answer to a question that came after it. */
  #questions = randomInt(1_000_000_000);
  #lastPressAt: number;
  #isStopping = false;

  constructor(private readonly deps: DmRescueUiDeps) {
    this.#lastPressAt = deps.now();
  }

  planned(plan: Plan): void {
    this.deps.card.change({ plan });
  }

  show(step: Step): void {
    const { steps } = this.deps.card.view;
    const begun = steps.findLastIndex(({ name, rung, outcome }) => {
      return outcome === 'begun' && name === step.name && rung === step.rung;
    });
    // What was begun becomes what came of it, in its place.
    const next = begun < 0 ? [...steps, step] : steps.with(begun, step);
    this.deps.card.change({ steps: next, stage: 'working' });
  }

  async ask(name: Question, params?: Params): Promise<boolean> {
    if (this.#isStopping) return false;
    this.#questions += 1;
    const number = this.#questions;
    const { card, now } = this.deps;
    const given = new Promise<boolean | Unanswered>((give) => (this.#pending = { number, name, give }));
    if (now() - this.#lastPressAt > attentiveForMs) card.sendAnew();
    card.change({ question: { number, name, params }, unanswered: undefined });
    const patience = new AbortController();
    const expired = wait(this.deps.answerWithinMs ?? answerWithinMs, 'expired' as const, {
      ref: false,
      signal: patience.signal,
    }).catch(() => 'expired' as const);
    const answer = await Promise.race([given, expired]);
    patience.abort();
    this.#pending = undefined;
    const unanswered = typeof answer === 'string' ? answer : undefined;
    card.change({ question: undefined, unanswered, stage: 'working' });
    return answer === true;
  }

  /** Somebody pressed a button. Throws AppError `rescueAnswered` for one that belongs to an earlier question. */
  answered(question: number, yes: boolean): void {
    if (this.#pending?.number !== question) throw new AppError('rescueAnswered');
    this.#lastPressAt = this.deps.now();
    this.#settle(yes);
  }

  /** Takes a plan back that nobody has agreed to yet. False when something else is going on. */
  withdraw(): boolean {
    if (this.#pending?.name !== 'plan') return false;
    this.#settle('newer');
    return true;
  }

  /** The bot is being stopped: whatever is asked from now on is a no, and nothing new is begun. */
  stop(): void {
    this.#isStopping = true;
    this.#settle('stopping');
  }

  async handOver(
    account: { readonly id: string; readonly name: string },
    set: (password: string) => Promise<void>,
  ): Promise<void> {
    if (this.#isStopping) throw new AppError('rescueStopping');
    await this.deps.handOver(account, set);
  }

  /** An answer counts once. */
  #settle(answer: boolean | Unanswered): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.give(answer);
  }
}
