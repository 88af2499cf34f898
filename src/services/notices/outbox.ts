import { KeyedMutex } from '../../keyed-mutex.js';
import { calmly, type Log } from '../log.js';
import type { Members } from '../members/actor.js';
import type { Transaction } from '../transaction.js';
import type { AdminChannel } from './admin-channel.js';
import { type KeptMessages, messageKey, type NoticeKind, sendOnce } from './kept-message.js';
import type { Message, MessageRef, Messenger } from './messenger-port.js';
import type { DeliveryStatus, NewNotice, Notice, NoticeStore } from './notice.js';

/** A notice as it is to be sent, drawn as things are now. */
export interface DrawnNotice {
  /** Custom ids; one of them stands on this message, and on no other message. */
  readonly findBy: readonly string[];
  /** Draws the direct message; absent where the recipient is known to take none. */
  readonly message?: () => Message;
  /** Tells without detail, in the server channel where they asked, that there is something to know. */
  readonly announcement?: { readonly channelId: string; readonly message: () => Message } | undefined;
  /**
   * What is shown before the next command's reply: the same message, its text without the buttons, or one that this draws. A
   * notice without it is dropped when it cannot be sent.
   */
  readonly inReply?: 'same' | 'text' | (() => Message);
  /** It makes an offer, and is shown again until that is taken. */
  readonly isOffer?: boolean;
}

/** Draws the notices of a capability. */
export interface NoticeRenderer {
  /** Draws a notice. Undefined: it is not true any more, or not for its recipient to know; `later`: a later round asks again. */
  draw(notice: Notice): DrawnNotice | 'later' | undefined;
  /** The message that replaces one that is not true any more; undefined while it is true. */
  over?(notice: Notice): Message | undefined;
  /** Whether another service sends these notices, and the round does not. */
  readonly isSentElsewhere?: boolean;
  /** Called in the transaction that writes a new status. */
  onStatus?(notice: Notice, status: DeliveryStatus): void;
}

/** A notice to be shown before a reply. */
export interface OwedReply {
  readonly message: Message;
  readonly delivered: () => void;
}

export interface OutboxPorts {
  readonly stores: { readonly notices: NoticeStore; readonly transaction: Transaction };
  readonly messenger: Messenger;
  readonly members: Members;
  /** A message as part of a reply. */
  readonly asAnswer: (message: Message, hasButtons: boolean) => Message;
  /** What is left of an announcement, in the language of whom it was for. */
  readonly announcementOver: (recipientId: string) => Message;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * The messages that people are owed. Each is sent once, whatever stops the bot: by direct message, else announced where they
 * asked, else shown before the reply to their next command.
 */
export class Outbox {
  readonly #renderers = new Map<NoticeKind, NoticeRenderer>();
  readonly #locks = new KeyedMutex<number>();
  readonly #store: NoticeStore;

  constructor(
    private readonly ports: OutboxPorts,
    private readonly kept: KeptMessages,
    private readonly adminChannel: AdminChannel,
  ) {
    this.#store = ports.stores.notices;
  }

  /** Registers the renderer of these kinds. */
  register(kinds: readonly NoticeKind[], renderer: NoticeRenderer): void {
    for (const kind of kinds) this.#renderers.set(kind, renderer);
  }

  /** Notes, in the transaction that brings it about, that somebody is owed a message; once for each subject. */
  owe(notice: NewNotice): void {
    this.#store.owe(notice, this.ports.now());
  }

  /** The same, also where they were told of this subject before. */
  oweAgain(notice: NewNotice): void {
    this.#store.oweAgain(notice, this.ports.now(), 'due');
  }

  /** The notice to the admins that no attempt was made to send: its subject may still grow. */
  notBegun(kind: NoticeKind): Notice | undefined {
    return this.#store.due(kind, undefined).find(({ attempts }) => attempts === 0);
  }

  /** Whether its recipient has it. */
  isTold(notice: NewNotice): boolean {
    return this.#store.find(notice)?.deliveryStatus === 'told';
  }

  /** Whether this notice was ever owed. */
  wasOwed(notice: NewNotice): boolean {
    return this.#store.find(notice) !== undefined;
  }

  /** Notes that the recipient knows in another way (`told`), or need not know (`dropped`). */
  settle(notice: NewNotice, status: 'told' | 'dropped' = 'told'): void {
    const owed = this.#store.find(notice);
    if (owed) this.#set(owed, status);
  }

  /**
   * Sends due notices, of one subject where that is given. Never throws, as nobody may be waiting for it: notices that trouble
   * at Discord or the bot's end delays are sent in a later round.
   */
  async deliver(kinds: readonly NoticeKind[], subjectId?: string): Promise<void> {
    try {
      for (const kind of kinds) {
        for (const { id } of this.#store.due(kind, subjectId)) await this.#locks.run(id, () => this.#deliver(id));
      }
    } catch (err) {
      this.ports.log.warn({ err, notices: kinds }, 'messages that are owed could not be sent yet');
    }
  }

  /** Once a minute: sends due notices, replaces messages that are not true any more, and takes the buttons of announcements that are read. */
  async round(): Promise<void> {
    for (const [kind, renderer] of this.#renderers) {
      if (!renderer.isSentElsewhere) await this.deliver([kind]);
      if (renderer.over) for (const notice of this.#store.withMessage(kind)) await this.#withdraw(notice, renderer);
    }
    for (const notice of this.#store.announcementsOver())
      await this.#calmly(notice, 'an announcement could not be changed yet', () => this.#endAnnouncement(notice));
  }

  /** The notices to be shown before a member's next reply, oldest first. */
  owedTo(memberId: string): OwedReply[] {
    return this.#store.owedTo(memberId).flatMap((notice) => {
      const drawn = this.#renderers.get(notice.kind)?.draw(notice);
      if (drawn === 'later') return [];
      if (!drawn?.inReply) {
        this.#set(notice, 'dropped');
        return [];
      }
      const status = drawn.isOffer ? 'announced' : 'told';
      return [{ message: this.#inReply(drawn), delivered: () => this.#set(notice, status) }];
    });
  }

  #inReply({ message, inReply }: DrawnNotice): Message {
    if (typeof inReply === 'function') return inReply();
    return this.ports.asAnswer(message?.() ?? {}, inReply === 'same');
  }

  /** Resolves when nothing is being sent. */
  idle(): Promise<void> {
    return this.#locks.idle();
  }

  async #deliver(id: number): Promise<void> {
    const notice = this.#store.byId(id);
    const renderer = notice && this.#renderers.get(notice.kind);
    if (!renderer || notice.deliveryStatus !== 'due') return;
    await this.#calmly(notice, 'a message could not be sent yet', async () => {
      let drawn = renderer.draw(notice);
      // What has to wait is not asked about each minute.
      if (drawn && drawn !== 'later' && notice.recipientId !== 'admins') {
        const member = await this.ports.members.find(notice.recipientId);
        // Drawn again, as a link counts by the roles of this moment, and sleeps once its member is known to have left.
        drawn = renderer.draw(notice);
        // Who has left the server learns no more.
        if (!member && drawn !== 'later') drawn = undefined;
      }
      if (!drawn) this.#set(notice, 'dropped');
      else if (drawn !== 'later') await this.#send(notice, drawn);
    });
  }

  async #send(notice: Notice, drawn: DrawnNotice): Promise<void> {
    // Counted before it is sent: a bot that was killed while sending then looks for the message.
    this.#store.begin(notice.id);
    const { message, announcement, inReply } = drawn;
    const channelId = message && (await this.kept.channelOf(notice.recipientId));
    const sent = channelId && message && (await this.#sendIn(channelId, notice, drawn, message));
    const isForAdmins = notice.recipientId === 'admins';
    const isNews = isForAdmins && this.adminChannel.sent(sent !== undefined);
    if (sent) return this.#set(notice, 'told', sent);
    if (isForAdmins) {
      if (isNews)
        this.ports.log.error({}, 'the bot cannot write in the admin channel: give it back its permissions there');
      return;
    }
    await this.#endAnnouncement(notice);
    const announced =
      announcement && (await this.#sendIn(announcement.channelId, notice, drawn, announcement.message, true));
    this.ports.stores.transaction(() => {
      if (announced) this.#store.setAnnouncement(notice.id, announced);
      this.#set(notice, announced ? 'announced' : inReply ? 'unreachable' : 'dropped');
    });
  }

  /** One that stands is read, or gives way to a newer one. */
  async #endAnnouncement({ id, announcement, recipientId }: Notice): Promise<void> {
    if (!announcement) return;
    await this.kept.revise('lastWord', announcement, this.ports.announcementOver(recipientId));
    this.#store.setAnnouncement(id, undefined);
  }

  #sendIn(
    channelId: string,
    { id, kind, version, owedAt, attempts }: Notice,
    { findBy }: DrawnNotice,
    draw: () => Message,
    isAnnouncement = false,
  ): Promise<MessageRef | undefined> {
    const key = messageKey(isAnnouncement ? 'announcement' : kind, { id, since: owedAt }, version);
    return sendOnce(this.ports.messenger, channelId, { key, findBy, mayBeSent: attempts > 0 }, draw);
  }

  /** Replaces a message that is not true any more, which makes no sound. */
  async #withdraw(notice: Notice, renderer: NoticeRenderer): Promise<void> {
    const { message } = notice;
    const over = renderer.over?.(notice);
    if (!over || !message) return;
    await this.#calmly(notice, 'a message could not be changed yet', async () => {
      await this.kept.revise('lastWord', message, over);
      this.#set(notice, 'dropped');
    });
  }

  #calmly({ kind, subjectId }: Notice, message: string, work: () => Promise<void>): Promise<void> {
    return calmly(this.ports.log, { notice: kind, subject: subjectId }, message, work);
  }

  #set(notice: Notice, status: DeliveryStatus, message?: MessageRef): void {
    this.ports.stores.transaction(() => {
      if (this.#store.setStatus(notice, status, message)) {
        this.#renderers.get(notice.kind)?.onStatus?.(notice, status);
      }
    });
  }
}
