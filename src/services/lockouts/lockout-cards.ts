import type { Log } from '../log.js';
import { sameMessageMs } from '../notices/account-notices.js';
import type { KeptMessages } from '../notices/kept-message.js';
import { messageKey } from '../notices/message-key.js';
import type { Lockout, LockoutCard, LockoutCardStore, LockoutMessages } from './lockout.js';

/** Lockouts that come so soon after one another stand on one card: an edit makes no sound, and ten sounds are a flood. */
const oneCardMs = 10 * 60_000;
/** A card on which nobody is locked any more is read by nobody: a lockout so long after it gets a card of its own. */
const doneCardMs = 60_000;

/** The button that stands on the card of one lockout and on no other message. */
export const unlockButtonId = (accountId: string, cardId: number) => `unlock:now:${accountId}:${cardId}`;

export interface LockoutCardsDeps {
  readonly store: LockoutCardStore;
  readonly kept: KeptMessages;
  readonly messages: LockoutMessages;
  readonly adminChannelId: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Keeps the admin channel's cards about lockouts in step with them. */
export class LockoutCards {
  /** Begun by this very bot and not sent yet: no message of theirs can be in the channel. */
  readonly #unsent = new Set<number>();

  constructor(private readonly deps: LockoutCardsDeps) {}

  /** Puts new lockouts on a card and draws the cards that changed; a failure is left to a later round. Never throws. */
  async round(): Promise<void> {
    const { store } = this.deps;
    for (const lockout of store.uncarded()) {
      await this.#calmly({ lockout: lockout.id }, () => store.join(lockout.id, this.#cardFor(lockout).id));
    }
    for (const card of store.stale()) await this.#calmly({ card: card.id }, () => this.#show(card));
  }

  async #calmly(about: object, work: () => Promise<unknown> | void): Promise<void> {
    try {
      await work();
    } catch (err) {
      this.deps.log.warn({ err, ...about }, 'the card about lockouts could not be brought up to date yet');
    }
  }

  #cardFor({ accountId }: Lockout): LockoutCard {
    const { store, now } = this.deps;
    const found = store.ofAccount(accountId, now(), sameMessageMs) ?? store.newest(now(), oneCardMs, doneCardMs);
    if (found) return found;
    const card = store.begin(now());
    this.#unsent.add(card.id);
    return card;
  }

  async #show(card: LockoutCard): Promise<void> {
    const { store, kept, messages, adminChannelId } = this.deps;
    const { id, begunAt, version, message: at } = card;
    const lockouts = store.lockoutsOf(id);
    if (lockouts.length === 0) return;
    const accountIds = new Set(this.#unsent.delete(id) ? [] : lockouts.map(({ accountId }) => accountId));
    await kept.put({
      policy: lockouts.every(({ state }) => state === 'ended') ? 'endedLockoutCard' : 'lockoutCard',
      at,
      channelId: adminChannelId,
      key: messageKey('lockoutCard', { id, since: begunAt }, at ? version : 0),
      // Each account that was locked when it was sent has a button.
      findBy: [...accountIds].map((accountId) => unlockButtonId(accountId, id)),
      message: messages.card(card, lockouts),
      shown: (message) => {
        if (message) store.placed(id, message);
        store.shown(id, version);
      },
    });
  }
}
