import type { MessageRef } from './messenger-port.js';
import type { NoticeKind } from './kept-message.js';

/**
 * `due`: not sent; `told`: sent, or known in another way; `announced`: announced without detail where they asked;
 * `unreachable`: it could not be sent; `dropped`: not true any more. `announced` and `unreachable` notices are shown before
 * the next command's reply.
 */
export type DeliveryStatus = 'due' | 'told' | 'announced' | 'unreachable' | 'dropped';

/** A message that somebody is owed. Times are milliseconds since 1970. */
export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  /** The id of the row that it is about, such as a request. */
  readonly subjectId: string;
  /** A Discord user id, or `admins` for the admin channel. */
  readonly recipientId: string;
  readonly deliveryStatus: DeliveryStatus;
  /** How often it was owed, from 1. */
  readonly version: number;
  readonly owedAt: number;
  /** How many attempts to send it were begun. */
  readonly attempts: number;
  readonly message: MessageRef | undefined;
  /** In a channel of the server, where it stands: that there is something to know. */
  readonly announcement: MessageRef | undefined;
}

export type NewNotice = Pick<Notice, 'kind' | 'subjectId' | 'recipientId'>;

export interface NoticeStore {
  /** Adds a notice, unless there is one for this kind, subject and recipient. */
  owe(notice: NewNotice, at: number): void;
  /** Adds a notice, or makes the one that is there owed anew; `told`: its recipient knows already. */
  oweAgain(notice: NewNotice, at: number, status: 'due' | 'told'): void;
  byId(id: number): Notice | undefined;
  find(notice: NewNotice): Notice | undefined;
  /** Notices to be sent, oldest first; of one subject where that is given. */
  due(kind: NoticeKind, subjectId: string | undefined): Notice[];
  /** Notices that are `announced` or `unreachable`, oldest first. */
  owedTo(recipientId: string): Notice[];
  /** Notices whose message stands at Discord. */
  withMessage(kind: NoticeKind): Notice[];
  /** Notices whose announcement stands, and nothing of them is left to be told. */
  announcementsOver(): Notice[];
  setAnnouncement(id: number, message: MessageRef | undefined): void;
  /** Counts an attempt. */
  begin(id: number): void;
  /** Writes the status; false when the notice was owed anew meanwhile. */
  setStatus(notice: Pick<Notice, 'id' | 'version'>, status: DeliveryStatus, message: MessageRef | undefined): boolean;
}
