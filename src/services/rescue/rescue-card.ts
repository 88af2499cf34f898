import type { Params } from '../../errors.js';
import type { Message, MessageRef } from '../notices/messenger-port.js';
import type { Question, Step } from './ladder/ports.js';
import type { Plan } from './ladder/plan.js';
import type { RescueEnd } from './ladder/rescue.js';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { KeptMessages } from '../notices/kept-message.js';

/** What a rescue's card shows at one moment. */
export interface RescueView {
  readonly id: number;
  readonly actorId: string;
  readonly accountName: string;
  readonly plan: Plan | undefined;
  readonly steps: readonly Step[];
  /** What the person is being asked; its number goes with the buttons, so that an old answer is known for one. */
  readonly question:
    { readonly number: number; readonly name: Question; readonly params: Params | undefined } | undefined;
  readonly stage: 'looking' | 'working' | 'over' | 'cutShort';
  /** Why the last question was taken for a no: nobody answered, the bot was stopped, or they began anew. */
  readonly unanswered: 'expired' | 'stopping' | 'newer' | undefined;
}

/** Draws what a rescue says in direct messages. */
export interface RescueMessages {
  card(view: RescueView): Message;
  /** What is left of a card that goes on further down. */
  movedCard(view: RescueView): Message;
  /** The last message, as an edit of the card makes no sound. */
  last(view: RescueView, end: RescueEnd, mayLeaveKey: boolean): Message;
  /** In the place of a password that could not be shown. */
  noPassword(actorId: string): Message;
  /** `mayHaveSet`: a password, or a PIN on the way to one, that nobody has seen. */
  cutShort(view: RescueView, found: { readonly mayHaveSet: boolean; readonly mayLeaveKey: boolean }): Message;
  carryOn(view: RescueView): Message;
  /** For the admin channel: a rescue of this account, or one on the command line, may have left the server stopped. */
  leftStopped(accountName: string | undefined): Message;
  /** For the admin channel: there is a record of a rescue that the bot may not read. */
  unreadableRecord(file: string): Message;
  /** For the admin channel: the person who was to get a password may not have it any more. */
  noRight(view: RescueView): Message;
}

/** Discord slows down more frequent edits of a message. */
const editEveryMs = 2000;

export interface CardDeps {
  readonly kept: KeptMessages;
  readonly messages: Pick<RescueMessages, 'card' | 'movedCard'>;
  readonly log: Log;
  /** Called whenever the card is another message. */
  readonly placed: (message: MessageRef) => void;
  readonly editEveryMs?: number | undefined;
}

/** The one message of a rescue that is kept up to date: one edit at a time, not too often, and the last state wins. */
export class RescueCard {
  #view: RescueView;
  #message: MessageRef | undefined;
  #drawing: Promise<void> | undefined;
  #isStale = false;
  #isToBeSentAnew = false;
  /** Somebody waits for the next state: it is a question, or the end. */
  #isAwaited = false;
  #hurry: () => void = () => undefined;
  #drawnAt = -Infinity;

  constructor(
    private readonly deps: CardDeps,
    private readonly channelId: string,
    message: MessageRef | undefined,
    view: Pick<RescueView, 'id' | 'actorId' | 'accountName'>,
  ) {
    this.#message = message;
    this.#view = { ...view, plan: undefined, steps: [], question: undefined, stage: 'looking', unanswered: undefined };
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
    const { log } = this.deps;
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
    const earlyMs = this.#drawnAt + (this.deps.editEveryMs ?? editEveryMs) - performance.now();
    if (earlyMs <= 0 || this.#isAwaited) return;
    const hurried = new Promise<void>((hurry) => (this.#hurry = hurry));
    await Promise.race([wait(earlyMs, undefined, { ref: false }), hurried]);
  }

  async #put(): Promise<void> {
    const { kept, messages } = this.deps;
    const old = this.#message;
    const isAnew = this.#isToBeSentAnew;
    this.#isToBeSentAnew = false;
    if (!old || !isAnew) await this.#show(old);
    else if (await this.#show(undefined)) await kept.revise('lastWord', old, messages.movedCard(this.#view));
    else await this.#show(old);
  }

  /** False when this person cannot be reached. */
  async #show(at: MessageRef | undefined): Promise<boolean> {
    const { kept, messages, placed } = this.deps;
    const put = await kept.put({
      policy: 'rescueCard',
      at,
      channelId: this.channelId,
      // A key for each: what keeps a cut-off sending from being doubled must not keep a new card from being sent.
      key: `c${this.#view.id}.${crypto.randomUUID().slice(0, 13)}`,
      findBy: [],
      message: messages.card(this.#view),
    });
    if (put.at && put.at !== at) placed((this.#message = put.at));
    return put.state !== 'closed';
  }
}

function isAwaited({ question, stage }: Partial<RescueView>): boolean {
  return question !== undefined || stage === 'over' || stage === 'cutShort';
}
