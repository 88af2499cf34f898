import type { MessageRef } from '../notices/messenger-port.js';

/** A failed sign-in that was this account's for sure. Times are milliseconds since 1970. */
export interface FailedTry {
  /** By the server's clock. */
  readonly at: number;
  readonly address: string | undefined;
  /** What the log says, names in it, until it is known whose it was. */
  readonly text: string;
}

/**
 * How a lockout ended; `open` is whatever opened the account without the bot's having a part in it, `again` where that was
 * seen only by the next lockout of the account.
 */
export type LockoutEnd = 'unlocked' | 'open' | 'disabled' | 'gone' | 'again';

/** What became of telling the account's owners; undefined while that is still to be done. */
export type OwnersTold = 'told' | 'nobody' | 'unwanted' | 'closed' | 'tooMany' | 'over';

/** One lockout of one account. `seen` is what the log says, `locked` what the account itself said when it was asked. */
export interface Lockout {
  readonly id: number;
  readonly accountId: string;
  readonly accountName: string;
  readonly state: 'seen' | 'locked' | 'ended';
  /** By the server's clock. */
  readonly lockedAt: number;
  readonly tries: readonly FailedTry[];
  /** The one address that all the wrong passwords came from, where that is sure. */
  readonly address: string | undefined;
  readonly owners: OwnersTold | undefined;
  readonly cardId: number | undefined;
  readonly endedAt: number | undefined;
  readonly end: LockoutEnd | undefined;
  readonly unlockedBy: string | undefined;
  /** Whether it was an administrator's when it was locked. */
  readonly adminAccount: boolean;
}

/** What the account itself said. */
export type FoundLocked = Pick<Lockout, 'accountName' | 'tries' | 'address' | 'adminAccount'>;

export interface NewLockout {
  readonly accountId: string;
  readonly lockedAt: number;
  readonly tries: readonly FailedTry[];
}

/** The admin channel's card, for all the lockouts of a few minutes. */
export interface LockoutCard {
  readonly id: number;
  readonly begunAt: number;
  readonly place: MessageRef | undefined;
  /** Goes up with everything that it shows. */
  readonly version: number;
}

/** Up to where the activity log was read. The id is 0 where the log was empty. */
export interface LogPosition {
  readonly id: number;
  readonly date: string;
}

export interface LockoutStore {
  position(): LogPosition | undefined;
  /** What was read and up to where, in one go; one that is seen and not confirmed yet is replaced by a newer one. */
  take(position: LogPosition, seen: readonly NewLockout[]): void;
  seen(): Lockout[];
  /** The log was wrong. */
  drop(id: number): void;
  /** A locked account is not locked again: an earlier lockout of it has ended, though nobody saw it. */
  confirm(id: number, found: FoundLocked): void;
  /** Locked as far as is known, oldest first. */
  standing(): Lockout[];
  /** Notes who unlocked an account; false when no lockout of it is known. */
  unlockedBy(accountId: string, actorId: string): boolean;
  end(id: number, end: LockoutEnd, at: number): void;
  /** Whose owners are still to be told. */
  untold(): Lockout[];
  setOwners(id: number, owners: OwnersTold): void;
  /** Who owns the account has changed: its owners are to be told once more. False when it is not known to be locked. */
  tellAnew(accountId: string): boolean;
  byId(id: number): Lockout | undefined;
}

export interface LockoutCardStore {
  /** Locked ones that stand on no card yet. */
  uncarded(): Lockout[];
  /**
   * The newest card begun so near to that time, on either side of it (a clock may have been put right meanwhile), if
   * somebody on it is still locked, or it was begun nearer still.
   */
  newest(at: number, withinMs: number, anyWithinMs: number): LockoutCard | undefined;
  /** The card of this account's newest lockout, if that card was begun so near to that time. */
  ofAccount(accountId: string, at: number, withinMs: number): LockoutCard | undefined;
  begin(at: number): LockoutCard;
  join(lockoutId: number, cardId: number): void;
  /** Whose message shows less than is known, or is not there. */
  stale(): LockoutCard[];
  lockoutsOf(cardId: number): Lockout[];
  placed(cardId: number, place: MessageRef): void;
  shown(cardId: number, version: number): void;
}

/** A member's word that a lockout was somebody else's doing. Times are milliseconds since 1970. */
export interface Denial {
  readonly id: number;
  readonly memberId: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly lockoutId: number;
  readonly at: number;
  /** Its message in the admin channel. */
  readonly place: MessageRef | undefined;
  readonly signedOutBy: string | undefined;
  readonly signedOutAt: number | undefined;
  /** Goes up with everything that its message shows. */
  readonly version: number;
}

export type NewDenial = Pick<Denial, 'memberId' | 'accountId' | 'accountName' | 'lockoutId' | 'at'>;

export interface DenialStore {
  /** Written before anybody is told; undefined when this member has denied this lockout before. */
  begin(denial: NewDenial): Denial | undefined;
  /** Whose message shows less than is known, or is not there. */
  stale(): Denial[];
  placed(id: number, place: MessageRef): void;
  shown(id: number, version: number): void;
  /** Notes on every denial about an account that it was signed out everywhere. */
  signedOut(accountId: string, by: string, at: number): void;
}
