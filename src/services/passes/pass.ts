import type { ErrorCode } from '../../errors.js';
import { hourMs, isRecent, minuteMs } from '../../time.js';
import type { LogCursor } from '../accounts/activity-log.js';
import type { Restriction, RestrictionFields } from '../accounts/account.js';
import type { Message } from '../notices/messenger-port.js';
import type { Engine } from '../requests/create-requests.js';
import type { PassLength, PassTerms, Request } from '../requests/request.js';

/**
 * How a pass ended. `putBack`: the restriction is as it was; `changed`: an administrator has changed it meanwhile, and that
 * stays; `gone`: the account was deleted; `forGood`: it was not to be put back.
 */
export type PassEnd = 'putBack' | 'changed' | 'gone' | 'forGood';

export interface PassDevice {
  readonly id: string;
  readonly name: string;
}

/** What was known of an account's devices right before any device could sign in. */
export interface DevicesBefore {
  /** The ids of those that were signed in. */
  readonly known: readonly string[];
  readonly log: LogCursor | undefined;
}

/** A restriction of an account that is open for a while. Times are milliseconds since 1970. */
export interface Pass {
  readonly id: number;
  readonly requestId: number;
  readonly accountId: string;
  readonly restriction: Restriction;
  /** What is to be put back. */
  readonly before: RestrictionFields;
  /** For a pass on the list of devices. */
  readonly devicesBefore: DevicesBefore | undefined;
  /** Devices that have signed in while it was open, and were not on the list. */
  readonly signedIn: readonly PassDevice[];
  /** Since when it is known to be open. */
  readonly openedAt: number | undefined;
  /** Undefined until it is open. */
  readonly endsAt: number | undefined;
  /** Who ended it before its time. */
  readonly endedBy: string | undefined;
  /** What is being put back; written before the server is. */
  readonly putsBack: RestrictionFields | undefined;
  /** Why it could not be put back yet. */
  readonly failure: ErrorCode | undefined;
  readonly endedAt: number | undefined;
  readonly end: PassEnd | undefined;
}

export type NewPass = Pick<Pass, 'requestId' | 'accountId' | 'restriction' | 'before' | 'devicesBefore'>;

/** Where passes are kept. Methods that return undefined or false found no row in the state asked for. */
export interface PassStore {
  /** Undefined when there is a pass for this account and restriction that has not ended. */
  begin(pass: NewPass): Pass | undefined;
  byId(id: number): Pass | undefined;
  /** The newest one for a request. */
  ofRequest(requestId: number): Pass | undefined;
  /** Those of an account that have not ended. */
  ofAccount(accountId: string): Pass[];
  /** All that have not ended. */
  open(): Pass[];
  /** The restriction was not open after all: this is to be put back now. */
  beginAgain(id: number, before: RestrictionFields, devicesBefore: DevicesBefore | undefined): boolean;
  opened(id: number, at: number, endsAt: number | undefined): Pass | undefined;
  /** Somebody ends it before its time. */
  endEarly(id: number, by: string): boolean;
  noteSignedIn(id: number, devices: readonly PassDevice[]): void;
  putsBack(id: number, fields: RestrictionFields): void;
  /** Notes why it could not be put back; false when that is known already. */
  fail(id: number, failure: ErrorCode): boolean;
  end(id: number, end: PassEnd, at: number): boolean;
}

/** Draws what is told unasked of a pass. */
export interface PassMessages {
  /** That a restriction is open though its time is over, and why. */
  stillOpen(pass: Pass, request: Request): Message;
  /** What takes the place of that message once it is closed. */
  closedNow(pass: Pass, request: Request): Message;
  /** To an owner: that somebody else has ended it before its time. */
  endedEarly(memberId: string, pass: Pass, request: Request): Message;
}

export interface PassPorts {
  readonly stores: { readonly passes: PassStore };
  readonly passMessages: PassMessages;
}

/** What passes stand on. */
export type PassDeps = PassPorts & Engine;

/** Whether it is open, as far as is known. */
export function isOpen({ openedAt, endedAt }: Pass): boolean {
  return openedAt !== undefined && endedAt === undefined;
}

/** Whether its time is over. A clock that went back to before it was opened does not prolong it. */
export function isOver({ openedAt, endsAt, endedBy }: Pass, now: number): boolean {
  if (endedBy !== undefined) return true;
  return openedAt !== undefined && endsAt !== undefined && !isRecent(openedAt, now, endsAt - openedAt);
}

const lengthsMs: Partial<Record<PassLength, number>> = { quarter: 15 * minuteMs, hour: hourMs };

/** When a pass ends that is opened now; undefined for one for good. */
export function endOf({ lasts, until }: PassTerms, now: number): number | undefined {
  if (lasts === 'midnight') return until === undefined ? now : until * 1000;
  const ms = lengthsMs[lasts];
  return ms === undefined ? undefined : now + ms;
}

/** Tonight's midnight by this machine's clock, in seconds since 1970, as Discord counts. */
export function midnightAfter(now: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime() / 1000;
}

/** How long a restriction may be opened. */
export function lengthsOf(restriction: Restriction): readonly PassLength[] {
  const isLasting = restriction === 'remote' || restriction === 'devices';
  return ['quarter', 'hour', 'midnight', ...(isLasting ? (['forGood'] as const) : [])];
}
