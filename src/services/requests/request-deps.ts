import type { NoticeDeps } from '../notices/create-notices.js';
import type { Message } from '../notices/messenger-port.js';
import type { RateLimitStore } from './rate-limits.js';
import type { Request, RequestMessages, RequestStore } from './request.js';

/** Draws what is said in direct messages where a request's card reaches nobody who may decide. */
export interface UnpostedMessages {
  /** That a request waits, why it comes this way, and what to do. */
  waits(recipientId: string, request: Request, why: 'closed' | 'noRole'): Message;
  /** What is left of that once the request waits no longer. */
  over(recipientId: string, request: Request): Message;
}

export interface RequestPorts {
  readonly stores: { readonly requests: RequestStore; readonly rateLimits: RateLimitStore };
  readonly messages: RequestMessages;
  readonly unpostedMessages: UnpostedMessages;
  readonly config: { readonly requestTtlMs: number };
}

/** What the engine of requests stands on. */
export type RequestDeps = RequestPorts &
  NoticeDeps & {
    readonly owners: {
      /** Notes which other owners of the account are to hear of a request that has just ended; in the transaction that ends it. */
      owe(request: Request): void;
    };
  };
