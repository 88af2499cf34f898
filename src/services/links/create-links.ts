import { AppError } from '../../errors.js';
import type { AccountServices } from '../accounts/create-accounts.js';
import type { LinkStore } from '../accounts/link.js';
import type { QuickConnect } from '../accounts/quick-connect-port.js';
import type { Audit } from '../audit.js';
import type { Events } from '../events.js';
import type { Log } from '../log.js';
import type { Members } from '../members/member-lookup-port.js';
import type { NoticeServices } from '../notices/create-notices.js';
import type { RequestServices } from '../requests/create-requests.js';
import type { RequestStore } from '../requests/request.js';
import type { Transaction } from '../transaction.js';
import {
  LinkGreetings,
  type GreetingMessages,
  LinkNewsDesk,
  type LinkNewsMessages,
  type LinkNewsStore,
} from './link-notices.js';
import { LinkProofNotices, LinkProofs, type LinkProofMessages, type LinkProofStore } from './link-proofs.js';
import { LinkSync } from './link-sync.js';
import { Links } from './links.js';
import { ownerNoticeKinds, type OwnerNoticeMessages, OwnerNotices, type OwnerNoticesDeps } from './owner-notices.js';

export interface LinkPorts {
  readonly stores: {
    readonly links: LinkStore;
    readonly linkNews: LinkNewsStore;
    readonly linkProofs: LinkProofStore;
    readonly requests: RequestStore;
    readonly tempPasswords: OwnerNoticesDeps['tempPasswords'];
    readonly audit: Audit;
    readonly transaction: Transaction;
  };
  readonly members: Members;
  readonly quickConnect: QuickConnect;
  readonly linkMessages: GreetingMessages & LinkNewsMessages & LinkProofMessages & OwnerNoticeMessages;
  /** Between two looks whether a code was confirmed. */
  readonly proofPollMs?: number | undefined;
  readonly log: Log;
  readonly now: () => number;
}

interface Earlier extends AccountServices, NoticeServices, RequestServices {
  readonly owners: OwnerNotices;
  readonly events: Events;
}

/** Builds what tells the other owners of an account what was done with it; requests stand on it. */
export function createOwnerNotices(
  { stores, members, linkMessages: messages }: LinkPorts,
  { ownership, outbox }: AccountServices & NoticeServices,
) {
  const owners = new OwnerNotices({ ...stores, ownership, members, outbox, messages });
  outbox.register(ownerNoticeKinds, owners);
  return owners;
}

/** Builds what makes links, follows them, and tells people of them. */
export function createLinks(ports: LinkPorts, earlier: Earlier) {
  const {
    accounts,
    jellyfin,
    ownership,
    permissions,
    requests,
    endings,
    executor,
    outbox,
    owners,
    events,
    rateLimits,
    passwordChanges,
  } = earlier;
  const { members, linkMessages: messages, log, now } = ports;
  const { links: store, linkNews, linkProofs, audit, transaction } = ports.stores;
  // Approving one makes the link, so that executing it has nothing left to do.
  executor.register('link', {
    changesAccount: false,
    execute: async (request) => {
      // One that was taken away since is not given back here.
      if (!ownership.has(request.memberId, request.accountId)) throw new AppError('linkGone');
      return executor.finish(request, 'due');
    },
  });
  const news = new LinkNewsDesk({ store: linkNews, outbox, messages, transaction, now });
  outbox.register(['linkNews'], news);
  outbox.register(['greeting', 'linkUnproved'], new LinkGreetings(store, messages));
  outbox.register(['proofEnded', 'proofRefused'], new LinkProofNotices(linkProofs, messages));
  const links = new Links({
    ...{
      store,
      ownership,
      maker: earlier.linkMaker,
      transaction,
      requests,
      endings,
      executor,
      permissions,
      accounts,
      jellyfin,
      members,
    },
    ...{ outbox, owners, news, audit, events, now },
  });
  const proofs = new LinkProofs({
    ...{ links, jellyfin, passwordChanges, members, rateLimits, outbox, transaction, audit, log, now },
    store: linkProofs,
    quickConnect: ports.quickConnect,
    pollMs: ports.proofPollMs,
  });
  return {
    links,
    proofs,
    follow: new LinkSync({
      ...{ links: store, members, jellyfin, passwordChanges, endings, executor, events, outbox, news },
      ...{ transaction, audit, log, now },
    }),
    /** At a start: carries on what a stopped bot left. */
    async resume(): Promise<void> {
      proofs.resume();
      await proofs.round();
    },
    /** Once a minute: what Jellyfin's troubles delayed. */
    round: () => proofs.round(),
  };
}
