import type { Message } from '../notices/messenger-port.js';
import type { Request } from '../requests/request.js';
import type { ScrubReason, TempPassword } from './temp-password.js';

/** What people hear about their temporary passwords, each once; the subject is the password's request. */
export const passwordNoticeKinds = ['passwordReminder1', 'passwordReminder2', 'passwordEnd'] as const;

export type PasswordNoticeKind = (typeof passwordNoticeKinds)[number];

/** Draws the message of a temporary password, and what people hear unasked about it. */
export interface PasswordMessages {
  /** The direct message that proves the way before a password is made. */
  passwordComing(request: Request): Message;
  passwordShown(request: Request, password: string): Message;
  /** The same message when it turned out that no password can be shown there. */
  passwordNotShown(request: Request): Message;
  /** The same message when the password is no longer to be read there. */
  passwordScrubbed(request: Request, why: ScrubReason): Message;
  notice(kind: PasswordNoticeKind, password: TempPassword, request: Request): Message;
  /** In the server channel where the member asked: without detail, it names its one member. */
  noticeAnnounced(kind: PasswordNoticeKind, request: Request): Message;
  /** The same notice as part of a reply. */
  noticeInReply(kind: PasswordNoticeKind, password: TempPassword, request: Request): Message;
  /** A reminder that is not true any more. */
  reminderOver(request: Request): Message;
}

/** The custom id of the button that stands on this notice and on no other. */
export function tempPasswordMark(kind: PasswordNoticeKind, { id, accountId, delivery }: Request): string {
  return delivery === 'answer' ? `resetpw:now:${accountId}:${id}` : `status:check:${id}.${kind}`;
}
