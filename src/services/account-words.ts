import type { AccountWord, AccountWordStore, NewAccountWord } from './account-word.js';
import type { Message, Messenger } from './messenger-port.js';

/** Within this time another occasion goes into the message that stands already. */
const sameMessageMs = 30 * 60_000;
const dayMs = 86_400_000;
const newOnesPerDay = 3;

/** The custom id of the button that stands on this word and on no other. */
export const wordMark = (id: number) => `status:not-me:${id}`;

/** How a word went: said, kept back because this person has had enough of them, or not to be delivered. */
export type Said = 'said' | 'tooMany' | 'closed';

/**
 * What is said unasked about an account: one message, edited while it is young, and few new ones a day, as anybody can
 * press *Forgot password* on a login page for somebody else.
 */
export class AccountWords {
  constructor(
    private readonly store: AccountWordStore,
    private readonly messenger: Messenger,
    private readonly now: () => number,
  ) {}

  /** Says it, in the channel given; `draw` gets the word's id for its buttons. Throws what Discord threw. */
  async say(channelId: string, word: Omit<NewAccountWord, 'sentAt'>, draw: (id: number) => Message): Promise<Said> {
    const recent = this.store
      .recent(word.accountKey, word.to, this.now() - dayMs)
      .filter(({ kind }) => kind === word.kind);
    const young = recent.find(({ sentAt, place }) => place && this.now() - sentAt < sameMessageMs);
    if (young?.place && (await this.messenger.edit(young.place, draw(young.id))) === 'edited') {
      this.store.renew(young.id, word);
      return 'said';
    }
    // A bot that was killed while sending may have sent it.
    const cutShort = recent.find(({ mark, place }) => mark === word.mark && !place);
    const sent = recent.filter(({ place }) => place);
    if (!cutShort && sent.length >= newOnesPerDay && word.to !== 'admins') return 'tooMany';
    const begun = cutShort ?? this.store.begin({ ...word, sentAt: this.now() });
    const sentBefore = cutShort && (await this.messenger.findOwn(channelId, wordMark(begun.id)))?.place;
    const nonce = `w${begun.id}.${begun.sentAt.toString(36)}`;
    const place = sentBefore ?? (await this.messenger.send(channelId, draw(begun.id), nonce));
    if (place) this.store.placed(begun.id, place);
    else this.store.end(begun.id, this.now());
    return place ? 'said' : 'closed';
  }

  /** Takes back what must not be read there any longer. Throws what Discord threw. */
  async takeBack(word: AccountWord, message: Message): Promise<void> {
    if (word.place) await this.messenger.edit(word.place, message);
    this.store.end(word.id, this.now());
  }
}
