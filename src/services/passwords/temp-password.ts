import { randomBytes, randomInt } from 'node:crypto';
import type { LogCursor } from '../accounts/activity-log-reader.js';
import type { MessageRef } from '../notices/messenger-port.js';

/** 28 signs without look-alikes (no 0 o, 1 l i, u v as one of a pair): 12 of them are over 57 bits. */
const alphabet = '23456789abcdefghjkmnpqrstwxyz';

/** Makes up a temporary password: three groups of four, easy with a television's remote control. */
export function newTempPassword(): string {
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return [group(), group(), group()].join('-');
}

/** A password for nobody: it takes the place of a temporary one that was never used, and is forgotten at once. */
export function discardedPassword(): string {
  return randomBytes(32).toString('base64url');
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
  readonly place: MessageRef | undefined;
  readonly endedAt: number | undefined;
  readonly end: TempPasswordEnd | undefined;
  /** Up to here the server's log was read: first, right after the password was set. */
  readonly logCursor: LogCursor | undefined;
  /** The account's last sign-in when the password was set, 0 for never; undefined where it could not be read. */
  readonly baseSignIn: number | undefined;
  /** Since when it is known that somebody signed in with it. */
  readonly usedAt: number | undefined;
  /** A part of the server's log could not be read: who cannot be seen there may have acted all the same. */
  readonly isBlind: boolean;
  /** From this moment the server may have a password in its place that nobody knows. */
  readonly retiringAt: number | undefined;
  readonly scrubbedAt: number | undefined;
}

/**
 * `replaced`: by one of the person's own; `superseded`: by a newer one of the bot's; `expired`: never used, and replaced by
 * one nobody knows; `cut off`: the same, but somebody came in at that very moment; `unknown`: nobody can tell whether it was
 * used, so it was left alone; `gone`: the account is; `unlinked`: it is used, by somebody who does not own the account any
 * more; `not set`: the server did not take it.
 */
export type TempPasswordEnd =
  'replaced' | 'superseded' | 'expired' | 'cut off' | 'unknown' | 'gone' | 'unlinked' | 'not set';

/** Why a password is not to be read in its message any longer; `signed in`: the person said so. */
export type ScrubReason = Exclude<TempPasswordEnd, 'not set'> | 'signed in';

/** What was found out about a password, written in one go: a cursor without what was read up to it would lose that. */
export interface TempPasswordFinding {
  readonly logCursor?: LogCursor | undefined;
  readonly usedAt?: number | undefined;
  readonly isBlind?: boolean;
  readonly end?: TempPasswordEnd | undefined;
  readonly endedAt?: number | undefined;
  readonly scrub?: ScrubReason | undefined;
}

export interface TempPasswordStore {
  /** Written before the server is asked: a bot that is killed then knows that a password may have been set. */
  begin(entry: Pick<TempPassword, 'requestId' | 'accountId' | 'memberId' | 'begunAt' | 'expiresAt'>): void;
  /** The server has it; from here on it can be followed. */
  set(requestId: number, logCursor: LogCursor | undefined, baseSignIn: number | undefined): void;
  shown(requestId: number, at: number, place: MessageRef | undefined): void;
  /** Writes down what was found, unless the password has ended already: false then. */
  note(requestId: number, finding: TempPasswordFinding): boolean;
  /** Written before the server is asked to take it away; `undefined` once that is known not to have happened. */
  retiring(requestId: number, at: number | undefined): void;
  /** The message does not show it any more; `at` undefined: it is to be scrubbed for this reason. */
  scrub(requestId: number, reason: ScrubReason, at?: number): void;
  byRequest(requestId: number): TempPassword | undefined;
  /** Shown and not known to be replaced. */
  outstanding(): TempPassword[];
  outstandingOf(accountId: string): TempPassword[];
  /** The one that was begun last for an account, shown or not; without those that the server did not take. */
  newestOf(accountId: string): TempPassword | undefined;
  newestShownOf(accountId: string): TempPassword | undefined;
  toScrub(): { readonly password: TempPassword; readonly reason: ScrubReason }[];
}
