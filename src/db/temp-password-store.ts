import type { Database } from 'better-sqlite3';
import type { MessagePlace } from '../services/request.js';
import type { TempPassword, TempPasswordEnd, TempPasswordStore } from '../services/temp-password.js';

interface Row {
  readonly request_id: number;
  readonly account_id: string;
  readonly member_id: string;
  readonly begun_at: number;
  readonly shown_at: number | null;
  readonly expires_at: number;
  readonly channel_id: string | null;
  readonly message_id: string | null;
  readonly ended_at: number | null;
}

/** Records of temporary passwords; the passwords themselves are kept nowhere. */
export class SqliteTempPasswordStore implements TempPasswordStore {
  readonly #sql;

  constructor(db: Database) {
    const outstanding = 'SELECT * FROM temp_passwords WHERE shown_at IS NOT NULL AND ended_at IS NULL';
    this.#sql = {
      begin: db.prepare(`
        INSERT INTO temp_passwords (request_id, account_id, member_id, begun_at, expires_at)
        VALUES (@requestId, @accountId, @memberId, @begunAt, @expiresAt)
        ON CONFLICT (request_id) DO UPDATE SET begun_at = excluded.begun_at, expires_at = excluded.expires_at,
          shown_at = NULL, ended_at = NULL, end = NULL`),
      shown: db.prepare(`
        UPDATE temp_passwords SET shown_at = @at, channel_id = @channelId, message_id = @messageId
        WHERE request_id = @requestId`),
      end: db.prepare(`
        UPDATE temp_passwords SET ended_at = @at, end = @end WHERE request_id = @requestId AND ended_at IS NULL`),
      byRequest: db.prepare<[number], Row>('SELECT * FROM temp_passwords WHERE request_id = ?'),
      outstanding: db.prepare<[], Row>(`${outstanding} ORDER BY request_id`),
      outstandingOf: db.prepare<[string], Row>(`${outstanding} AND account_id = ? ORDER BY request_id`),
    };
  }

  begin(entry: Pick<TempPassword, 'requestId' | 'accountId' | 'memberId' | 'begunAt' | 'expiresAt'>): void {
    this.#sql.begin.run(entry);
  }

  shown(requestId: number, at: number, place: MessagePlace | undefined): void {
    this.#sql.shown.run({
      requestId,
      at,
      channelId: place?.channelId ?? null,
      messageId: place?.messageId ?? null,
    });
  }

  end(requestId: number, at: number, end: TempPasswordEnd): boolean {
    return this.#sql.end.run({ requestId, at, end }).changes === 1;
  }

  byRequest(requestId: number): TempPassword | undefined {
    const row = this.#sql.byRequest.get(requestId);
    return row && toTempPassword(row);
  }

  outstanding(): TempPassword[] {
    return this.#sql.outstanding.all().map(toTempPassword);
  }

  outstandingOf(accountId: string): TempPassword[] {
    return this.#sql.outstandingOf.all(accountId).map(toTempPassword);
  }
}

function toTempPassword(row: Row): TempPassword {
  return {
    requestId: row.request_id,
    accountId: row.account_id,
    memberId: row.member_id,
    begunAt: row.begun_at,
    shownAt: row.shown_at ?? undefined,
    expiresAt: row.expires_at,
    place:
      row.channel_id !== null && row.message_id !== null
        ? { channelId: row.channel_id, messageId: row.message_id }
        : undefined,
    endedAt: row.ended_at ?? undefined,
  };
}
