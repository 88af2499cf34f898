import { dayMs } from '../../time.js';
import { nameKey } from '../../identifiers.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { type KeptMessages, messageKey, sendOnce } from './kept-message.js';
import type { MessageRef, Message, Messenger } from './messenger-port.js';
import type { Ownership } from '../accounts/ownership.js';

/** Within this time after a message, a further occasion is edited into it. */
export const sameMessageMs = 30 * 60_000;
/** So many new messages a day are sent to one person about one account. */
export const newOnesPerDay = 3;
/** The same visitor of a login page causes both, so they share one message. */
const talkedOfTogether: readonly AccountNoticeKind[] = ['pin', 'lockout'];

/** The button that stands on this notice and on no other message. */
export const notMeButtonId = (id: number) => `status:not-me:${id}`;

/** How a notice went: `tooMany`: not sent, as this person had as many as a day allows; `closed`: it could not be delivered. */
type Said = 'said' | 'tooMany' | 'closed';

/** Draws a notice as things are now; undefined when it has become needless. */
type Redraw = (notice: AccountNotice) => Promise<Message | undefined> | Message | undefined;

export interface AccountNoticePorts {
  readonly stores: { readonly accountNotices: AccountNoticeStore };
  readonly messenger: Messenger;
  /** Joins two messages; the text of the first stands above that of the second. */
  readonly bothNotices: (first: Message, second: Message) => Message;
  readonly now: () => number;
}

/**
 * Tells people unasked what happens to an account: in one message, edited while it is young, and in few new messages a day.
 * Anybody can press *Forgot password* on a login page for somebody else, or type wrong passwords.
 */
export class AccountNotices {
  readonly #locks = new KeyedMutex<string>();
  readonly #redraws = new Map<AccountNoticeKind, Redraw>();

  constructor(
    private readonly ports: AccountNoticePorts,
    private readonly kept: KeptMessages,
  ) {}

  /** Registers how notices of a kind are drawn again when another notice joins their message. */
  drawnBy(kind: AccountNoticeKind, redraw: Redraw): void {
    this.#redraws.set(kind, redraw);
  }

  /** Sends a notice, or edits it into a young message; `draw` gets its id for the buttons. Throws errors of Discord. */
  async say(
    notice: Omit<NewAccountNotice, 'sentAt'>,
    draw: (id: number) => Message,
    mostPerDay = newOnesPerDay,
  ): Promise<Said> {
    const channelId = await this.kept.channelOf(notice.recipientId);
    if (channelId === undefined) return 'closed';
    const say = () => this.#say(channelId, notice, draw, mostPerDay);
    return this.#locks.run(`${notice.accountKey} ${notice.recipientId}`, say);
  }

  /** Replaces a notice that must not be read any longer by `message`. Throws errors of Discord. */
  takeBack(notice: AccountNotice, message: Message): Promise<void> {
    const { stores, now } = this.ports;
    return this.#locks.run(`${notice.accountKey} ${notice.recipientId}`, async () => {
      const at = notice.message ?? (await this.#lost(notice));
      if (at) await this.kept.revise('lastWord', at, await this.#whole(notice, at, message, true));
      if (at && !notice.message) stores.accountNotices.placed(notice.id, at);
      stores.accountNotices.end(notice.id, now());
    });
  }

  /** A notice as it stands in its message now; undefined where it is over. */
  async drawn(notice: AccountNotice): Promise<Message | undefined> {
    return this.#redraws.get(notice.kind)?.(notice);
  }

  async #say(
    channelId: string,
    notice: Omit<NewAccountNotice, 'sentAt'>,
    draw: (id: number) => Message,
    mostPerDay: number,
  ): Promise<Said> {
    const { messenger } = this.ports;
    const store = this.ports.stores.accountNotices;
    const { accountKey, occasionKey, kind, recipientId } = notice;
    const now = this.ports.now();
    // A notice from a little in the future counts as recent, as the clock was corrected since; one from far ahead does not.
    const recent = store.recent(accountKey, recipientId, now - dayMs, now + sameMessageMs).filter(isAlso(notice));
    const own = recent.filter((each) => each.kind === kind);
    // Without a message: its sending was cut short, unless it is over: then it could not be delivered.
    let begun = own.find((each) => each.occasionKey === occasionKey && !each.message && !each.isOver);
    const mayBeSent = begun !== undefined;
    const young = recent.find(({ sentAt, message }) => message && Math.abs(now - sentAt) < sameMessageMs);
    if (young?.message) {
      const at = young.message;
      const same = own.find(({ message }) => message?.messageId === at.messageId) ?? begun;
      const mine = same ?? (begun = store.begin({ ...notice, sentAt: young.sentAt }));
      if ((await this.kept.revise('accountNotice', at, await this.#whole(mine, at, draw(mine.id), false))) !== 'send') {
        store.renew(mine.id, notice);
        store.placed(mine.id, at);
        return 'said';
      }
    }
    if (!mayBeSent && messagesOf(recent.filter(({ message }) => message)) >= mostPerDay && recipientId !== 'admins') {
      if (begun) store.end(begun.id, now);
      return 'tooMany';
    }
    const { id, sentAt: since } = (begun ??= store.begin({ ...notice, sentAt: now }));
    const sending = { key: messageKey('accountNotice', { id, since }), findBy: [notMeButtonId(id)], mayBeSent };
    const sent = await sendOnce(messenger, channelId, sending, () => draw(id));
    if (sent) store.placed(id, sent);
    else store.end(id, this.ports.now());
    return sent ? 'said' : 'closed';
  }

  /** The other notices that still stand in its message. */
  beside({ id, message }: Pick<AccountNotice, 'id' | 'message'>): AccountNotice[] {
    const all = message ? this.ports.stores.accountNotices.at(message) : [];
    return all.filter((each) => each.id !== id && !each.isOver);
  }

  /** The whole message, with the other notices in it: below this one, or above it when this one is over. */
  async #whole(notice: AccountNotice, at: MessageRef, message: Message, isOver: boolean): Promise<Message> {
    const { bothNotices } = this.ports;
    let whole = message;
    for (const other of this.beside({ id: notice.id, message: at })) {
      const drawn = await this.drawn(other);
      if (drawn) whole = isOver ? bothNotices(drawn, whole) : bothNotices(whole, drawn);
    }
    return whole;
  }

  /** Finds the message of a notice whose sending was cut short. */
  async #lost({ id, recipientId }: AccountNotice): Promise<MessageRef | undefined> {
    if (recipientId === 'admins') return undefined;
    const channelId = await this.kept.channelOf(recipientId);
    return channelId === undefined ? undefined : this.kept.find({ channelId, findBy: [notMeButtonId(id)] });
  }
}

function isAlso({ kind, recipientId }: Pick<AccountNotice, 'kind' | 'recipientId'>) {
  return (other: AccountNotice) =>
    other.kind === kind ||
    (recipientId !== 'admins' && [kind, other.kind].every((each) => talkedOfTogether.includes(each)));
}

/** Counts messages: one that carries several notices counts once. */
function messagesOf(notices: readonly AccountNotice[]): number {
  return new Set(notices.map(({ id, message }) => message?.messageId ?? id)).size;
}

export type AccountNoticeKind = 'pin' | 'badPin' | 'lockout';

/** A notice about an account, sent unasked. Times are milliseconds since 1970. */
export interface AccountNotice {
  readonly id: number;
  /** The account's id; where the server could not be asked for it, its name in lower case. */
  readonly accountKey: string;
  readonly accountName: string;
  /** A Discord user id, or `admins` for the admin channel. */
  readonly recipientId: string;
  readonly kind: AccountNoticeKind;
  /** Tells one occasion from the next. */
  readonly occasionKey: string;
  readonly file?: string | undefined;
  readonly sentAt: number;
  readonly expiresAt?: number | undefined;
  /** The occasion is over; the message stays. */
  readonly isOver: boolean;
  readonly message: MessageRef | undefined;
}

export type NewAccountNotice = Omit<AccountNotice, 'id' | 'message' | 'isOver'>;

export interface AccountNoticeStore {
  /** Notes a notice before it is sent: a bot that was killed then knows that it may have been sent. */
  begin(notice: NewAccountNotice): AccountNotice;
  placed(id: number, message: MessageRef): void;
  /** Uses the same message for a newer occasion. */
  renew(id: number, notice: Pick<AccountNotice, 'occasionKey' | 'file' | 'expiresAt'>): void;
  end(id: number, at: number): void;
  byId(id: number): AccountNotice | undefined;
  /** Whether this recipient was told of this occasion. */
  isTold(occasionKey: string, recipientId: string): boolean;
  /** Whether a message that is not over tells this recipient of this occasion. */
  stands(occasionKey: string, recipientId: string): boolean;
  /** To one recipient about one account, newest first, sent between these times, or not sent yet. */
  recent(accountKey: string, recipientId: string, since: number, until: number): AccountNotice[];
  /** Notices that are not over and are to be taken back in time. */
  open(): AccountNotice[];
  /** Notices of a kind that are not over, oldest first. */
  standing(kind: AccountNoticeKind): AccountNotice[];
  /** All notices in one message, those that are over included. */
  at(message: MessageRef): AccountNotice[];
}

/** Whether the member who was told still owns the account; a notice about a PIN may know its account by name only. */
export function isStillTheirs(
  ownership: Pick<Ownership, 'ofMember'>,
  { recipientId, accountKey }: Pick<AccountNotice, 'recipientId' | 'accountKey'>,
): boolean {
  return ownership
    .ofMember(recipientId)
    .some(({ accountId, accountName }) => [accountId, nameKey(accountName)].includes(accountKey));
}
