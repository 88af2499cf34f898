import { sameMessageMs } from '../notices/account-notices.js';
import type { Lockout, LockoutCard, LockoutCardStore } from './lockout.js';
import { lockoutMark, type LockoutMessages } from './lockout-messages.js';
import type { Log } from '../log.js';
import type { MessageRef, Messenger } from '../notices/messenger-port.js';

/** Lockouts that come so soon after one another stand on one card: an edit makes no sound, and ten sounds are a flood. */
const oneCardMs = 10 * 60_000;
/** A card on which nobody is locked any more is done with, and read by nobody: later ones make a sound of their own. */
const doneCardMs = 60_000;

/** Keeps the admin channel's cards about lockouts in step with them. */
export class LockoutCards {
  /** Begun by this very bot and not sent yet: nothing of them can be in the channel. */
  readonly #unsent = new Set<number>();

  constructor(
    private readonly store: LockoutCardStore,
    private readonly messenger: Messenger,
    private readonly messages: LockoutMessages,
    private readonly adminChannelId: string,
    private readonly log: Log,
    private readonly now: () => number,
  ) {}

  /** What Discord does not take now, or cannot be written down, is shown by a later round. */
  async round(): Promise<void> {
    for (const lockout of this.store.uncarded()) {
      await this.#calmly({ lockout: lockout.id }, () => this.store.join(lockout.id, this.#cardFor(lockout).id));
    }
    for (const card of this.store.stale()) await this.#calmly({ card: card.id }, () => this.#show(card));
  }

  async #calmly(about: object, work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (err) {
      this.log.warn({ err, ...about }, 'the card about lockouts could not be brought up to date yet');
    }
  }

  #cardFor({ accountId }: Lockout): LockoutCard {
    const { store, now } = this;
    const found = store.ofAccount(accountId, now(), sameMessageMs) ?? store.newest(now(), oneCardMs, doneCardMs);
    if (found) return found;
    const card = store.begin(now());
    this.#unsent.add(card.id);
    return card;
  }

  async #show(card: LockoutCard): Promise<void> {
    const lockouts = this.store.lockoutsOf(card.id);
    if (lockouts.length === 0) return;
    const isOver = lockouts.every(({ state }) => state === 'ended');
    const place = card.place ?? (await this.#sentBefore(card, lockouts));
    this.#unsent.delete(card.id);
    const message = this.messages.card(card, lockouts);
    if (place) {
      const edited = await this.messenger.edit(place, message);
      // A card that is there and cannot be changed now is tried again rather than doubled.
      if (edited === 'editLimitReached' || edited === 'refused') return;
      if (edited === 'edited') return this.#placed(card, place);
    }
    // Neither one that was deleted nor one that was never sent is of use when all is over.
    if (isOver) return this.store.shown(card.id, card.version);
    const nonce = `k${card.id}v${card.place ? card.version : 0}.${card.begunAt.toString(36)}`;
    const sent = await this.messenger.send(this.adminChannelId, message, nonce);
    if (sent) this.#placed(card, sent);
    else
      this.log.error(
        { card: card.id },
        'the bot cannot write in the admin channel: give it back its permissions there',
      );
  }

  #placed(card: LockoutCard, place: MessageRef): void {
    this.store.placed(card.id, place);
    this.store.shown(card.id, card.version);
  }

  /**
   * A bot that was stopped, or whose connection was cut, may have sent it all the same, with a button for each account that
   * was locked then.
   */
  async #sentBefore({ id }: LockoutCard, lockouts: readonly Lockout[]): Promise<MessageRef | undefined> {
    if (this.#unsent.has(id)) return undefined;
    for (const accountId of new Set(lockouts.map((each) => each.accountId))) {
      const sent = await this.messenger.findOwn(this.adminChannelId, lockoutMark.unlock(accountId, id));
      if (sent) return sent.place;
    }
    return undefined;
  }
}
