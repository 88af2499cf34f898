import type { AccountServices } from '../accounts/create-accounts.js';
import type { LinkStore } from '../accounts/link.js';
import type { Audit } from '../audit.js';
import type { Events } from '../events.js';
import type { Log } from '../log.js';
import type { MemberNames } from '../members/member-names.js';
import type { Members } from '../members/member-lookup-port.js';
import type { NoticeServices } from '../notices/create-notices.js';
import type { NoticeStore } from '../notices/notice.js';
import type { Transaction } from '../transaction.js';
import { LinkMaker } from './link-maker.js';
import { OutcomeNotices } from './outcome-notices.js';
import { RateLimits, type RateLimitStore } from './rate-limits.js';
import { cardLook, RequestCards } from './request-cards.js';
import { RequestEndings } from './request-endings.js';
import { RequestExecutor, type RequestExecutorDeps } from './request-executor.js';
import type { RequestMessages, RequestStore } from './request.js';
import { Requests } from './requests.js';
import { type UnpostedMessages, UnpostedRequests } from './unposted-requests.js';

export interface RequestPorts {
  readonly stores: {
    readonly requests: RequestStore;
    readonly links: LinkStore;
    readonly memberNames: MemberNames;
    readonly notices: NoticeStore;
    readonly rateLimits: RateLimitStore;
    readonly audit: Audit;
    readonly transaction: Transaction;
  };
  readonly members: Members;
  readonly messages: RequestMessages;
  readonly unpostedMessages: UnpostedMessages;
  readonly config: { readonly discord: { readonly adminChannelId: string }; readonly requestTtlMs: number };
  readonly log: Log;
  readonly now: () => number;
}

/** Builds the engine of requests; the kinds of requests register with its executor. */
export function createRequests(
  { stores, members, messages, unpostedMessages, config, log, now }: RequestPorts,
  earlier: AccountServices &
    NoticeServices & { readonly owners: RequestExecutorDeps['owners']; readonly events: Events },
) {
  const { accounts, jellyfin, ownership, permissions, adminChannel, kept, outbox, owners, events } = earlier;
  const { requests: store, links, notices, audit, transaction } = stores;
  const { adminChannelId } = config.discord;
  const look = cardLook(accounts, links, log);
  const unposted = new UnpostedRequests({
    ...{ store, ownership, adminChannel, members, outbox, transaction },
    messages: unpostedMessages,
  });
  outbox.register(['unposted'], unposted);
  const cards = new RequestCards({
    store,
    ownership,
    names: stores.memberNames,
    kept,
    messages,
    adminChannelId,
    adminChannel,
    look,
    unposted,
    log,
  });
  outbox.register(['outcome'], new OutcomeNotices({ store, ownership, messages }));
  const executor = new RequestExecutor({
    ...{ store, ownership, members, permissions, cards, outbox, owners, transaction, audit, log, now },
  });
  const linkMaker = new LinkMaker({ links, requests: store, notices, audit, events, transaction });
  const endings = new RequestEndings({ store, executor, members, transaction, now });
  const requests = new Requests({
    ...{ store, links, ownership, jellyfin, permissions, executor, linkMaker, outbox, endings, adminChannel },
    ...{ transaction, now, requestTtlMs: config.requestTtlMs },
  });
  return { requests, executor, endings, cards, linkMaker, rateLimits: new RateLimits(stores.rateLimits, now) };
}

export type RequestServices = ReturnType<typeof createRequests>;
