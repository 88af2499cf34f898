import type { AccountServices } from '../accounts/create-accounts.js';
import type { Audit } from '../audit.js';
import type { Log } from '../log.js';
import type { AccountNoticeStore } from '../notices/account-notices.js';
import type { NoticeServices } from '../notices/create-notices.js';
import type { Messenger } from '../notices/messenger-port.js';
import type { Transaction } from '../transaction.js';
import { PinOwners } from './pin-owners.js';
import { PinWatch, type PinWatchDeps } from './pin-watch.js';

export interface PinPorts {
  readonly stores: {
    readonly accountNotices: AccountNoticeStore;
    readonly audit: Audit;
    readonly transaction: Transaction;
  };
  /** The server's folder, where it can be watched for PIN files. */
  readonly pins: Pick<PinWatchDeps, 'folder' | 'messages'> | undefined;
  readonly messenger: Messenger;
  readonly config: { readonly discord: { readonly adminChannelId: string } };
  readonly log: Log;
  readonly now: () => number;
}

/** Builds the watch for PIN files; undefined where there is no folder to watch. */
export function createPins(ports: PinPorts, { accounts, ownership, notices }: AccountServices & NoticeServices) {
  const { stores, messenger, log, now } = ports;
  const { accountNotices: store, audit, transaction } = stores;
  const owners = new PinOwners(accounts, ownership);
  const { adminChannelId } = ports.config.discord;
  return (
    ports.pins &&
    new PinWatch({
      ...ports.pins,
      ...{ notices, store, owners, ownership, messenger, transaction, audit, adminChannelId, log, now },
    })
  );
}
