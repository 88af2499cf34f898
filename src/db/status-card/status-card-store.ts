import type { Database } from 'better-sqlite3';
import type { StatusCard, StatusCardStore } from '../../services/status-card/status-cards.js';
import { Table } from '../rows.js';

export const statusCards = new Table<StatusCard>('status_cards', {
  id: 'integer',
  channelId: 'text',
  messageId: 'text?',
  drawn: 'text?',
  sentAt: 'integer?',
  editedAt: 'integer?',
  leftMessageId: 'text?',
  isToPin: ['boolean', 'to_pin'],
  isRemoving: ['boolean', 'removing > 0'],
});

/** The household's status cards, one for each channel. */
export function createStatusCardStore(db: Database): StatusCardStore {
  const { all, find, insert, run, changes } = statusCards.statements(db);
  return {
    all: all('ORDER BY id'),
    byId: find('WHERE id = ?1'),
    add: insert(`
      INSERT INTO status_cards (channel_id) VALUES (?1)
      ON CONFLICT (channel_id) DO UPDATE SET drawn = NULL, removing = 0`),
    sent: run(`
      UPDATE status_cards SET left_message_id = message_id, message_id = ?2, drawn = ?3, to_pin = 1,
        sent_at = ?4, edited_at = ?4 WHERE id = ?1`),
    edited: run('UPDATE status_cards SET drawn = ?2, edited_at = ?3 WHERE id = ?1'),
    left: run('UPDATE status_cards SET left_message_id = NULL WHERE id = ?1'),
    pinned: run('UPDATE status_cards SET to_pin = 0 WHERE id = ?1'),
    removing: changes('UPDATE status_cards SET removing = 1 WHERE id = ?1 AND removing = 0'),
    remove: run('DELETE FROM status_cards WHERE id = ?1'),
  };
}
