import type { Database } from 'better-sqlite3';
import type { MessageRef } from '../../services/notices/messenger-port.js';
import type { DeliveryStatus, NewNotice, Notice, NoticeKind, NoticeStore } from '../../services/notices/notice.js';

type Row = Omit<Notice, 'message'> & { readonly channelId: string | null; readonly messageId: string | null };

const select = `
  SELECT id, kind, subject_id AS subjectId, recipient_id AS recipientId, delivery_status AS deliveryStatus, version,
    owed_at AS owedAt, attempts, channel_id AS channelId, message_id AS messageId FROM notices`;

/** Messages that people are owed or were sent: about which row, to whom, and whether; never what they say. */
export class SqliteNotices implements NoticeStore {
  readonly #sql;

  constructor(db: Database) {
    const rows = <P extends unknown[]>(rest: string) => db.prepare<P, Row>(`${select} ${rest}`);
    const insert = `
      INSERT INTO notices (kind, subject_id, recipient_id, delivery_status, owed_at)
      VALUES (@kind, @subjectId, @recipientId, @status, @at) ON CONFLICT`;
    this.#sql = {
      owe: db.prepare(`${insert} DO NOTHING`),
      oweAgain: db.prepare(`${insert} (kind, subject_id, recipient_id) DO UPDATE SET
        delivery_status = @status, owed_at = @at, version = version + 1, attempts = 0, channel_id = NULL, message_id = NULL`),
      byId: rows<[number]>('WHERE id = ?'),
      find: rows<[NewNotice]>('WHERE kind = @kind AND subject_id = @subjectId AND recipient_id = @recipientId'),
      due: rows<[string]>(`WHERE kind = ? AND delivery_status = 'due' ORDER BY id`),
      dueOf: rows<[string, string]>(`WHERE kind = ? AND subject_id = ? AND delivery_status = 'due' ORDER BY id`),
      owedTo: rows<[string]>(
        `WHERE recipient_id = ? AND delivery_status IN ('announced', 'unreachable') ORDER BY owed_at, id`,
      ),
      withMessage: rows<[string]>(
        `WHERE kind = ? AND delivery_status <> 'dropped' AND message_id IS NOT NULL ORDER BY id`,
      ),
      begin: db.prepare<[number]>('UPDATE notices SET attempts = attempts + 1 WHERE id = ?'),
      setStatus: db.prepare(`
        UPDATE notices SET delivery_status = @status,
          channel_id = coalesce(@channelId, channel_id), message_id = coalesce(@messageId, message_id)
        WHERE id = @id AND version = @version`),
    };
  }

  owe({ kind, subjectId, recipientId }: NewNotice, at: number): void {
    this.#sql.owe.run({ kind, subjectId, recipientId, at, status: 'due' });
  }

  oweAgain({ kind, subjectId, recipientId }: NewNotice, at: number, status: 'due' | 'told'): void {
    this.#sql.oweAgain.run({ kind, subjectId, recipientId, at, status });
  }

  byId(id: number): Notice | undefined {
    return one(this.#sql.byId.get(id));
  }

  find({ kind, subjectId, recipientId }: NewNotice): Notice | undefined {
    return one(this.#sql.find.get({ kind, subjectId, recipientId }));
  }

  due(kind: NoticeKind, subjectId?: string): Notice[] {
    const rows = subjectId === undefined ? this.#sql.due.all(kind) : this.#sql.dueOf.all(kind, subjectId);
    return rows.map(fromRow);
  }

  owedTo(recipientId: string): Notice[] {
    return this.#sql.owedTo.all(recipientId).map(fromRow);
  }

  withMessage(kind: NoticeKind): Notice[] {
    return this.#sql.withMessage.all(kind).map(fromRow);
  }

  begin(id: number): void {
    this.#sql.begin.run(id);
  }

  setStatus({ id, version }: Pick<Notice, 'id' | 'version'>, status: DeliveryStatus, message?: MessageRef): boolean {
    const { channelId = null, messageId = null } = message ?? {};
    return this.#sql.setStatus.run({ id, version, status, channelId, messageId }).changes === 1;
  }
}

const one = (row: Row | undefined) => row && fromRow(row);

function fromRow({ channelId, messageId, ...row }: Row): Notice {
  return { ...row, message: channelId !== null && messageId !== null ? { channelId, messageId } : undefined };
}
