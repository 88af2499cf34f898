import type { MessageRef } from './messenger-port.js';
import type { KeyedMessage } from './kept-message.js';

/** What a notice is about; each capability registers how its own are said. */
export type NoticeKind = Extract<
  KeyedMessage,
  | 'outcome'
  | 'passwordReminder1'
  | 'passwordReminder2'
  | 'passwordEnd'
  | 'ownerOfDone'
  | 'ownerOfFailed'
  | 'greeting'
  | 'proofEnded'
  | 'linkNews'
>;

/**
 * `due`: not sent; `told`: sent, or heard in another way; `announced`: announced without detail where they asked, and
 * `unreachable`: not sent at all: both are shown before the next command's reply; `dropped`: not true any more.
 */
export type DeliveryStatus = 'due' | 'told' | 'announced' | 'unreachable' | 'dropped';

/** A message that somebody is owed. Times are milliseconds since 1970. */
export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  /** The row that it is about, such as a request's id. */
  readonly subjectId: string;
  /** A Discord user id, or `admins` for the admin channel. */
  readonly recipientId: string;
  readonly deliveryStatus: DeliveryStatus;
  /** How often it was owed, from 1. */
  readonly version: number;
  readonly owedAt: number;
  /** How often its sending was begun. */
  readonly attempts: number;
  readonly message: MessageRef | undefined;
}

export type NewNotice = Pick<Notice, 'kind' | 'subjectId' | 'recipientId'>;

export interface NoticeStore {
  /** Owed once: nothing happens where there is such a notice. */
  owe(notice: NewNotice, at: number): void;
  /** Owed whatever was said before; `told`: it is known to its recipient already. */
  oweAgain(notice: NewNotice, at: number, status: 'due' | 'told'): void;
  byId(id: number): Notice | undefined;
  find(notice: NewNotice): Notice | undefined;
  /** Oldest first; of one subject where that is given. */
  due(kind: NoticeKind, subjectId?: string): Notice[];
  /** Announced to somebody, or not sent to them at all; oldest first. */
  owedTo(recipientId: string): Notice[];
  /** With a message that stands at Discord. */
  withMessage(kind: NoticeKind): Notice[];
  /** Counts one more attempt. */
  begin(id: number): void;
  /** False when it was owed again meanwhile. */
  setStatus(notice: Pick<Notice, 'id' | 'version'>, status: DeliveryStatus, message?: MessageRef): boolean;
}
