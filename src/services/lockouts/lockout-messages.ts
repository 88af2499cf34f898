import type { Denial, FailedTry, Lockout, LockoutCard } from './lockout.js';
import type { Message } from '../notices/messenger-port.js';
import type { Device } from '../accounts/activity-log-port.js';

/** What the server knows about sign-ins to an account; undefined in its whole where it does not answer. */
export interface SignInFacts {
  readonly tries: readonly FailedTry[];
  readonly signIns: readonly { readonly at: number; readonly address: string | undefined }[];
  readonly devices: readonly Device[];
}

/** Draws what people are told unasked about lockouts. */
export interface LockoutMessages {
  /** `unlock`: whether pressing for it unlocks at once, or asks. */
  toOwner(wordId: number, to: string, lockout: Lockout, unlock: 'now' | 'ask'): Message;
  /** The same message when the lockout is over. */
  over(wordId: number, to: string, lockout: Lockout): Message;
  /** The same message for somebody who is not linked to the account any more, and learns no more of it. */
  notTheirs(to: string): Message;
  /** The card in the admin channel, for all the lockouts on it. */
  card(card: LockoutCard, lockouts: readonly Lockout[]): Message;
  /** The word in the admin channel that it was somebody else. */
  denied(denial: Denial, facts: SignInFacts | undefined): Message;
}

/** The custom ids of buttons that stand on one message in the admin channel and on no other. */
export const lockoutMark = {
  unlock: (accountId: string, cardId: number) => `unlock:now:${accountId}:${cardId}`,
  signOut: (accountId: string, denialId: number) => `status:sign-out:${accountId}:${denialId}`,
} as const;
