import type { ErrorCode } from '../../errors.js';
import type { MessageRef } from '../notices/messenger-port.js';
import type { DeliveryStatus } from '../notices/notice.js';
import {
  type Account,
  isRestricted,
  type LockState,
  lockState,
  type Restriction,
  wrongPasswords,
} from '../accounts/account.js';
import type { Link, LinkStore } from '../accounts/link.js';
import { everyoneToTell } from '../accounts/ownership.js';

export type RequestKind = 'unlock' | 'reset' | 'link' | 'enable' | 'provider' | 'pass';

/** Kinds that undo what an administrator decided: not for helpers. */
const adminKinds: ReadonlySet<RequestKind> = new Set(['enable', 'provider', 'pass']);

export type PassLength = 'quarter' | 'hour' | 'midnight' | 'forGood';

/** What a request for a pass asks to open, and for how long. */
export interface PassTerms {
  readonly restriction: Restriction;
  readonly lasts: PassLength;
  /** The midnight that is meant, in seconds since 1970. */
  readonly until?: number;
}

/** What was known of an account when something was asked for. */
export interface Snapshot {
  readonly state: LockState;
  readonly failedSignIns: number;
  readonly signInLimit: number;
  /** Milliseconds since 1970. */
  readonly lastSeen?: number;
  /** From which all the wrong passwords came that locked it, where Jellyfin's log is sure of it. */
  readonly address?: string;
  /** Certain hours, listed devices or home only: a new password alone may not let anybody in. */
  readonly isLimited?: boolean;
}

/** What is kept of an account as it was when something was asked for. */
export function snapshotOf(account: Account): Snapshot {
  const { signInLimit, lastSeen } = account;
  // A limit of devices keeps nobody out for good: a place gets free.
  const isLimited = (['hours', 'devices', 'remote'] as const).some((each) => isRestricted(account, each));
  return {
    ...{ state: lockState(account), failedSignIns: wrongPasswords(account), signInLimit },
    ...(lastSeen && { lastSeen: lastSeen.getTime() }),
    ...(isLimited && { isLimited }),
  };
}

/** `pending -> approved -> done | failed`, `pending -> denied | cancelled | expired`; a failed one may be approved again. */
export type RequestState = 'pending' | 'approved' | 'done' | 'failed' | 'denied' | 'cancelled' | 'expired';

/**
 * How a new password gets to its member: a direct message; a button *Show my password* that only they can press
 * (their direct messages are closed); or the private answer to the helper who ran the command (nobody is linked).
 */
type Delivery = 'dm' | 'button' | 'answer';

/** Why a request was denied, in the words that many want; they are read in each reader's own language. */
export const denyReasons = ['works', 'talk', 'later', 'who'] as const;
type DenyReason = (typeof denyReasons)[number];

/** Asked for by its member, with a card in the admin channel; or direct: done without asking, with none. */
type RequestOrigin = 'asked' | 'direct';

/** Something a member asked for. Times are milliseconds since 1970. */
export interface Request {
  readonly id: number;
  readonly kind: RequestKind;
  readonly state: RequestState;
  readonly memberId: string;
  /** Empty for a request that links until an admin has picked the account. */
  readonly accountId: string;
  /** As its asker wrote it, where they are not linked; from the approval on, as Jellyfin has it. */
  readonly accountName: string;
  /** Approving links its member to the account, which admins may do and helpers may not. */
  readonly linksOnApproval: boolean;
  /** The account that the card offers to approve: what its name stands for. */
  readonly offeredId: string | undefined;
  /** Whether the account was an administrator's when it was asked for: what was approved as ordinary stays so. */
  readonly adminAccount: boolean;
  readonly snapshot: Snapshot | undefined;
  /** Of a request for a pass. */
  readonly pass: PassTerms | undefined;
  /** The server channel it was asked in; undefined for a direct message. */
  readonly askedInChannelId: string | undefined;
  readonly createdAt: number;
  readonly decidedAt: number | undefined;
  readonly decidedBy: string | undefined;
  readonly endedAt: number | undefined;
  /** Why it was denied: picked from a list, and in words of one's own beside. */
  readonly denyReason: DenyReason | undefined;
  readonly reason: string | undefined;
  readonly failure: ErrorCode | undefined;
  readonly delivery: Delivery | undefined;
  /** Goes up with everything that the card shows. */
  readonly version: number;
  /** The card in the admin channel; a helper's own act has none. */
  readonly card: MessageRef | undefined;
  /** The version that the card at Discord shows. */
  readonly cardVersion: number | undefined;
  readonly origin: RequestOrigin;
  /** The direct message that this request is about. */
  readonly notice: MessageRef | undefined;
  /** Of the notice to its member about how it stands; undefined where there was none. */
  readonly deliveryStatus: DeliveryStatus | undefined;
  /** How often its execution was begun. */
  readonly attempts: number;
}

/** Whether it was asked for by an account's name, by somebody who is to be linked to that account as well. */
export function isByName(request: Request): request is Request & { readonly kind: 'unlock' | 'reset' } {
  return request.linksOnApproval && (request.kind === 'unlock' || request.kind === 'reset');
}

/**
 * Whether helpers may decide it, as admins do: what links somebody, undoes what an administrator decided, or is about an
 * administrator's account, is the admins'.
 */
export function helpersMayDecide({ kind, linksOnApproval, adminAccount }: Request): boolean {
  return !linksOnApproval && !adminAccount && !adminKinds.has(kind);
}

/** Whether it gives its member a new password. */
export function setsPassword(kind: RequestKind): boolean {
  return kind === 'reset' || kind === 'provider';
}

/** Whether nothing more will happen to a request by itself. */
export function isOver(state: RequestState): boolean {
  return state !== 'pending' && state !== 'approved';
}

/** Whether somebody did this for themselves, without asking anybody. */
export function isOwnAct({ origin, decidedBy, memberId }: Request): boolean {
  return origin === 'direct' && decidedBy === memberId;
}

/** Whether a request was ended by a decision about another one, which made it needless. */
export function isOvertaken({ state, decidedBy }: Request): boolean {
  return state === 'cancelled' && decidedBy !== undefined;
}

/** What somebody who asks is told. */
export interface Asked {
  readonly request: Request;
  /** False when it was open already. */
  readonly isNew: boolean;
  /** Whether those who may decide can know of it. */
  readonly isReaching: boolean;
  /** When it ends if nobody decides; milliseconds since 1970. */
  readonly endsAt: number;
}

export type NewRequest = Pick<
  Request,
  'kind' | 'memberId' | 'accountId' | 'accountName' | 'adminAccount' | 'createdAt' | 'origin'
> &
  Partial<
    Pick<Request, 'linksOnApproval' | 'snapshot' | 'pass' | 'askedInChannelId' | 'decidedBy' | 'delivery' | 'notice'>
  > & { readonly state: 'pending' | 'approved' };

/** What a request keeps of the account that it is about. */
export function aboutAccount({ id, name, isAdministrator }: Account) {
  return { accountId: id, accountName: name, adminAccount: isAdministrator };
}

/** What goes with a change of state; `deliveryStatus`: the member is to hear of it, or knows. */
export type StateChange = Partial<
  Pick<
    Request,
    | 'decidedBy'
    | 'decidedAt'
    | 'endedAt'
    | 'denyReason'
    | 'reason'
    | 'failure'
    | 'delivery'
    | 'accountId'
    | 'accountName'
  >
> & { readonly deliveryStatus?: 'due' | 'told' };

/** Where requests are kept. Methods that return undefined found no row in the state asked for: somebody was first. */
export interface RequestStore {
  /** Undefined when the member has an open request of this kind for the account already. */
  insert(request: NewRequest): Request | undefined;
  byId(id: number): Request | undefined;
  /** `restriction`: of a request for a pass. */
  open(memberId: string, accountId: string, kind: RequestKind, restriction?: Restriction): Request | undefined;
  openOf(memberId: string): Request[];
  pending(): Request[];
  /** Those of them that are of this kind and about this account. */
  waiting(kind: RequestKind, accountId: string): Request[];
  /** What its member had asked for the same account, or by the same name, before a request; not what was made for them unasked. */
  earlier(id: number): { count: number; last: number | undefined };
  /** When this member asked, oldest first, from a moment up to now; not what helpers did for them by themselves. */
  askedBetween(memberId: string, since: number, now: number): number[];
  move(id: number, from: readonly RequestState[], to: RequestState, change: StateChange): Request | undefined;
  /** Approves a failed request again, with a clean start: a new direct message, a new count of attempts. */
  reopen(id: number, decidedBy: string, at: number, adminAccount: boolean): Request | undefined;
  /** Makes a waiting request by name an ordinary one for an account; undefined too when there is such a one already. */
  setAccount(id: number, account: Account, snapshot: Snapshot): Request | undefined;
  /** Adds to what is known of the account of a waiting request. */
  noteAddress(id: number, address: string): Request | undefined;
  /** Counts one more attempt at executing an approved request. */
  begin(id: number): Request | undefined;
  /** The card at Discord, and the version that it shows. */
  setCard(id: number, card: MessageRef, version: number, remindedAt: number | undefined): Request | undefined;
  /** The direct message that a request is about, which is how it is delivered then. */
  setNotice(id: number, notice: MessageRef): void;
  /** Notes which account the card of a request by name offers; another than before is another version. */
  setOffered(id: number, accountId: string | undefined): void;
  /** What the card shows has changed elsewhere: it is drawn anew. */
  touch(id: number): Request | undefined;
  /** The same for all waiting requests that offer this account. */
  touchOffering(accountId: string): Request[];
  /** Approved ones, those whose member is to be told, and those whose card shows an old state. */
  unfinished(): Request[];
  toRemind(createdBefore: number): Request[];
  toExpire(createdBefore: number): Request[];
  /** Being executed at this moment for a member, or on their decision; one that waits for a press is not. */
  isWorkedOnFor(memberId: string): boolean;
  /** Approved passwords that nobody came to see. */
  uncollected(decidedBefore: number): Request[];
}

/** The links of an account that matter at this place. */
type LinksOf = (accountId: string) => readonly Link[];

/** The members who own the account that approving a request links its asker to, or has linked them to, beside the asker. */
export function otherOwners(linksOf: LinksOf, request: Request): string[] {
  return request.linksOnApproval ? ownersBeside(linksOf, request) : [];
}

/** The members who own the account of a request beside its asker. */
export function ownersBeside(linksOf: LinksOf, request: Request): string[] {
  const accountId = request.accountId === '' ? request.offeredId : request.accountId;
  if (accountId === undefined) return [];
  return linksOf(accountId)
    .map(({ memberId }) => memberId)
    .filter((memberId) => memberId !== request.memberId);
}

/**
 * Who is to hear of a request that has just ended, beside its member and whoever approved it: the other owners, whose
 * account has a further owner, another password, or a pass that an admin gave it, and the admins, where no card told them.
 */
export function ownersToTell(links: Pick<LinkStore, 'everyOfAccount'>, request: Request): string[] {
  const { kind, state, origin, memberId, decidedBy } = request;
  const isOfAll = setsPassword(kind) || (kind === 'pass' && origin === 'direct');
  const isTold = isOfAll || request.linksOnApproval;
  const owners = isTold ? ownersBeside((id) => everyoneToTell(links, id), request) : [];
  // That somebody has proved an account is news about links.
  const isProof = kind === 'link' && decidedBy === memberId;
  const isUnseen = origin === 'direct' && state === 'done' && (setsPassword(kind) || kind === 'link') && !isProof;
  return [...owners.filter((owner) => owner !== decidedBy), ...(isUnseen ? ['admins'] : [])];
}

/** The custom ids of buttons that stand on one message about a request each, by which it is found again. */
export function requestButtonIds({ id, version, linksOnApproval, adminAccount }: Request) {
  const decide = `requests:${linksOnApproval ? 'deny' : 'approve'}:${id}`;
  return {
    /** On an administrator's account's the other stood formerly. */
    card: adminAccount ? [`requests:details:${id}`, decide] : [decide],
    /** The version goes with it: a request that failed and was tried again ends twice. */
    outcome: `status:check:${id}:${version}`,
    /** Version 0 is no outcome's: the password is still to come. */
    coming: `status:check:${id}:0`,
    password: `resetpw:in:${id}`,
    /** Behind it waits a password whose member takes no direct messages. */
    show: `resetpw:show:${id}`,
  };
}
