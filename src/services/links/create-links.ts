import type { AccountDirectory } from '../accounts/account-directory.js';
import type { ServicePorts } from '../create-services.js';
import type { Audit } from '../audit.js';
import type { Events } from '../events.js';
import { LinkGreetings } from './link-greetings.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import { LinkSync } from './link-sync.js';
import { LinkNames } from './account-renames.js';
import { LinkNewsDesk } from './link-news.js';
import { LinkProofNotices, LinkProofs } from './link-proofs.js';
import type { Outbox } from '../notices/outbox.js';
import type { OwnerNotices } from './owner-notices.js';
import type { LinkMaker } from '../requests/link-maker.js';
import type { RequestExecutor } from '../requests/request-executor.js';
import { Links } from './links.js';
import type { RateLimits } from '../requests/rate-limits.js';
import type { Permissions } from '../accounts/permissions.js';
import type { RequestEndings } from '../requests/request-endings.js';
import type { Requests } from '../requests/requests.js';

interface Made {
  readonly accounts: AccountDirectory;
  readonly jellyfin: Jellyfin;
  readonly permissions: Permissions;
  readonly requests: Requests;
  readonly endings: RequestEndings;
  readonly outbox: Outbox;
  readonly executor: RequestExecutor;
  readonly owners: OwnerNotices;
  readonly events: Events;
  readonly audit: Audit;
  readonly maker: LinkMaker;
  readonly rateLimits: RateLimits;
}

/** Builds what makes links, follows them, and tells people of them. */
export function createLinking(ports: ServicePorts, made: Made) {
  const {
    accounts,
    jellyfin,
    permissions,
    requests,
    endings,
    executor,
    outbox,
    owners,
    events,
    audit,
    maker,
    rateLimits,
  } = made;
  const { members, linkMessages: messages, log, now } = ports;
  const { links: store, linkNews, linkProofs, transaction } = ports.stores;
  const news = new LinkNewsDesk({ store: linkNews, outbox, messages, transaction, now });
  outbox.register(['linkNews'], news);
  outbox.register(['greeting'], new LinkGreetings(store, messages));
  outbox.register(['proofEnded'], new LinkProofNotices(linkProofs, messages));
  const names = new LinkNames(store, news, transaction);
  const links = new Links({
    ...{ store, maker, transaction, requests, endings, executor, permissions, accounts, jellyfin, members },
    ...{ outbox, owners, news, audit, events, now },
  });
  const proofs = new LinkProofs({
    ...{ links, jellyfin, members, rateLimits, outbox, transaction, audit, log, now },
    store: linkProofs,
    quickConnect: ports.quickConnect,
    pollMs: ports.proofPollMs,
  });
  return {
    links,
    names,
    proofs,
    follow: new LinkSync({
      ...{ links: store, members, jellyfin, endings, executor, events, names, news, transaction, audit, log, now },
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
