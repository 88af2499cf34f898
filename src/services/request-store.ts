import type { ErrorCode } from '../errors.js';
import type { Delivery, MessagePlace, Request, RequestKind, RequestState, Snapshot, Word } from './request.js';

export interface NewRequest {
  readonly kind: RequestKind;
  readonly state: 'pending' | 'approved';
  readonly memberId: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly adminAccount: boolean;
  readonly links?: boolean;
  readonly snapshot?: Snapshot | undefined;
  readonly placeChannelId?: string | undefined;
  readonly createdAt: number;
  readonly decidedBy?: string;
  readonly delivery?: Delivery;
  readonly wantsCard: boolean;
  readonly notice?: MessagePlace;
}

/** What goes with a change of state. */
export interface Move {
  readonly decidedBy?: string;
  readonly decidedAt?: number;
  readonly endedAt?: number;
  readonly reason?: string;
  readonly failure?: ErrorCode;
  readonly word?: Word;
  readonly accountId?: string;
  readonly accountName?: string;
}

/** Where requests are kept. Methods that return undefined found no row in the state asked for: somebody was first. */
export interface RequestStore {
  /** Undefined when the member has an open request of this kind for the account already. */
  insert(request: NewRequest): Request | undefined;
  byId(id: number): Request | undefined;
  open(memberId: string, accountId: string, kind: RequestKind): Request | undefined;
  openOf(memberId: string): Request[];
  pending(): Request[];
  /** What its member had asked for the same account, or by the same name, before a request; not what was made for them unasked. */
  earlier(id: number): { count: number; last: number | undefined };
  /** When this member asked, oldest first, from a moment up to now; not what helpers did for them by themselves. */
  askedBetween(memberId: string, since: number, now: number): number[];
  move(id: number, from: readonly RequestState[], to: RequestState, change: Move): Request | undefined;
  /** Approves a failed request again, with a clean start: a new direct message, a new count of attempts. */
  reopen(id: number, decidedBy: string, at: number, adminAccount: boolean): Request | undefined;
  /** Makes a waiting request by name an ordinary one for an account; undefined too when there is such a one already. */
  setAccount(
    id: number,
    account: { readonly id: string; readonly name: string },
    isAdministrator: boolean,
    snapshot: Snapshot,
  ): Request | undefined;
  /** Counts one more attempt at the effect of an approved request. */
  begin(id: number): Request | undefined;
  setCard(id: number, card: MessagePlace, version: number, remindedAt?: number): void;
  setCardVersion(id: number, version: number): void;
  setNotice(id: number, notice: MessagePlace): void;
  setDelivery(id: number, delivery: Delivery, word?: Word): Request | undefined;
  setOffered(id: number, accountId: string | undefined): void;
  /** What the card of a waiting request shows has changed elsewhere: it is drawn anew. */
  touch(id: number): void;
  /** The same for all waiting requests that offer this account; gives back which. */
  touchOffering(accountId: string): number[];
  setWord(id: number, word: Word): Request | undefined;
  /** What a member is to hear first thing at their next command. */
  owedTo(memberId: string): Request[];
  /** Approved ones, those whose member is to be told, and those whose card shows an old state. */
  unfinished(): Request[];
  toRemind(createdBefore: number): Request[];
  toExpire(createdBefore: number): Request[];
  /** Being carried out at this moment for a member, or on their decision; one that waits for a press is not. */
  isWorkedOnFor(memberId: string): boolean;
  /** Approved passwords that nobody came to see. */
  uncollected(decidedBefore: number): Request[];
}
