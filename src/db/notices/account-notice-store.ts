import type { Database } from 'better-sqlite3';
import type { AccountNotice, AccountNoticeStore, NewAccountNotice } from '../../services/notices/account-notices.js';
import type { MessageRef } from '../../services/notices/messenger-port.js';

interface Row {
  readonly id: number;
  readonly account_key: string;
  readonly account_name: string;
  readonly to_id: string;
  readonly kind: AccountNotice['kind'];
  readonly mark: string;
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
        INSERT INTO account_words (account_key, account_name, to_id, kind, mark, file, sent_at, expires_at)
        VALUES (@accountKey, @accountName, @to, @kind, @occasionKey, @file, @sentAt, @expiresAt) RETURNING *`),
      placed: db.prepare('UPDATE account_words SET channel_id = ?, message_id = ? WHERE id = ?'),
      renew: db.prepare('UPDATE account_words SET mark = ?, file = ?, expires_at = ?, ended_at = NULL WHERE id = ?'),
      end: db.prepare('UPDATE account_words SET ended_at = ? WHERE id = ?'),
      byId: db.prepare<[number], Row>('SELECT * FROM account_words WHERE id = ?'),
      told: db.prepare<[string, string], { id: number }>(
        'SELECT id FROM account_words WHERE mark = ? AND to_id = ? AND message_id IS NOT NULL LIMIT 1',
      ),
      stands: db.prepare<[string, string], { id: number }>(`
        SELECT id FROM account_words
        WHERE mark = ? AND to_id = ? AND message_id IS NOT NULL AND ended_at IS NULL LIMIT 1`),
      standing: db.prepare<[string], Row>(
        'SELECT * FROM account_words WHERE kind = ? AND ended_at IS NULL ORDER BY id',
      ),
      at: db.prepare<[string, string], Row>(
        'SELECT * FROM account_words WHERE message_id = ? AND channel_id = ? ORDER BY id',
      ),
      // One whose sending was cut short is found again, even by a clock that was put back meanwhile.
      recent: db.prepare<[string, string, number, number], Row>(`
        SELECT * FROM account_words WHERE account_key = ? AND to_id = ? AND sent_at > ?
          AND (sent_at < ? OR (message_id IS NULL AND ended_at IS NULL)) ORDER BY id DESC`),
      open: db.prepare<[], Row>(
        'SELECT * FROM account_words WHERE ended_at IS NULL AND expires_at IS NOT NULL ORDER BY id',
      ),
    };
  }

  begin(word: NewAccountNotice): AccountNotice {
    const row = this.#sql.begin.get({ ...word, file: word.file ?? null, expiresAt: word.expiresAt ?? null });
    if (!row) throw new Error('a word about an account was not written down');
    return toWord(row);
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
    return row && toWord(row);
  }

  isTold(occasionKey: string, to: string): boolean {
    return this.#sql.told.get(occasionKey, to) !== undefined;
  }

  stands(occasionKey: string, to: string): boolean {
    return this.#sql.stands.get(occasionKey, to) !== undefined;
  }

  standing(kind: AccountNotice['kind']): AccountNotice[] {
    return this.#sql.standing.all(kind).map(toWord);
  }

  at({ channelId, messageId }: MessageRef): AccountNotice[] {
    return this.#sql.at.all(messageId, channelId).map(toWord);
  }

  recent(accountKey: string, to: string, since: number, until: number): AccountNotice[] {
    return this.#sql.recent.all(accountKey, to, since, until).map(toWord);
  }

  open(): AccountNotice[] {
    return this.#sql.open.all().map(toWord);
  }
}

function toWord(row: Row): AccountNotice {
  return {
    id: row.id,
    accountKey: row.account_key,
    accountName: row.account_name,
    to: row.to_id,
    kind: row.kind,
    occasionKey: row.mark,
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
