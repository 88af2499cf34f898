import { KeyedMutex } from '../../keyed-mutex.js';
import type { Log } from '../log.js';
import type { Message, Messenger } from '../notices/messenger-port.js';

/**
 * What happens to links without an admin's doing: `proved` by a code; `left`: their member is away, and the link sleeps;
 * `back`; `dropped` after a month of sleep; the account was `renamed` or `deleted`; `otherServer`: none of the linked
 * accounts is there any more.
 */
export type LinkNewsKind = 'proved' | 'left' | 'back' | 'dropped' | 'renamed' | 'deleted' | 'otherServer';

export interface LinkNews {
  readonly kind: LinkNewsKind;
  /** Empty for `otherServer`. */
  readonly memberId: string;
  readonly accountName: string;
  readonly newName?: string | undefined;
}

/** News that go out in one message, together with a number that is theirs for good. */
export interface LinkNewsBatch {
  readonly id: number;
  readonly at: number;
  readonly news: readonly LinkNews[];
}

export interface LinkNewsStore {
  add(news: LinkNews, at: number): void;
  /** Puts everything that is in no batch yet into one, and gives back all batches that nobody was told of. */
  untold(): LinkNewsBatch[];
  told(batchId: number, at: number): void;
  /** Whether such news is there, told or not, and has not been settled since. */
  isKnown(kind: LinkNewsKind): boolean;
  /** It is not so any more: the next time it is news again. */
  settle(kind: LinkNewsKind): void;
}

/** Draws the card about news. */
export interface LinkNewsMessages {
  news(batch: LinkNewsBatch): Message;
}

/** The button by which such a card is found again. */
export const newsMark = (batchId: number) => `link:free:news${batchId}`;

/** Tells the admins what became of links: one card for all that is new, and no ping. */
export class LinkNewsDesk {
  readonly #locks = new KeyedMutex<'round'>();

  constructor(
    private readonly store: LinkNewsStore,
    private readonly messenger: Messenger,
    private readonly messages: LinkNewsMessages,
    private readonly adminChannelId: string,
    private readonly log: Log,
    private readonly now: () => number,
  ) {}

  /** Tells whatever is untold. Never throws: what Discord's or the disk's troubles delayed comes with the next round. */
  tell(recovering = false): Promise<void> {
    return this.#locks.run('round', () =>
      this.#calmly(async () => {
        for (const batch of this.store.untold()) await this.#calmly(() => this.#send(batch, recovering));
      }),
    );
  }

  idle(): Promise<void> {
    return this.#locks.idle();
  }

  async #send(batch: LinkNewsBatch, recovering: boolean): Promise<void> {
    // A bot that was killed while sending may have sent it.
    const sent = recovering && (await this.messenger.findOwn(this.adminChannelId, newsMark(batch.id)));
    const nonce = `n${batch.id}l.${batch.at.toString(36)}`;
    const place = sent || (await this.messenger.send(this.adminChannelId, this.messages.news(batch), nonce));
    if (place) this.store.told(batch.id, this.now());
    else this.log.error({}, 'the bot cannot write in the admin channel: give it back its permissions there');
  }

  async #calmly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (err) {
      this.log.warn({ err }, 'the admins could not be told about links yet');
    }
  }
}
