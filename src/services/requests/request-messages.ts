import type { Message } from '../notices/messenger-port.js';
import type { Account } from '../accounts/account.js';
import type { Link } from '../accounts/link.js';
import type { Request } from './request.js';

/** What a card says beside the request itself. */
export interface CardFacts {
  readonly link: Link | undefined;
  /** For a link request: the accounts that nobody has, to pick from. */
  readonly candidates: readonly { readonly id: string; readonly name: string }[];
  /** For a request by somebody who is linked to nothing: what the name stands for that they wrote down. */
  readonly named: Named | undefined;
  /** The other members whom that account belongs to. */
  readonly owners: readonly string[];
  /** Who else has the account whose password is to be another. */
  readonly sharedWith: readonly string[];
  readonly earlier: { readonly count: number; readonly last: number | undefined };
}

/** The account of a name; `unknown` while Jellyfin cannot be asked. */
export type Named = { readonly kind: 'account'; readonly account: Account } | { readonly kind: 'none' | 'unknown' };

/** Draws what people are told unasked about a request. The commands implement it: they decide what to say. */
export interface RequestMessages {
  /** The card in the admin channel, in whatever state the request is; names the roles that may decide a waiting one. */
  card(request: Request, facts: CardFacts, reminder: boolean): Message;
  /** What is left of a card whose request has a newer one. */
  movedCard(request: Request, newer: string): Message;
  /** The direct message to the member when a request is over. */
  outcome(request: Request): Message;
  /** In the server channel where the member asked: without detail, it names its one member. */
  outcomeAnnounced(request: Request): Message;
  /** The same as part of a reply. */
  outcomeInReply(request: Request): Message;
}

/** The custom id of the button that stands on a direct message about a request and on no other. */
export const requestButtonId = {
  card: (id: number) => `requests:approve:${id}`,
  linkCard: (id: number) => `requests:deny:${id}`,
  /** The version goes with it: a request that failed and was tried again ends twice. */
  outcome: (request: Pick<Request, 'id' | 'version'>) => `status:check:${request.id}:${request.version}`,
  /** Version 0 is no outcome's: the password is still to come. */
  coming: (id: number) => `status:check:${id}:0`,
  password: (id: number) => `resetpw:in:${id}`,
  /** Behind it waits a password whose member takes no direct messages. */
  show: (id: number) => `resetpw:show:${id}`,
} as const;
