import type { AccountDirectory } from '../accounts/account-directory.js';
import type { ServicePorts } from '../create-services.js';
import type { Audit } from '../audit.js';
import type { Events } from '../events.js';
import type { Greetings } from './link-greetings.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import { LinkSync } from './link-sync.js';
import { LinkNames } from './account-renames.js';
import { LinkNewsDesk } from './link-news.js';
import { LinkProofs } from './link-proofs.js';
import type { OwnerNotices } from './owner-notices.js';
import type { LinkMaker } from './link-maker.js';
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
  readonly greetings: Greetings;
  readonly owners: OwnerNotices;
  readonly events: Events;
  readonly audit: Audit;
  readonly maker: LinkMaker;
  readonly rateLimits: RateLimits;
}

/** Builds what makes links, follows them, and tells people of them. */
export function createLinking(ports: ServicePorts, made: Made) {
  const { accounts, jellyfin, permissions, requests, endings, greetings, owners, events, audit, maker, rateLimits } =
    made;
  const { messenger, members, linkMessages: messages, log, now } = ports;
  const { links: store, linkNews: news, transaction } = ports.stores;
  const desk = new LinkNewsDesk(news, messenger, messages, ports.config.discord.adminChannelId, log, now);
  const names = new LinkNames(store, news, desk, transaction, now);
  const links = new Links({
    ...{ store, maker, transaction, requests, endings, permissions, accounts, jellyfin, members },
    ...{ greetings, owners, news, desk, audit, events, now },
  });
  const proofs = new LinkProofs({
    ...{ links, jellyfin, members, rateLimits, messenger, messages, audit, log, now },
    store: ports.stores.linkProofs,
    quickConnect: ports.quickConnect,
    pollMs: ports.proofPollMs,
  });
  return {
    links,
    names,
    proofs,
    follow: new LinkSync({
      ...{ links: store, members, jellyfin, endings, events, names, news, desk, transaction, audit, log, now },
    }),
    /** At a start: carries on what a stopped bot left. */
    async resume(): Promise<void> {
      proofs.resume();
      await proofs.round(true);
      await greetings.round(true);
      await desk.tell(true);
    },
    /** Once a minute: what Discord's or Jellyfin's troubles delayed. */
    async round(): Promise<void> {
      await proofs.round();
      await greetings.round();
      await desk.tell();
    },
    async idle(): Promise<void> {
      await Promise.all([greetings.idle(), desk.idle()]);
    },
  };
}
