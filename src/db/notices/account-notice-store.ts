import type { Database } from 'better-sqlite3';
import type { AccountNotice, AccountNoticeStore } from '../../services/notices/account-notices.js';
import { Table } from '../rows.js';

export const accountNotices = new Table<AccountNotice>('account_notices', {
  id: 'integer',
  accountKey: 'text',
  accountName: 'text',
  recipientId: 'text',
  kind: 'text',
  occasionKey: 'text',
  file: 'text?',
  sentAt: 'integer',
  expiresAt: 'integer?',
  isOver: ['boolean', 'ended_at IS NOT NULL'],
  message: ['message?', ''],
});

/** The messages about accounts that nobody asked for: to whom, when and where, never what they say. */
export function createAccountNoticeStore(db: Database): AccountNoticeStore {
  const { all, find, insert, run, exists } = accountNotices.statements(db);
  const sent = 'FROM account_notices WHERE occasion_key = ?1 AND recipient_id = ?2 AND message_id IS NOT NULL';
  return {
    begin: insert(`
      INSERT INTO account_notices (account_key, account_name, recipient_id, kind, occasion_key, file, sent_at, expires_at)
      VALUES (@accountKey, @accountName, @recipientId, @kind, @occasionKey, @file, @sentAt, @expiresAt)`),
    placed: run(`
      UPDATE account_notices SET channel_id = ?2 ->> 'channelId', message_id = ?2 ->> 'messageId' WHERE id = ?1`),
    renew: run(`
      UPDATE account_notices SET occasion_key = ?2 ->> 'occasionKey', file = ?2 ->> 'file',
        expires_at = ?2 ->> 'expiresAt', ended_at = NULL WHERE id = ?1`),
    end: run('UPDATE account_notices SET ended_at = ?2 WHERE id = ?1'),
    byId: find('WHERE id = ?1'),
    isTold: exists(`SELECT 1 ${sent}`),
    stands: exists(`SELECT 1 ${sent} AND ended_at IS NULL`),
    standing: all('WHERE kind = ?1 AND ended_at IS NULL ORDER BY id'),
    at: all('WHERE message_id = @messageId AND channel_id = @channelId ORDER BY id'),
    // A notice whose sending was cut short is found from the future, too: the clock may have been put back since.
    recent: all(`
      WHERE account_key = ?1 AND recipient_id = ?2 AND sent_at > ?3
        AND (sent_at < ?4 OR (message_id IS NULL AND ended_at IS NULL)) ORDER BY id DESC`),
    open: all('WHERE ended_at IS NULL AND expires_at IS NOT NULL ORDER BY id'),
  };
}
