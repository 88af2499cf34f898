import { randomInt } from 'node:crypto';
import type { MessagePlace } from './request.js';

/** 28 signs without look-alikes (no 0 o, 1 l i, u v as one of a pair): 12 of them are over 57 bits. */
const alphabet = '23456789abcdefghjkmnpqrstwxyz';

/** Makes up a temporary password: three groups of four, easy with a television's remote control. */
export function newTempPassword(): string {
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return [group(), group(), group()].join('-');
}

/** What is kept of a temporary password, so that it can be followed to its end: never the password. */
export interface TempPassword {
  readonly requestId: number;
  readonly accountId: string;
  readonly memberId: string;
  /** Milliseconds since 1970. From this moment the server may have it. */
  readonly begunAt: number;
  readonly shownAt: number | undefined;
  readonly expiresAt: number;
  readonly place: MessagePlace | undefined;
  readonly endedAt: number | undefined;
}

/** `signed in`: the person said so; `superseded`: a newer one was made for the account. */
export type TempPasswordEnd = 'signed in' | 'superseded';

export interface TempPasswordStore {
  /** Written before the server is asked: a bot that is killed then knows that a password may have been set. */
  begin(entry: Pick<TempPassword, 'requestId' | 'accountId' | 'memberId' | 'begunAt' | 'expiresAt'>): void;
  shown(requestId: number, at: number, place: MessagePlace | undefined): void;
  end(requestId: number, at: number, end: TempPasswordEnd): boolean;
  byRequest(requestId: number): TempPassword | undefined;
  /** Shown and not known to be replaced. */
  outstanding(): TempPassword[];
  outstandingOf(accountId: string): TempPassword[];
}
