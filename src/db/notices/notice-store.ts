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
});

/** Messages that people are owed or were sent: about which row, to whom, and whether; never what they say. */
export function createNoticeStore(db: Database): NoticeStore {
  const { all, find, run, changes } = notices.statements(db);
  const insert = `
    INSERT INTO notices (kind, subject_id, recipient_id, delivery_status, owed_at)
    VALUES (@kind, @subjectId, @recipientId, @status, @at) ON CONFLICT`;
  const owe = run<[object]>(`${insert} DO NOTHING`);
  const oweAgain = run<[object]>(`${insert} (kind, subject_id, recipient_id) DO UPDATE SET
    delivery_status = @status, owed_at = @at, version = version + 1, attempts = 0, channel_id = NULL, message_id = NULL`);
  const due = all<[kind: string]>("WHERE kind = ?1 AND delivery_status = 'due' ORDER BY id");
  const dueOf = all<[kind: string, subjectId: string]>(
    "WHERE kind = ?1 AND subject_id = ?2 AND delivery_status = 'due' ORDER BY id",
  );
  const setStatus = changes<[object]>(`
    UPDATE notices SET delivery_status = @status, channel_id = coalesce(@message ->> 'channelId', channel_id),
      message_id = coalesce(@message ->> 'messageId', message_id)
    WHERE id = @id AND version = @version`);
  return {
    owe: (notice, at) => void owe({ ...notice, at, status: 'due' }),
    oweAgain: (notice, at, status) => void oweAgain({ ...notice, at, status }),
    byId: find('WHERE id = ?1'),
    find: find<[NewNotice]>('WHERE kind = @kind AND subject_id = @subjectId AND recipient_id = @recipientId'),
    due: (kind, subjectId) => (subjectId === undefined ? due(kind) : dueOf(kind, subjectId)),
    owedTo: all("WHERE recipient_id = ?1 AND delivery_status IN ('announced', 'unreachable') ORDER BY owed_at, id"),
    withMessage: all("WHERE kind = ?1 AND delivery_status <> 'dropped' AND message_id IS NOT NULL ORDER BY id"),
    begin: run('UPDATE notices SET attempts = attempts + 1 WHERE id = ?1'),
    setStatus: ({ id, version }, status, message) => setStatus({ id, version, status, message }),
  };
}
