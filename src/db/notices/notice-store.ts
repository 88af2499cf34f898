import type { Database } from 'better-sqlite3';
import type { NewNotice, Notice, NoticeStore } from '../../services/notices/notice.js';
import { Table } from '../rows.js';

export const notices = new Table<Notice>('notices', {
  id: 'integer',
  kind: 'text',
  subjectId: 'text',
  recipientId: 'text',
  deliveryStatus: 'text',
  version: 'integer',
  owedAt: 'integer',
  attempts: 'integer',
  message: ['message?', ''],
  announcement: 'message?',
});

/** Messages that people are owed or were sent: about which row, to whom, and whether; never what they say. */
export function createNoticeStore(db: Database): NoticeStore {
  const { all, find, run, changes } = notices.statements(db);
  const insert = (status: string) => `
    INSERT INTO notices (kind, subject_id, recipient_id, owed_at, delivery_status)
    VALUES (?1 ->> 'kind', ?1 ->> 'subjectId', ?1 ->> 'recipientId', ?2, ${status}) ON CONFLICT`;
  return {
    owe: run(`${insert("'due'")} DO NOTHING`),
    oweAgain: run(`${insert('?3')} (kind, subject_id, recipient_id) DO UPDATE SET delivery_status = ?3, owed_at = ?2,
      version = version + 1, attempts = 0, channel_id = NULL, message_id = NULL`),
    byId: find('WHERE id = ?1'),
    find: find<[NewNotice]>('WHERE kind = @kind AND subject_id = @subjectId AND recipient_id = @recipientId'),
    due: all("WHERE kind = ?1 AND subject_id = coalesce(?2, subject_id) AND delivery_status = 'due' ORDER BY id"),
    owedTo: all("WHERE recipient_id = ?1 AND delivery_status IN ('announced', 'unreachable') ORDER BY owed_at, id"),
    withMessage: all("WHERE kind = ?1 AND delivery_status <> 'dropped' AND message_id IS NOT NULL ORDER BY id"),
    announcementsOver: all(`
      WHERE announcement_message_id IS NOT NULL AND delivery_status NOT IN ('due', 'announced') ORDER BY id`),
    setAnnouncement: run(`
      UPDATE notices SET announcement_channel_id = ?2 ->> 'channelId', announcement_message_id = ?2 ->> 'messageId'
      WHERE id = ?1`),
    begin: run('UPDATE notices SET attempts = attempts + 1 WHERE id = ?1'),
    setStatus: changes(`
      UPDATE notices SET delivery_status = ?2, channel_id = coalesce(?3 ->> 'channelId', channel_id),
        message_id = coalesce(?3 ->> 'messageId', message_id)
      WHERE id = ?1 ->> 'id' AND version = ?1 ->> 'version'`),
  };
}
