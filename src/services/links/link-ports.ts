import type { Link } from '../accounts/link.js';
import type { QuickConnect } from '../accounts/quick-connect-port.js';
import type { Message } from '../notices/messenger-port.js';
import type { Engine } from '../requests/create-requests.js';

/**
 * What becomes of links, but for those that admins make: `proved` by a code; `unlinked` by an admin; `left`: their member is away, and the link sleeps;
 * `back`; `dropped` after a month of sleep; `unproved`: it sleeps, as the account is an administrator's; the account was `renamed` or `deleted`; `otherServer`: none of the linked
 * accounts is there any more.
 */
export type LinkNewsKind =
  'proved' | 'unlinked' | 'left' | 'back' | 'dropped' | 'unproved' | 'renamed' | 'deleted' | 'otherServer';

export interface LinkNews {
  readonly kind: LinkNewsKind;
  /** Empty for `otherServer`. */
  readonly memberId: string;
  readonly accountName: string;
  readonly newName?: string | undefined;
  /** The admin who took it away. */
  readonly removedBy?: string | undefined;
}

export interface LinkNewsStore {
  /** Puts it into a batch, or into one of its own. */
  add(news: LinkNews, at: number, batch: number | undefined): { readonly id: number; readonly batch: number };
  byId(id: number): LinkNews | undefined;
  ofBatch(batch: number): LinkNews[];
  /** Whether there is such news, told or not, that has not been settled since. */
  isKnown(kind: LinkNewsKind): boolean;
  /** It is not so any more: the next time it is news again. */
  settle(kind: LinkNewsKind): void;
}

/**
 * How a code went with which somebody was to prove an account. `linked` and `already`: confirmed; `replaced` by a newer
 * code; `refused`: it was an administrator's account, and its member no admin; `bySignIn`: perhaps confirmed by the bot itself,
 * with `/signin`; `left`: its member is not in the server any more; `failed`: confirmed, and the link could not be made.
 */
export type ProofOutcome =
  'linked' | 'already' | 'refused' | 'bySignIn' | 'expired' | 'replaced' | 'quickConnectOff' | 'left' | 'failed';

/** A code that was given out. Its secret is in the memory of the bot that asked for it, and nowhere else. */
export interface LinkProof {
  readonly id: number;
  readonly memberId: string;
  /** The bot's own device, made up for this one code: where its session is found, and signed out. */
  readonly deviceId: string;
  readonly begunAt: number;
  readonly expiresAt: number;
  readonly outcome: ProofOutcome | undefined;
  readonly accountId: string | undefined;
  readonly accountName: string | undefined;
}

export type ProofEnd = Partial<Pick<LinkProof, 'accountId' | 'accountName'>> & { readonly outcome: ProofOutcome };

export interface LinkProofStore {
  begin(proof: Pick<LinkProof, 'memberId' | 'deviceId' | 'begunAt' | 'expiresAt'>): LinkProof;
  byId(id: number): LinkProof | undefined;
  /** False when it had ended already. */
  end(id: number, end: ProofEnd, at: number): boolean;
  signedOut(id: number, at: number): void;
  open(): LinkProof[];
  openOf(memberId: string): LinkProof[];
  /** Ended, and their device perhaps still signed in. */
  notSignedOut(): LinkProof[];
}

/** Draws what people are told unasked about links. */
export interface LinkMessages {
  /** The first direct message after a link: what it is, and what the bot will write about. */
  greeting(link: Link): Message;
  /** The same as part of a reply, as it could not be sent. */
  greetingInReply(link: Link): Message;
  /** That a link sleeps until it is proved, as its account is an administrator's. */
  unproved(link: Link): Message;
  /** To whoever owned an account: that an admin took their link away; `id`: of the news of it. */
  unlinked(id: number, news: LinkNews): Message;
  /** The card about news that go out together. */
  news(batch: number, news: readonly LinkNews[]): Message;
  /** How a code ended, to somebody whose answer cannot be changed any more. */
  proofEnded(proof: LinkProof): Message;
  /** To the admins: somebody who holds no admin role proved an administrator's account. */
  proofRefused(proof: LinkProof): Message;
}

export interface LinkPorts {
  readonly stores: {
    readonly linkNews: LinkNewsStore;
    readonly linkProofs: LinkProofStore;
    readonly deviceSignIns: {
      /** Whether the bot has let a device in to this account since then. */
      anySince(accountId: string, at: number): boolean;
    };
  };
  readonly quickConnect: QuickConnect;
  readonly linkMessages: LinkMessages;
  /** Between two looks whether a code was confirmed. */
  readonly proofPollMs?: number | undefined;
}

/** What links stand on. */
export type LinkDeps = LinkPorts & Engine;
