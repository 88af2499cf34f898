import type { AccountDeps } from '../accounts/create-accounts.js';
import { type AccountNoticePorts, AccountNotices } from './account-notices.js';
import { AdminChannel, type DecidingRoleIds } from './admin-channel.js';
import { KeptMessages } from './kept-message.js';
import { Outbox, type OutboxPorts } from './outbox.js';

export type NoticePorts = OutboxPorts &
  AccountNoticePorts & {
    readonly config: { readonly discord: DecidingRoleIds & { readonly adminChannelId: string } };
  };

/** Builds the ways to tell people something: the outbox, messages that change, and notices about accounts. */
export function createNotices(ports: NoticePorts) {
  const { discord } = ports.config;
  const adminChannel = new AdminChannel(discord.adminChannelId, discord);
  const kept = new KeptMessages(ports.messenger, adminChannel, ports.log);
  const outbox = new Outbox(ports, kept, adminChannel);
  return { adminChannel, kept, outbox, notices: new AccountNotices(ports, kept) };
}

export type NoticeServices = ReturnType<typeof createNotices>;

/** Accounts, the ways to tell people something, and what they stand on. */
export type NoticeDeps = AccountDeps & NoticePorts & NoticeServices;
