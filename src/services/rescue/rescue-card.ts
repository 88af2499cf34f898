import { setTimeout as wait } from 'node:timers/promises';
import { calmly } from '../log.js';
import { messageKey } from '../notices/kept-message.js';
import type { MessageRef } from '../notices/messenger-port.js';
import type { RescueDeps, RescueRow, RescueView } from './rescue-port.js';

/** Discord slows down more than five edits in five seconds. */
const editEveryMs = 1000;

/** The one message of a rescue that is kept up to date: one edit at a time, not too often, and the last state wins. */
export class RescueCard {
  #view: RescueView;
  #message: MessageRef | undefined;
  #drawing: Promise<void> | undefined;
  #isStale = false;
  #isToBeSentAnew = false;
  #drawnAt = -Infinity;

  constructor(
    private readonly deps: RescueDeps,
    private readonly row: RescueRow,
  ) {
    const { id, actorId, accountName } = row;
    this.#message = row.card;
    const nothingYet = { plan: undefined, steps: [], question: undefined, unanswered: undefined };
    this.#view = { id, actorId, accountName, stage: 'looking', ...nothingYet };
  }

  get view(): RescueView {
    return this.#view;
  }

  /** Sends it for the first time. False when this person cannot be reached. Throws what Discord threw. */
  open(): Promise<boolean> {
    return this.#show(undefined);
  }

  /** With the next change it becomes a new message, which makes a sound; the old one points to it. */
  sendAnew(): void {
    this.#isToBeSentAnew = true;
  }

  change(change: Partial<RescueView>): void {
    this.#view = { ...this.#view, ...change };
    this.#isStale = true;
    this.#drawing ??= this.#draw().finally(() => (this.#drawing = undefined));
  }

  /** Resolves when the last state stands there, or could not be put there. */
  async settled(): Promise<void> {
    await this.#drawing;
  }

  async #draw(): Promise<void> {
    const { log, rescue } = this.deps;
    while (this.#isStale) {
      const earlyMs = this.#drawnAt + (rescue.editEveryMs ?? editEveryMs) - performance.now();
      if (earlyMs > 0) await wait(earlyMs, undefined, { ref: false });
      this.#isStale = false;
      this.#drawnAt = performance.now();
      await calmly(log, { rescue: this.row.id }, "a rescue's card could not be brought up to date", () => this.#put());
    }
  }

  async #put(): Promise<void> {
    const old = this.#message;
    const isAnew = this.#isToBeSentAnew;
    this.#isToBeSentAnew = false;
    if (!old || !isAnew || !(await this.#show(undefined))) await this.#show(old);
    else await this.deps.kept.revise('lastWord', old, this.deps.rescue.messages.sentence('moved', this.#view));
  }

  /** False when this person cannot be reached. */
  async #show(at: MessageRef | undefined): Promise<boolean> {
    const { stores, rescue, now } = this.deps;
    const { id, startedAt: since, channelId } = this.row;
    const put = await this.deps.kept.put({
      policy: 'rescueCard',
      at,
      channelId,
      // A key for each: what keeps a cut-off sending from being doubled must not keep a new card from being sent.
      key: messageKey('rescueCard', { id, since }, now()),
      findBy: [],
      message: rescue.messages.card(this.#view),
    });
    if (put.at && put.at !== at) {
      this.#message = put.at;
      stores.rescues.setCard(id, put.at.messageId);
    }
    return put.state !== 'closed';
  }
}
