import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError, type Params } from '../../errors.js';
import type { Question } from './ladder/ports.js';
import type { RescueCard } from './rescue-card.js';
import type { RescueDeps, RescueView } from './rescue-port.js';

/** So long a question waits. */
const answerWithinMs = 15 * 60_000;
/** After so long somebody may have put the phone down: an edit makes no sound, a new message does. */
const attentiveForMs = 60_000;

/** What was pressed; `newPassword`: yes to the plan by somebody who does not know their password. */
export type Pressed = 'yes' | 'no' | 'newPassword';

interface Pending {
  readonly number: number;
  readonly name: Question;
  readonly give: (answer: Pressed | Unanswered) => void;
}
type Unanswered = NonNullable<RescueView['unanswered']>;

/** The questions of a rescue in direct messages, one at a time: they are buttons on its card. */
export class RescueQuestion {
  /** The bot is being stopped: whatever is asked from now on is a no, and nothing new is begun. */
  isStopping = false;
  #pending: Pending | undefined;
  /** Begins anywhere: a button from before a restart is to be no answer to a question that came after it. */
  #number = randomInt(1_000_000_000);
  #lastPressAt: number;

  constructor(
    private readonly deps: RescueDeps,
    private readonly card: RescueCard,
  ) {
    this.#lastPressAt = deps.now();
  }

  /** Without an answer it is a no. */
  async ask(name: Question, params?: Params): Promise<Pressed> {
    if (this.isStopping) return 'no';
    const { rescue, now } = this.deps;
    const number = (this.#number += 1);
    const given = new Promise<Pressed | Unanswered>((give) => (this.#pending = { number, name, give }));
    if (now() - this.#lastPressAt > attentiveForMs) this.card.sendAnew();
    this.card.change({ question: { number, name, params }, unanswered: undefined });
    const patience = new AbortController();
    const options = { ref: false, signal: patience.signal };
    const expired = wait(rescue.answerWithinMs ?? answerWithinMs, 'expired' as const, options);
    const answer = await Promise.race([given, expired]);
    patience.abort();
    this.#pending = undefined;
    const isPressed = answer === 'yes' || answer === 'no' || answer === 'newPassword';
    this.card.change({ question: undefined, unanswered: isPressed ? undefined : answer, stage: 'working' });
    return isPressed ? answer : 'no';
  }

  /** Somebody pressed a button. Throws AppError `rescueAnswered` for one that belongs to an earlier question. */
  answered(question: number, answer: Pressed): void {
    if (this.#pending?.number !== question) throw new AppError('rescueAnswered');
    this.#lastPressAt = this.deps.now();
    this.#settle(answer);
  }

  /** Takes a plan back that nobody has agreed to yet. False when something else is going on. */
  withdraw(): boolean {
    if (this.#pending?.name !== 'plan' && this.#pending?.name !== 'knowsPassword') return false;
    this.#settle('newer');
    return true;
  }

  stop(): void {
    this.isStopping = true;
    this.#settle('stopping');
  }

  /** An answer counts once. */
  #settle(answer: Pressed | Unanswered): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.give(answer);
  }
}
