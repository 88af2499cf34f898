import type { Account, NamedAccount } from '../accounts/account.js';
import type { Link } from '../accounts/link.js';
import type { NameFacts } from '../members/member-names.js';
import type { NoticeDeps } from '../notices/create-notices.js';
import type { Message } from '../notices/messenger-port.js';
import type { RateLimitStore } from './rate-limits.js';
import type { Request, RequestStore } from './request.js';

/** What a card says beside the request itself. */
export interface CardFacts {
  /** What the asker is called, while the request waits; undefined where that is not known. */
  readonly asker: NameFacts | undefined;
  readonly link: Link | undefined;
  /** For a link request: the accounts that nobody has, to pick from. */
  readonly candidates: readonly NamedAccount[];
  /** For a request by somebody who is linked to nothing: what the name stands for that they wrote down. */
  readonly named: Named | undefined;
  /** The other members whom that account belongs to. */
  readonly owners: readonly string[];
  /** Who else has the account whose password is to be another. */
  readonly sharedWith: readonly string[];
  readonly earlier: { readonly count: number; readonly last: number | undefined };
}

/** What of it everybody is to see who may link its asker. */
export type LinkingFacts = Pick<CardFacts, 'asker' | 'owners'>;

/** The account of a name; `unknown` while Jellyfin cannot be asked. */
export type Named = { readonly kind: 'account'; readonly account: Account } | { readonly kind: 'none' | 'unknown' };

/** What a notice to an owner depends on beside the request. */
export interface OwnerNoticeFacts {
  /** The asker owns the account, too. */
  readonly isLinked: boolean;
  /** It failed, but only after the server was asked to set a password. */
  readonly mayBeSet: boolean;
}

/** Draws what people are told unasked about a request. The commands implement it: they decide what to say. */
export interface RequestMessages {
  /** The card in the admin channel, in whatever state the request is; names the roles that may decide a waiting one. */
  card(request: Request, facts: CardFacts, reminder: boolean): Message;
  /** What is left of a card whose request has a newer one. */
  movedCard(request: Request, newer: string): Message;
  /** The direct message to the member when a request is over, and what is left of it once what it offers is. */
  outcome(request: Request): Message;
  outcomeOver(request: Request): Message | undefined;
  /** In the server channel where the member asked: without detail, it names its one member. */
  outcomeAnnounced(request: Request): Message;
  /** The same as part of a reply. */
  outcomeInReply(request: Request): Message;
  /** To an owner of an administrator's account, where the card reaches nobody who may decide: that it waits, and what to do. */
  unposted(recipientId: string, request: Request, why: 'closed' | 'noRole'): Message;
  /** What is left of that once the request waits no longer. */
  unpostedOver(recipientId: string, request: Request): Message;
  /** What was done with an owner's account, on whose request and whose approval. */
  ownerNotice(ownerId: string, request: Request, facts: OwnerNoticeFacts): Message;
  /** That somebody has a new password, or is linked beside others, without a card: one line for the admin channel. */
  adminsNotice(request: Request): Message;
}

export interface RequestPorts {
  readonly stores: {
    readonly requests: RequestStore;
    readonly rateLimits: RateLimitStore;
    /** Whether the server may have a password that was made for a request. */
    readonly tempPasswords: { mayBeSet(requestId: number): boolean };
  };
  readonly messages: RequestMessages;
  readonly config: { readonly requestTtlMs: number };
}

/** What the engine of requests stands on. */
export type RequestDeps = RequestPorts & NoticeDeps;
