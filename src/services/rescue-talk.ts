import { setTimeout as wait } from 'node:timers/promises';
import { AppError, type Params } from '../errors.js';
import type { Log } from './log.js';
import type { Messenger } from './messenger-port.js';
import type { MessagePlace } from './request.js';
import type { Door, Question } from './rescue/door.js';
import type { Plan } from './rescue/plan.js';
import type { Step } from './rescue/step.js';
import type { RescueView, RescueVoice } from './rescue-voice.js';

/** Discord slows down whoever edits a message more often. */
const editEveryMs = 2000;
/** So long a question waits. */
export const answerWithinMs = 15 * 60_000;

export interface TalkNeeds {
  readonly messenger: Messenger;
  readonly voice: RescueVoice;
  readonly log: Log;
  readonly handOver: Door['handOver'];
  /** Told where the card is, whenever it is another message. */
  readonly placed: (place: MessagePlace) => void;
  readonly nonce: (kind: string) => string;
}

/** A rescue's door in direct messages: one card that is edited, with the questions as buttons on it. */
export class RescueTalk implements Door {
  #view: RescueView;
  #answer: ((yes: boolean) => void) | undefined;
  #questions = 0;
  #cards = 0;
  #drawing: Promise<void> | undefined;
  #isStale = false;
  #editedAt = -Infinity;

  constructor(
    private readonly needs: TalkNeeds,
    private readonly channelId: string,
    private place: MessagePlace | undefined,
    view: Pick<RescueView, 'id' | 'actorId' | 'accountName'>,
  ) {
    this.#view = { ...view, plan: undefined, steps: [], question: undefined, stage: 'looking', isExpired: false };
  }

  get view(): RescueView {
    return this.#view;
  }

  /** Sends the card. False when this person cannot be reached any more. Throws what Discord threw. */
  async open(): Promise<boolean> {
    const sent = await this.needs.messenger.send(
      this.channelId,
      this.needs.voice.card(this.#view),
      this.needs.nonce('c'),
    );
    if (sent) this.#placed(sent);
    return sent !== undefined;
  }

  planned(plan: Plan): void {
    this.#change({ plan });
  }

  show(step: Step): void {
    const steps = [...this.#view.steps];
    const last = steps.at(-1);
    if (last?.outcome === 'begun' && last.name === step.name) steps.pop();
    this.#change({ steps: [...steps, step], stage: 'working' });
  }

  async ask(name: Question, params?: Params): Promise<boolean> {
    this.#questions += 1;
    const given = new Promise<boolean>((resolve) => (this.#answer = resolve));
    this.#change({ question: { number: this.#questions, name, params }, isExpired: false });
    const patience = new AbortController();
    const expired = wait(answerWithinMs, undefined, { ref: false, signal: patience.signal }).then(
      () => 'expired' as const,
      () => 'answered' as const,
    );
    const answer = await Promise.race([given, expired]);
    patience.abort();
    this.#answer = undefined;
    this.#change({ question: undefined, isExpired: answer === 'expired', stage: 'working' });
    return answer === true;
  }

  /** Somebody pressed a button. Throws AppError `cardOutdated` for one that belongs to an earlier question. */
  answered(question: number, yes: boolean): void {
    if (this.#view.question?.number !== question || !this.#answer) throw new AppError('cardOutdated');
    this.#answer(yes);
  }

  handOver(
    account: { readonly id: string; readonly name: string },
    set: (password: string) => Promise<void>,
  ): Promise<void> {
    return this.needs.handOver(account, set);
  }

  /** The last state of the card, once it stands. */
  async close(stage: 'over' | 'cutShort'): Promise<void> {
    this.#change({ stage, question: undefined });
    await this.#drawing;
  }

  #change(change: Partial<RescueView>): void {
    this.#view = { ...this.#view, ...change };
    this.#isStale = true;
    this.#drawing ??= this.#draw().finally(() => (this.#drawing = undefined));
  }

  /** One edit at a time, not too often, and the last state wins. */
  async #draw(): Promise<void> {
    while (this.#isStale) {
      const early = this.#editedAt + editEveryMs - performance.now();
      // A question is what somebody waits for; it does not come often.
      if (early > 0 && !this.#view.question && this.#view.stage !== 'over')
        await wait(early, undefined, { ref: false });
      this.#isStale = false;
      this.#editedAt = performance.now();
      try {
        await this.#put();
      } catch (err) {
        this.needs.log.warn({ err, rescue: this.#view.id }, "a rescue's card could not be brought up to date");
      }
    }
  }

  async #put(): Promise<void> {
    const message = this.needs.voice.card(this.#view);
    const outcome = this.place && (await this.needs.messenger.edit(this.place, message));
    if (outcome === 'edited') return;
    // Deleted, or edited too often for Discord: another one takes its place.
    this.#cards += 1;
    const sent = await this.needs.messenger.send(this.channelId, message, this.needs.nonce(`c${this.#cards}`));
    if (sent) this.#placed(sent);
  }

  #placed(place: MessagePlace): void {
    this.place = place;
    this.needs.placed(place);
  }
}
