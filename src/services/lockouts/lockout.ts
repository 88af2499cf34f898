import type { LogCursor, LogEntry } from '../accounts/activity-log.js';
import type { Device } from '../accounts/device.js';
import type { SignInDays } from '../history/history.js';
import type { MemberPreferences } from '../members/member-preferences.js';
import type { Message, MessageRef } from '../notices/messenger-port.js';
import type { PinWatch } from '../pins/pin-watch.js';
import type { Engine } from '../requests/create-requests.js';
import type { Unlocks } from '../unlocks/unlocks.js';

/** A failed sign-in, as the server's log has it; its sentence, with a name in it, is emptied once the account is known. */
export type FailedTry = Pick<LogEntry, 'at' | 'address' | 'text'>;

/** How a lockout ended. `open`: the account was opened without the bot; `again`: it was, unseen, as it was locked once more. */
export type LockoutEnd = 'unlocked' | 'open' | 'disabled' | 'gone' | 'again';

/** Whether the account's owners were told; undefined while that is still to be done. */
export type OwnersTold = 'told' | 'nobody' | 'unwanted' | 'closed' | 'tooMany' | 'over';

/** One lockout of one account; times are milliseconds since 1970. `unconfirmed`: only the log says so; `locked`: the account itself, when it was read. */
export interface Lockout {
  readonly id: number;
  readonly accountId: string;
  readonly accountName: string;
  readonly state: 'unconfirmed' | 'locked' | 'ended';
  /** By the server's clock. */
  readonly lockedAt: number;
  readonly tries: readonly FailedTry[];
  /** The address from which all the wrong passwords came, where that is sure. */
  readonly address: string | undefined;
  readonly owners: OwnersTold | undefined;
  readonly endedAt: number | undefined;
  readonly end: LockoutEnd | undefined;
  readonly unlockedBy: string | undefined;
  /** Whether it was an administrator's when it was locked. */
  readonly adminAccount: boolean;
  /** What checked its password when it was locked, where that was not Jellyfin itself: a new one changes nothing there. */
  readonly provider: string | undefined;
  /** When it is to end by itself, by our clock; undefined: when somebody ends it. */
  readonly opensAt: number | undefined;
  /** Whether it would, had the account not been opened so too often within a day. */
  readonly tooOften: boolean;
  /** The waiting request on whose card this lock is decided, as on its own nothing is. */
  readonly requestId: number | undefined;
}

/** What the account itself shows when a lockout is confirmed. */
export type FoundLocked = Pick<
  Lockout,
  'accountName' | 'tries' | 'address' | 'adminAccount' | 'provider' | 'opensAt' | 'tooOften'
>;

export type NewLockout = Pick<Lockout, 'accountId' | 'lockedAt' | 'tries'>;

/** A card in the admin channel, for all lockouts of a few minutes. */
export interface LockoutCard {
  readonly id: number;
  readonly begunAt: number;
  readonly message: MessageRef | undefined;
  /** Goes up with everything that it shows. */
  readonly version: number;
}

export interface LockoutStore {
  /** Up to which entry the activity log was read. */
  logCursor(): LogCursor | undefined;
  /** Adds lockouts from the log, in place of unconfirmed ones of the same account, and notes up to where the log was read. */
  take(cursor: LogCursor, found: readonly NewLockout[]): void;
  unconfirmed(): Lockout[];
  /** Removes an unconfirmed lockout, as the log was wrong. */
  drop(id: number): void;
  /** Notes that the account is locked. An earlier lockout of it must have ended unseen, and ends as `again`. */
  confirm(id: number, found: FoundLocked): void;
  /** Lockouts whose account was locked when it was last read, oldest first. */
  locked(): Lockout[];
  /** Notes who unlocked an account, or that nobody did after all; false when no lockout of it is known. */
  unlockedBy(accountId: string, actorId: string | undefined): boolean;
  setRequest(id: number, requestId: number | undefined): void;
  reschedule(id: number, opensAt: number | undefined): void;
  /** How often this lockout's account was locked within a day before it, and how often the bot opened it then. */
  dayBefore(id: number): { readonly locks: number; readonly opened: number };
  end(id: number, end: LockoutEnd, at: number): void;
  /** Lockouts whose owners are still to be told. */
  untold(): Lockout[];
  setOwners(id: number, owners: OwnersTold): void;
  /** Notes that the owners are to be told once more, as they changed. False when the account is not known to be locked. */
  tellAnew(accountId: string): boolean;
  byId(id: number): Lockout | undefined;
}

export interface LockoutCardStore {
  /** Locked accounts' lockouts that are on no card yet. */
  uncarded(): Lockout[];
  /**
   * The newest card that was begun within the longer time before or after `at` (the clock may have been corrected) and still
   * shows somebody locked, or within the shorter time.
   */
  newest(at: number, withinMs: number, anyWithinMs: number): LockoutCard | undefined;
  /** The newest card with a lockout of this account that was begun within that time before or after `at`. */
  ofAccount(accountId: string, at: number, withinMs: number): LockoutCard | undefined;
  begin(at: number): LockoutCard;
  join(lockoutId: number, cardId: number): void;
  /** Those whose message is out of date, or not sent yet. */
  stale(): LockoutCard[];
  lockoutsOf(cardId: number): Lockout[];
  /** Notes where its message stands. */
  placed(cardId: number, message: MessageRef): void;
  /** Notes which version its message shows. */
  shown(cardId: number, version: number): void;
}

/** A member says that somebody else locked the account. Times are milliseconds since 1970. */
export interface Denial {
  readonly id: number;
  readonly memberId: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly lockoutId: number;
  readonly at: number;
  /** Its message in the admin channel. */
  readonly message: MessageRef | undefined;
  readonly signedOutBy: string | undefined;
  readonly signedOutAt: number | undefined;
  /** Goes up with everything that its message shows. */
  readonly version: number;
}

type NewDenial = Pick<Denial, 'memberId' | 'accountId' | 'accountName' | 'lockoutId' | 'at'>;

export interface DenialStore {
  /** Adds a denial before anybody is told; undefined when this member has denied this lockout before. */
  begin(denial: NewDenial): Denial | undefined;
  /** Whether this member has denied this lockout. */
  has(memberId: string, lockoutId: number): boolean;
  /** Those whose message is out of date, or not sent yet. */
  stale(): Denial[];
  byId(id: number): Denial | undefined;
  placed(id: number, message: MessageRef): void;
  shown(id: number, version: number): void;
  /** Notes on every denial about an account that it was signed out everywhere. */
  signedOut(accountId: string, by: string, at: number): void;
}

/** What the server knows about sign-ins to an account. */
export interface SignInFacts {
  readonly tries: readonly FailedTry[];
  readonly signIns: readonly { readonly at: number; readonly address: string | undefined }[];
  readonly devices: readonly Device[];
}

/** Draws the messages about lockouts. */
export interface LockoutMessages {
  /** The message to an owner; `unlock`: whether its button unlocks at once, or asks. */
  toOwner(noticeId: number, memberId: string, lockout: Lockout, unlock: 'now' | 'ask'): Message;
  /** The same message once its owner has said that it was somebody else. */
  deniedByOwner(memberId: string, lockout: Lockout): Message;
  /** The same message when the lockout is over; one that its owner did not deny can still be denied. */
  over(noticeId: number, memberId: string, lockout: Lockout, mayDeny: boolean): Message;
  /** The same message for somebody who is not linked to the account any more. */
  notTheirs(memberId: string): Message;
  /** The card in the admin channel, for all the lockouts on it. */
  card(card: LockoutCard, lockouts: readonly Lockout[]): Message;
  /**
   * The message in the admin channel about a denial; without `facts` while the server does not answer. `hidden`: they are an
   * administrator's, and helpers read the channel, too.
   */
  denied(denial: Denial, facts: SignInFacts | 'hidden' | undefined): Message;
}

export interface LockoutPorts {
  readonly stores: {
    readonly lockouts: LockoutStore;
    readonly lockoutCards: LockoutCardStore;
    readonly denials: DenialStore;
    readonly memberPreferences: MemberPreferences;
    readonly signInDays: SignInDays;
  };
  readonly lockoutMessages: LockoutMessages;
  /** Undefined: no lock ends by itself. */
  readonly config: { readonly lockoutEndsAfterMs: number | undefined };
}

/** What lockouts stand on; `pins` is undefined where the server's folder cannot be watched. */
export type LockoutDeps = LockoutPorts & Engine & { readonly pins: PinWatch | undefined; readonly unlocks: Unlocks };
