import type { Message } from '../notices/messenger-port.js';
import type { Request } from '../requests/request.js';
import type { TempPassword, TempPasswordNotice } from './temp-password.js';

/** Draws what people hear unasked about their temporary passwords. */
export interface PasswordMessages {
  word(word: TempPasswordNotice, password: TempPassword, request: Request): Message;
  /** In the server channel where the member asked: without detail, it names its one member. */
  wordInPlace(word: TempPasswordNotice, request: Request): Message;
  /** A reminder that is not true any more. */
  reminderOver(request: Request): Message;
}

/** The custom id of the button that stands on this word and on no other. */
export function tempPasswordMark({ kind }: Pick<TempPasswordNotice, 'kind'>, request: Request): string {
  // No outcome of a request has so high a version.
  const page = { 'reminder 1': 900_001, 'reminder 2': 900_002, end: 900_003 }[kind];
  const { id, accountId, delivery } = request;
  return delivery === 'answer' ? `resetpw:now:${accountId}:${id}` : `status:check:${id}:${page}`;
}
