import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { Messenger } from '../notices/messenger-port.js';
import type { MessagePlace } from '../requests/request.js';
import type { RescueView, RescueVoice } from './rescue-messages.js';

/** Discord slows down whoever edits a message more often. */
const editEveryMs = 2000;

export interface CardNeeds {
  readonly messenger: Messenger;
  readonly voice: Pick<RescueVoice, 'card' | 'movedCard'>;
  readonly log: Log;
  /** Told where the card is, whenever it is another message. */
  readonly placed: (place: MessagePlace) => void;
  readonly editEveryMs?: number | undefined;
}

/** The one message of a rescue that is kept up to date: one edit at a time, not too often, and the last state wins. */
export class RescueCard {
  #view: RescueView;
  #place: MessagePlace | undefined;
  #drawing: Promise<void> | undefined;
  #isStale = false;
  #isToBeSentAnew = false;
  /** Somebody waits for the next state: it is a question, or the end. */
  #isAwaited = false;
  #hurry: () => void = () => undefined;
  #drawnAt = -Infinity;

  constructor(
    private readonly needs: CardNeeds,
    private readonly channelId: string,
    place: MessagePlace | undefined,
    view: Pick<RescueView, 'id' | 'actorId' | 'accountName'>,
  ) {
    this.#place = place;
    this.#view = { ...view, plan: undefined, steps: [], question: undefined, stage: 'looking', unanswered: undefined };
  }

  get view(): RescueView {
    return this.#view;
  }

  /** Sends it for the first time. False when this person cannot be reached. Throws what Discord threw. */
  open(): Promise<boolean> {
    return this.#send();
  }

  /** With the next change it becomes a new message, which makes a sound; the old one points to it. */
  sendAnew(): void {
    this.#isToBeSentAnew = true;
  }

  change(change: Partial<RescueView>): void {
    this.#view = { ...this.#view, ...change };
    this.#isStale = true;
    if (isAwaited(change)) {
      this.#isAwaited = true;
      this.#hurry();
    }
    this.#drawing ??= this.#draw().finally(() => (this.#drawing = undefined));
  }

  /** Resolves when the last state stands there, or could not be put there. */
  async settled(): Promise<void> {
    await this.#drawing;
  }

  async #draw(): Promise<void> {
    const { log } = this.needs;
    while (this.#isStale) {
      await this.#itIsTime();
      this.#isStale = false;
      this.#isAwaited = false;
      this.#drawnAt = performance.now();
      try {
        await this.#put();
      } catch (err) {
        log.warn({ err, rescue: this.#view.id }, "a rescue's card could not be brought up to date");
      }
    }
  }

  /** Progress can wait. A question cannot: there is one for each press at most, which is not often. */
  async #itIsTime(): Promise<void> {
    const earlyMs = this.#drawnAt + (this.needs.editEveryMs ?? editEveryMs) - performance.now();
    if (earlyMs <= 0 || this.#isAwaited) return;
    const hurried = new Promise<void>((hurry) => (this.#hurry = hurry));
    await Promise.race([wait(earlyMs, undefined, { ref: false }), hurried]);
  }

  async #put(): Promise<void> {
    const { messenger, voice } = this.needs;
    const old = this.#place;
    if (old && this.#isToBeSentAnew && (await this.#send())) {
      await messenger.edit(old, voice.movedCard(this.#view));
      return;
    }
    const edited = old && (await messenger.edit(old, voice.card(this.#view)));
    // Deleted, or edited too often for Discord: another one takes its place.
    if (edited === 'gone' || edited === 'worn' || edited === undefined) await this.#send();
  }

  async #send(): Promise<boolean> {
    this.#isToBeSentAnew = false;
    const { messenger, voice, placed } = this.needs;
    // A nonce for each: what keeps a cut-off sending from being doubled must not keep a new card from being sent.
    const nonce = `c${this.#view.id}.${crypto.randomUUID().slice(0, 13)}`;
    const sent = await messenger.send(this.channelId, voice.card(this.#view), nonce);
    if (sent) {
      this.#place = sent;
      placed(sent);
    }
    return sent !== undefined;
  }
}

function isAwaited({ question, stage }: Partial<RescueView>): boolean {
  return question !== undefined || stage === 'over' || stage === 'cutShort';
}
