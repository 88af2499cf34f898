import type { Log } from '../log.js';
import type { Transaction } from '../transaction.js';
import { type AccountNoticeMessages, type AccountNoticeStore, AccountNotices } from './account-notices.js';
import { KeptMessages } from './kept-message.js';
import type { Messenger } from './messenger-port.js';
import type { NoticeStore } from './notice.js';
import { Outbox } from './outbox.js';

export interface NoticePorts {
  readonly stores: {
    readonly notices: NoticeStore;
    readonly accountNotices: AccountNoticeStore;
    readonly transaction: Transaction;
  };
  readonly messenger: Messenger;
  readonly lockoutMessages: AccountNoticeMessages;
  readonly config: { readonly discord: { readonly adminChannelId: string } };
  readonly log: Log;
  readonly now: () => number;
}

/** Builds the ways to tell people something: the outbox, messages that change, and notices about accounts. */
export function createNotices({ stores, messenger, lockoutMessages, config, log, now }: NoticePorts) {
  const { transaction } = stores;
  const { adminChannelId } = config.discord;
  const kept = new KeptMessages(messenger, adminChannelId, log);
  const store = stores.accountNotices;
  return {
    kept,
    outbox: new Outbox({ store: stores.notices, messenger, kept, adminChannelId, transaction, log, now }),
    notices: new AccountNotices({ store, messenger, kept, messages: lockoutMessages, now }),
  };
}

export type NoticeServices = ReturnType<typeof createNotices>;
