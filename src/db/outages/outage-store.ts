import type { Database } from 'better-sqlite3';
import type { Outage, OutageStore } from '../../services/outages/outages.js';
import { Table } from '../rows.js';

export const outages = new Table<Outage>('outages', {
  id: 'integer',
  code: 'text',
  params: 'json',
  begunAt: 'integer',
  seenAt: 'integer',
  endedAt: 'integer?',
  drawn: 'text?',
  card: 'message?',
});

/** When Jellyfin did not answer as it should, and the card about it. */
export function createOutageStore(db: Database): OutageStore {
  const { find, insert, change, run } = outages.statements(db);
  return {
    last: find('ORDER BY id DESC LIMIT 1'),
    begin: insert('INSERT INTO outages (code, params, begun_at, seen_at) VALUES (?1, ?2, ?3, ?3)'),
    seen: change('UPDATE outages SET code = ?2, params = ?3, seen_at = ?4, ended_at = NULL WHERE id = ?1'),
    ended: change('UPDATE outages SET ended_at = ?2 WHERE id = ?1'),
    shown: run(`
      UPDATE outages SET card_channel_id = coalesce(?2 ->> 'channelId', card_channel_id),
        card_message_id = coalesce(?2 ->> 'messageId', card_message_id), drawn = ?3 WHERE id = ?1`),
    remove: run('DELETE FROM outages WHERE id = ?1'),
  };
}
