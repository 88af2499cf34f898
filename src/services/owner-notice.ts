import type { LinkStore } from './accounts/link.js';
import type { Request, RequestState } from './requests/request.js';
import type { TempPasswordStore } from './passwords/temp-password.js';

/**
 * That an owner is to hear of what was done with their account because somebody else asked, or got a new password. `due`: is to be told; `told`:
 * was; `next`: could not be reached, and hears of it at their next command; `moot`: the account is not theirs any more.
 */
export interface OwnerNotice {
  readonly id: number;
  readonly requestId: number;
  readonly memberId: string;
  readonly way: 'due' | 'told' | 'next' | 'moot';
  /** How often its sending was begun. */
  readonly attempts: number;
}

export interface OwnerNoticeStore {
  /** Once for each owner, however often it is asked for. */
  owe(requestId: number, memberId: string): void;
  /** They need not hear of it any more. */
  drop(requestId: number, memberId: string): void;
  /** Those about requests that are over, and whose owner has not heard of that end yet. */
  due(): OwnerNotice[];
  /** What an owner is to hear first thing at their next command. */
  owedTo(memberId: string): OwnerNotice[];
  /** Counts one more attempt. */
  begin(id: number): void;
  /** `of`: the state of the request that this is about. */
  setWay(id: number, way: OwnerNotice['way'], of: RequestState): void;
}

/** What such a word depends on beside the request. */
export interface OwnerNoticeFacts {
  /** Whoever asked owns the account, too. */
  readonly isLinked: boolean;
  /** It failed, but only after the server was asked to set a password. */
  readonly mayBeSet: boolean;
}

/** Looks them up at the moment at which the word is said. */
export function ownerNoticeFacts(
  stores: { readonly links: Pick<LinkStore, 'find'>; readonly tempPasswords: Pick<TempPasswordStore, 'byRequest'> },
  { id, kind, state, memberId, accountId }: Request,
): OwnerNoticeFacts {
  const password = kind === 'reset' && state === 'failed' ? stores.tempPasswords.byRequest(id) : undefined;
  return {
    isLinked: stores.links.find(memberId, accountId) !== undefined,
    mayBeSet: password !== undefined && password.end !== 'not set',
  };
}
