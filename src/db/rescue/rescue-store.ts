import type { Database } from 'better-sqlite3';
import type { RescueRow, RescueStore } from '../../services/rescue/rescue-port.js';
import { Table } from '../rows.js';

export const rescues = new Table<RescueRow>('rescues', {
  id: 'integer',
  actorId: 'text',
  accountId: 'text',
  accountName: 'text',
  startedAt: 'integer',
  confirmedAt: 'integer?',
  keepsPassword: 'boolean',
  channelId: 'text',
  card: ['message?', ''],
});

/** Rescues that were asked for in Discord; nothing secret is in them. */
export function createRescueStore(db: Database): RescueStore {
  const { all, find, insert, run } = rescues.statements(db);
  return {
    begin: insert(`
      INSERT INTO rescues (actor_id, account_id, account_name, started_at, channel_id)
      VALUES (@actorId, @accountId, @accountName, @startedAt, @channelId)`),
    byId: find('WHERE id = ?1'),
    setCard: run('UPDATE rescues SET message_id = ?2 WHERE id = ?1'),
    confirmed: run('UPDATE rescues SET confirmed_at = ?2, keeps_password = ?3 WHERE id = ?1'),
    end: run('UPDATE rescues SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL'),
    goingOnAt: find(`
      WHERE confirmed_at <= ?1 AND (ended_at IS NULL OR ended_at >= ?1) ORDER BY id DESC LIMIT 1`),
    unfinished: all('WHERE ended_at IS NULL ORDER BY id'),
  };
}
