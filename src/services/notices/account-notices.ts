import { dayMs } from '../../time.js';
import { nameKey } from '../../identifiers.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import type { MessageRef, Message, Messenger } from './messenger-port.js';
import type { LinkStore } from '../accounts/link.js';

/** Within this time another occasion goes into the message that stands already. */
export const sameMessageMs = 30 * 60_000;
const newOnesPerDay = 3;
/** Whoever presses on a login page causes both: one message for them together. */
const talkedOfTogether: readonly AccountNoticeKind[] = ['pin', 'lockout'];

/** The button that stands on this notice and on no other message. */
export const notMeButtonId = (id: number) => `status:not-me:${id}`;

/** How a word went: said, kept back because this person has had enough of them, or not to be delivered. */
export type Said = 'said' | 'tooMany' | 'closed';

/** Draws a word that stands as things are now; undefined when there is nothing to say of it any more. */
export type Redraw = (word: AccountNotice) => Promise<Message | undefined> | Message | undefined;

export interface AccountNoticeMessages {
  /** One message that says both: the first is what its reader is to see first. */
  together(first: Message, second: Message): Message;
}

/**
 * What is said unasked about an account: one message, edited while it is young, and few new ones a day, as anybody can
 * press *Forgot password* on a login page for somebody else, or type wrong passwords.
 */
export class AccountNotices {
  readonly #locks = new KeyedMutex<string>();
  readonly #redraws = new Map<AccountNoticeKind, Redraw>();

  constructor(
    private readonly store: AccountNoticeStore,
    private readonly messenger: Messenger,
    private readonly messages: AccountNoticeMessages,
    private readonly now: () => number,
  ) {}

  /** Names who draws words of a kind again, when another one comes into their message. */
  drawnBy(kind: AccountNoticeKind, redraw: Redraw): void {
    this.#redraws.set(kind, redraw);
  }

  /** Says it, in the channel given; `draw` gets the word's id for its buttons. Throws what Discord threw. */
  say(channelId: string, word: Omit<NewAccountNotice, 'sentAt'>, draw: (id: number) => Message): Promise<Said> {
    return this.#locks.run(`${word.accountKey} ${word.to}`, () => this.#say(channelId, word, draw));
  }

  /** Takes back what must not be read there any longer. Throws what Discord threw. */
  takeBack(word: AccountNotice, message: Message): Promise<void> {
    return this.#locks.run(`${word.accountKey} ${word.to}`, async () => {
      const place = word.place ?? (await this.#lost(word));
      if (place) await this.messenger.edit(place, await this.#whole(word, place, message, true));
      if (place && !word.place) this.store.placed(word.id, place);
      this.store.end(word.id, this.now());
    });
  }

  async #say(channelId: string, word: Omit<NewAccountNotice, 'sentAt'>, draw: (id: number) => Message): Promise<Said> {
    const now = this.now();
    // A clock that is put right by a little makes nothing new of what was just said; one that was far ahead does.
    const recent = this.store.recent(word.accountKey, word.to, now - dayMs, now + sameMessageMs).filter(isAlso(word));
    const own = recent.filter(({ kind }) => kind === word.kind);
    // A bot that was killed while sending may have sent it; one that is over without a place could not be delivered.
    let begun = own.find(({ mark, place, isOver }) => mark === word.mark && !place && !isOver);
    const mayBeSent = begun !== undefined;
    const young = recent.find(({ sentAt, place }) => place && Math.abs(now - sentAt) < sameMessageMs);
    if (young?.place) {
      const { place } = young;
      const same = own.find((each) => each.place?.messageId === place.messageId) ?? begun;
      const mine = same ?? (begun = this.store.begin({ ...word, sentAt: young.sentAt }));
      if ((await this.messenger.edit(place, await this.#whole(mine, place, draw(mine.id), false))) === 'edited') {
        this.store.renew(mine.id, word);
        this.store.placed(mine.id, place);
        return 'said';
      }
    }
    if (!mayBeSent && messagesOf(recent.filter(({ place }) => place)) >= newOnesPerDay && word.to !== 'admins') {
      if (begun) this.store.end(begun.id, this.now());
      return 'tooMany';
    }
    begun ??= this.store.begin({ ...word, sentAt: this.now() });
    const sentBefore = mayBeSent
      ? (await this.messenger.findOwn(channelId, notMeButtonId(begun.id)))?.place
      : undefined;
    const nonce = `w${begun.id}.${begun.sentAt.toString(36)}`;
    const place = sentBefore ?? (await this.messenger.send(channelId, draw(begun.id), nonce));
    if (place) this.store.placed(begun.id, place);
    else this.store.end(begun.id, this.now());
    return place ? 'said' : 'closed';
  }

  /** With what else stands in that message: below what is new, above what is over. */
  async #whole(word: AccountNotice, place: MessageRef, message: Message, isOver: boolean): Promise<Message> {
    let whole = message;
    for (const other of this.store.at(place)) {
      if (other.id === word.id || other.isOver) continue;
      const drawn = await this.#redraws.get(other.kind)?.(other);
      if (drawn) whole = isOver ? this.messages.together(drawn, whole) : this.messages.together(whole, drawn);
    }
    return whole;
  }

  /** Where a word went whose sending was cut short. */
  async #lost({ id, to }: AccountNotice): Promise<MessageRef | undefined> {
    if (to === 'admins') return undefined;
    const channelId = await this.messenger.openDm(to);
    return channelId === undefined ? undefined : (await this.messenger.findOwn(channelId, notMeButtonId(id)))?.place;
  }
}

function isAlso({ kind, to }: Pick<AccountNotice, 'kind' | 'to'>) {
  return (other: AccountNotice) =>
    other.kind === kind || (to !== 'admins' && [kind, other.kind].every((each) => talkedOfTogether.includes(each)));
}

/** A message counts once, whatever it says; one that was never there does not. */
function messagesOf(words: readonly AccountNotice[]): number {
  return new Set(words.map(({ id, place }) => place?.messageId ?? id)).size;
}

/** `pinDenied`: an owner's word to the admins that it was somebody else who asked for a PIN. */
export type AccountNoticeKind = 'pin' | 'badPin' | 'lockout' | 'pinDenied';

/** Something that people were told unasked about an account. Times are milliseconds since 1970. */
export interface AccountNotice {
  readonly id: number;
  /** The account's id; where the server could not be asked for it, its name in lower case. */
  readonly accountKey: string;
  readonly accountName: string;
  /** A Discord user id, or `admins` for the admin channel. */
  readonly to: string;
  readonly kind: AccountNoticeKind;
  /** Tells one occasion from the next. */
  readonly mark: string;
  readonly file: string | undefined;
  readonly sentAt: number;
  readonly expiresAt: number | undefined;
  /** What it says is over; its message stays. */
  readonly isOver: boolean;
  readonly place: MessageRef | undefined;
}

export type NewAccountNotice = Omit<AccountNotice, 'id' | 'place' | 'isOver'>;

export interface AccountNoticeStore {
  /** Written before it is sent, so that a bot that is killed knows that it may have been. */
  begin(word: NewAccountNotice): AccountNotice;
  placed(id: number, place: MessageRef): void;
  /** The same message for a newer occasion. */
  renew(id: number, word: Pick<AccountNotice, 'mark' | 'file' | 'expiresAt'>): void;
  end(id: number, at: number): void;
  byId(id: number): AccountNotice | undefined;
  /** Whether they were told of this occasion. */
  isTold(mark: string, to: string): boolean;
  /** Whether a message tells this person of it at this moment. */
  stands(mark: string, to: string): boolean;
  /** To one recipient about one account, newest first, sent between these times, or not sent yet. */
  recent(accountKey: string, to: string, since: number, until: number): AccountNotice[];
  /** Standing, and to be taken back one day. */
  open(): AccountNotice[];
  /** Standing ones of a kind, oldest first. */
  standing(kind: AccountNoticeKind): AccountNotice[];
  /** Everything that one message says, what is over too. */
  at(place: MessageRef): AccountNotice[];
}

/** Whether a member whom this was said to owns the account still; a word about a PIN may know its account by name only. */
export function isStillTheirs(
  links: Pick<LinkStore, 'ofMember'>,
  { to, accountKey }: Pick<AccountNotice, 'to' | 'accountKey'>,
): boolean {
  return links
    .ofMember(to)
    .some(({ accountId, accountName }) => [accountId, nameKey(accountName)].includes(accountKey));
}
