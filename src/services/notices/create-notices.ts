import { type AccountNoticePorts, AccountNotices } from './account-notices.js';
import { KeptMessages } from './kept-message.js';
import { Outbox, type OutboxPorts } from './outbox.js';

export type NoticePorts = OutboxPorts & AccountNoticePorts;

/** Builds the ways to tell people something: the outbox, messages that change, and notices about accounts. */
export function createNotices(ports: NoticePorts) {
  const kept = new KeptMessages(ports.messenger, ports.config.discord.adminChannelId, ports.log);
  return { kept, outbox: new Outbox(ports, kept), notices: new AccountNotices(ports, kept) };
}

export type NoticeServices = ReturnType<typeof createNotices>;
