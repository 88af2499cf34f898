import type { Database } from 'better-sqlite3';
import type { AccountNotice, AccountNoticeStore, NewAccountNotice } from '../../services/notices/account-notices.js';
import type { MessageRef } from '../../services/notices/messenger-port.js';

interface Row {
  readonly id: number;
  readonly account_key: string;
  readonly account_name: string;
  readonly recipient_id: string;
  readonly kind: AccountNotice['kind'];
  readonly occasion_key: string;
  readonly file: string | null;
  readonly sent_at: number;
  readonly expires_at: number | null;
  readonly channel_id: string | null;
  readonly message_id: string | null;
  readonly ended_at: number | null;
}

/** What was said unasked about accounts: to whom, when and where, never what. */
export class SqliteAccountNotices implements AccountNoticeStore {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      begin: db.prepare<[object], Row>(`
        INSERT INTO account_notices (account_key, account_name, recipient_id, kind, occasion_key, file, sent_at, expires_at)
        VALUES (@accountKey, @accountName, @to, @kind, @occasionKey, @file, @sentAt, @expiresAt) RETURNING *`),
      placed: db.prepare('UPDATE account_notices SET channel_id = ?, message_id = ? WHERE id = ?'),
      renew: db.prepare(
        'UPDATE account_notices SET occasion_key = ?, file = ?, expires_at = ?, ended_at = NULL WHERE id = ?',
      ),
      end: db.prepare('UPDATE account_notices SET ended_at = ? WHERE id = ?'),
      byId: db.prepare<[number], Row>('SELECT * FROM account_notices WHERE id = ?'),
      told: db.prepare<[string, string], { id: number }>(
        'SELECT id FROM account_notices WHERE occasion_key = ? AND recipient_id = ? AND message_id IS NOT NULL LIMIT 1',
      ),
      stands: db.prepare<[string, string], { id: number }>(`
        SELECT id FROM account_notices
        WHERE occasion_key = ? AND recipient_id = ? AND message_id IS NOT NULL AND ended_at IS NULL LIMIT 1`),
      standing: db.prepare<[string], Row>(
        'SELECT * FROM account_notices WHERE kind = ? AND ended_at IS NULL ORDER BY id',
      ),
      at: db.prepare<[string, string], Row>(
        'SELECT * FROM account_notices WHERE message_id = ? AND channel_id = ? ORDER BY id',
      ),
      // One whose sending was cut short is found again, even by a clock that was put back meanwhile.
      recent: db.prepare<[string, string, number, number], Row>(`
        SELECT * FROM account_notices WHERE account_key = ? AND recipient_id = ? AND sent_at > ?
          AND (sent_at < ? OR (message_id IS NULL AND ended_at IS NULL)) ORDER BY id DESC`),
      open: db.prepare<[], Row>(
        'SELECT * FROM account_notices WHERE ended_at IS NULL AND expires_at IS NOT NULL ORDER BY id',
      ),
    };
  }

  begin(word: NewAccountNotice): AccountNotice {
    const row = this.#sql.begin.get({ ...word, file: word.file ?? null, expiresAt: word.expiresAt ?? null });
    if (!row) throw new Error('a notice about an account was not written down');
    return toNotice(row);
  }

  placed(id: number, { channelId, messageId }: MessageRef): void {
    this.#sql.placed.run(channelId, messageId, id);
  }

  renew(id: number, { occasionKey, file, expiresAt }: Pick<AccountNotice, 'occasionKey' | 'file' | 'expiresAt'>): void {
    this.#sql.renew.run(occasionKey, file ?? null, expiresAt ?? null, id);
  }

  end(id: number, at: number): void {
    this.#sql.end.run(at, id);
  }

  byId(id: number): AccountNotice | undefined {
    const row = this.#sql.byId.get(id);
    return row && toNotice(row);
  }

  isTold(occasionKey: string, to: string): boolean {
    return this.#sql.told.get(occasionKey, to) !== undefined;
  }

  stands(occasionKey: string, to: string): boolean {
    return this.#sql.stands.get(occasionKey, to) !== undefined;
  }

  standing(kind: AccountNotice['kind']): AccountNotice[] {
    return this.#sql.standing.all(kind).map(toNotice);
  }

  at({ channelId, messageId }: MessageRef): AccountNotice[] {
    return this.#sql.at.all(messageId, channelId).map(toNotice);
  }

  recent(accountKey: string, to: string, since: number, until: number): AccountNotice[] {
    return this.#sql.recent.all(accountKey, to, since, until).map(toNotice);
  }

  open(): AccountNotice[] {
    return this.#sql.open.all().map(toNotice);
  }
}

function toNotice(row: Row): AccountNotice {
  return {
    id: row.id,
    accountKey: row.account_key,
    accountName: row.account_name,
    to: row.recipient_id,
    kind: row.kind,
    occasionKey: row.occasion_key,
    file: row.file ?? undefined,
    sentAt: row.sent_at,
    expiresAt: row.expires_at ?? undefined,
    isOver: row.ended_at !== null,
    message:
      row.channel_id === null || row.message_id === null
        ? undefined
        : { channelId: row.channel_id, messageId: row.message_id },
  };
}
