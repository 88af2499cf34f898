import type { AccountServices } from '../accounts/create-accounts.js';
import type { LinkStore } from '../accounts/link.js';
import type { Audit } from '../audit.js';
import type { Log } from '../log.js';
import type { Members } from '../members/member-lookup-port.js';
import type { AccountNoticeStore } from '../notices/account-notices.js';
import type { NoticeServices } from '../notices/create-notices.js';
import type { Messenger } from '../notices/messenger-port.js';
import type { Transaction } from '../transaction.js';
import { PinOwners } from './pin-owners.js';
import { PinWatch, type PinWatchDeps } from './pin-watch.js';

export interface PinPorts {
  readonly stores: {
    readonly links: LinkStore;
    readonly accountNotices: AccountNoticeStore;
    readonly audit: Audit;
    readonly transaction: Transaction;
  };
  /** The server's folder, where it can be watched for PIN files. */
  readonly pins: Pick<PinWatchDeps, 'folder' | 'messages'> | undefined;
  readonly members: Members;
  readonly messenger: Messenger;
  readonly config: { readonly discord: { readonly adminChannelId: string } };
  readonly log: Log;
  readonly now: () => number;
}

/** Builds the watch for PIN files; undefined where there is no folder to watch. */
export function createPins(ports: PinPorts, { accounts, notices }: AccountServices & NoticeServices) {
  const { stores, members, messenger, log, now } = ports;
  const { links, accountNotices: store, audit, transaction } = stores;
  const owners = new PinOwners(accounts, links, members);
  const { adminChannelId } = ports.config.discord;
  return (
    ports.pins &&
    new PinWatch({
      ...ports.pins,
      ...{ notices, store, owners, links, messenger, transaction, audit, adminChannelId, log, now },
    })
  );
}
