import { KeyedMutex } from '../../keyed-mutex.js';
import type { Log } from '../log.js';
import type { Transaction } from '../transaction.js';
import { messageKey, sendOnce } from './kept-message.js';
import type { Message, MessageRef, Messenger } from './messenger-port.js';
import type { DeliveryStatus, NewNotice, Notice, NoticeKind, NoticeStore } from './notice.js';

/** How a notice is said, as things are now. */
export interface DrawnNotice {
  /** Custom ids of which one stands on this message and on no other. */
  readonly findBy: readonly string[];
  /** To its recipient directly; absent where that way is known to be closed. */
  readonly message?: () => Message;
  /** Without detail, in the server channel where they asked. */
  readonly announcement?: { readonly channelId: string; readonly message: () => Message } | undefined;
  /** Before the reply to their next command. A notice without it is dropped when it cannot be sent. */
  readonly inReply?: () => Message;
  /** It offers something, and is shown again until that was taken. */
  readonly isOffer?: boolean;
}

/** What a capability knows of its notices. */
export interface NoticeRenderer {
  /** Undefined: not true any more, or not its recipient's to know. `later`: neither yet. */
  draw(notice: Notice): DrawnNotice | 'later' | undefined;
  /** Before it is sent: whether it still may be, by Discord. Throws an error of Discord's that passes. */
  mayBeSent?(notice: Notice): Promise<boolean>;
  /** What a message is changed into when it is not true any more; undefined while it is. */
  over?(notice: Notice): Message | undefined;
  /** Whether the round leaves it to the service that it belongs to. */
  readonly isSentElsewhere?: boolean;
  /** Called in the transaction that writes a new status. */
  onStatus?(notice: Notice, status: DeliveryStatus): void;
}

/** Something to be shown before a reply. */
export interface OwedReply {
  readonly message: Message;
  readonly delivered: () => void;
}

export interface OutboxDeps {
  readonly store: NoticeStore;
  readonly messenger: Pick<Messenger, 'openDm' | 'send' | 'edit' | 'findOwn'>;
  readonly adminChannelId: string;
  readonly transaction: Transaction;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * The messages that people are owed: by direct message, else announced where they asked, else shown before the reply to
 * their next command; each once, whatever stops the bot.
 */
export class Outbox {
  readonly #renderers = new Map<NoticeKind, NoticeRenderer>();
  readonly #locks = new KeyedMutex<number>();

  constructor(private readonly deps: OutboxDeps) {}

  /** Names what renders the notices of these kinds. */
  register(kinds: readonly NoticeKind[], renderer: NoticeRenderer): void {
    for (const kind of kinds) this.#renderers.set(kind, renderer);
  }

  /** Notes that somebody is owed a message, once for each subject; in the transaction that brings it about. */
  owe(notice: NewNotice): void {
    this.deps.store.owe(notice, this.deps.now());
  }

  /** The same, whatever they were told of this subject before. */
  oweAgain(notice: NewNotice): void {
    this.deps.store.oweAgain(notice, this.deps.now(), 'due');
  }

  /** One to the admins whose sending has not begun: it may still say more. */
  notBegun(kind: NoticeKind): Notice | undefined {
    return this.deps.store.due(kind).find(({ attempts }) => attempts === 0);
  }

  /** Whether it was ever owed. */
  wasOwed(notice: NewNotice): boolean {
    return this.deps.store.find(notice) !== undefined;
  }

  /** Notes that they heard of it in another way, or need not hear of it. */
  settle(notice: NewNotice, status: 'told' | 'dropped' = 'told'): void {
    const owed = this.deps.store.find(notice);
    if (owed) this.#set(owed, status);
  }

  /**
   * Sends what is due, of one subject where that is given. Never throws, as nobody may be waiting for it: what trouble at
   * Discord or a bot that is being stopped delays is sent in a later round.
   */
  async deliver(kinds: readonly NoticeKind[], subjectId?: string): Promise<void> {
    try {
      for (const kind of kinds) {
        for (const { id } of this.deps.store.due(kind, subjectId)) await this.#locks.run(id, () => this.#deliver(id));
      }
    } catch (err) {
      this.deps.log.warn({ err, notices: kinds }, 'messages that are owed could not be sent yet');
    }
  }

  /** Once a minute: sends what is due, and changes messages that are not true any more. */
  async round(): Promise<void> {
    for (const [kind, renderer] of this.#renderers) {
      if (!renderer.isSentElsewhere) await this.deliver([kind]);
      if (renderer.over) for (const notice of this.deps.store.withMessage(kind)) await this.#withdraw(notice, renderer);
    }
  }

  /** What somebody is to hear before the reply to their next command, oldest first. */
  owedTo(memberId: string): OwedReply[] {
    return this.deps.store.owedTo(memberId).flatMap((notice) => {
      const drawn = this.#renderers.get(notice.kind)?.draw(notice);
      if (drawn === 'later') return [];
      if (!drawn?.inReply) {
        this.#set(notice, 'dropped');
        return [];
      }
      const status = drawn.isOffer ? 'announced' : 'told';
      return [{ message: drawn.inReply(), delivered: () => this.#set(notice, status) }];
    });
  }

  /** Resolves when nothing is being sent. */
  idle(): Promise<void> {
    return this.#locks.idle();
  }

  async #deliver(id: number): Promise<void> {
    const notice = this.deps.store.byId(id);
    const renderer = notice && this.#renderers.get(notice.kind);
    if (!renderer || notice.deliveryStatus !== 'due') return;
    try {
      if (renderer.mayBeSent && !(await renderer.mayBeSent(notice))) return this.#set(notice, 'dropped');
      const drawn = renderer.draw(notice);
      if (!drawn) this.#set(notice, 'dropped');
      else if (drawn !== 'later') await this.#send(notice, drawn);
    } catch (err) {
      this.deps.log.warn({ err, notice: notice.kind, subject: notice.subjectId }, 'a message could not be sent yet');
    }
  }

  async #send(notice: Notice, drawn: DrawnNotice): Promise<void> {
    // Written before it is sent: a bot that is killed while sending then looks for the message.
    this.deps.store.begin(notice.id);
    const { message, announcement, inReply } = drawn;
    const channelId = message && (await this.#channelOf(notice));
    const sent = channelId && message && (await this.#sendIn(channelId, notice, drawn, message));
    if (sent) return this.#set(notice, 'told', sent);
    if (notice.recipientId === 'admins') {
      this.deps.log.error({}, 'the bot cannot write in the admin channel: give it back its permissions there');
      return;
    }
    const isAnnounced =
      announcement && (await this.#sendIn(announcement.channelId, notice, drawn, announcement.message, true));
    this.#set(notice, isAnnounced ? 'announced' : inReply ? 'unreachable' : 'dropped');
  }

  #sendIn(
    channelId: string,
    { id, kind, version, owedAt, attempts }: Notice,
    { findBy }: DrawnNotice,
    draw: () => Message,
    isAnnouncement = false,
  ): Promise<MessageRef | undefined> {
    const key = messageKey(isAnnouncement ? 'announcement' : kind, { id, since: owedAt }, version);
    return sendOnce(this.deps.messenger, channelId, { key, findBy, mayBeSent: attempts > 0 }, draw);
  }

  async #channelOf({ recipientId }: Notice): Promise<string | undefined> {
    return recipientId === 'admins' ? this.deps.adminChannelId : this.deps.messenger.openDm(recipientId);
  }

  /** Without a sound; one that nobody read yet is dropped. */
  async #withdraw(notice: Notice, renderer: NoticeRenderer): Promise<void> {
    const over = renderer.over?.(notice);
    if (!over || !notice.message) return;
    try {
      await this.deps.messenger.edit(notice.message, over);
      this.#set(notice, 'dropped');
    } catch (err) {
      this.deps.log.warn({ err, notice: notice.kind, subject: notice.subjectId }, 'a message could not be changed yet');
    }
  }

  #set(notice: Notice, status: DeliveryStatus, message?: MessageRef): void {
    this.deps.transaction(() => {
      if (this.deps.store.setStatus(notice, status, message)) {
        this.#renderers.get(notice.kind)?.onStatus?.(notice, status);
      }
    });
  }
}
