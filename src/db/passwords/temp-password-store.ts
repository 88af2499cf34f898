import type { Database } from 'better-sqlite3';
import type { LogCursor } from '../../services/accounts/activity-log.js';
import type {
  ScrubReason,
  TempPassword,
  TempPasswordEnd,
  TempPasswordFinding,
  TempPasswordStore,
} from '../../services/passwords/temp-password.js';
import type { MessageRef } from '../../services/notices/messenger-port.js';

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
  readonly end: TempPasswordEnd | null;
  readonly log_cursor_id: number | null;
  readonly log_cursor_at: number | null;
  readonly base_sign_in: number | null;
  readonly used_at: number | null;
  readonly blind: number;
  readonly retiring_at: number | null;
  readonly scrub: ScrubReason | null;
  readonly scrubbed_at: number | null;
}

/** Records of temporary passwords; the passwords themselves are kept nowhere. */
export class SqliteTempPasswordStore implements TempPasswordStore {
  readonly #sql;

  constructor(db: Database) {
    const rows = <P extends unknown[]>(sql: string) => db.prepare<P, Row>(sql);
    const outstanding = 'SELECT * FROM temp_passwords WHERE shown_at IS NOT NULL AND ended_at IS NULL';
    const newest = (that: string) =>
      `SELECT * FROM temp_passwords WHERE account_id = ? AND ${that} ORDER BY begun_at DESC, request_id DESC LIMIT 1`;
    this.#sql = {
      begin: db.prepare(`
        INSERT INTO temp_passwords (request_id, account_id, member_id, begun_at, expires_at)
        VALUES (@requestId, @accountId, @memberId, @begunAt, @expiresAt)
        ON CONFLICT (request_id) DO UPDATE SET begun_at = excluded.begun_at, expires_at = excluded.expires_at,
          shown_at = NULL, ended_at = NULL, end = NULL, log_cursor_id = NULL, log_cursor_at = NULL, base_sign_in = NULL,
          used_at = NULL, blind = 0, retiring_at = NULL, scrub = NULL, scrubbed_at = NULL`),
      set: db.prepare(`
        UPDATE temp_passwords SET log_cursor_id = @id, log_cursor_at = @at, base_sign_in = @baseSignIn, blind = @id IS NULL
        WHERE request_id = @requestId`),
      shown: db.prepare(`
        UPDATE temp_passwords SET shown_at = @at, channel_id = @channelId, message_id = @messageId
        WHERE request_id = @requestId`),
      note: db.prepare(`
        UPDATE temp_passwords SET log_cursor_id = coalesce(@markId, log_cursor_id), log_cursor_at = coalesce(@markAt, log_cursor_at),
          used_at = coalesce(used_at, @usedAt), blind = max(blind, @blind), ended_at = @endedAt, end = @end,
          scrubbed_at = CASE WHEN @scrub IS NULL THEN scrubbed_at END, scrub = coalesce(@scrub, scrub)
        WHERE request_id = @requestId AND ended_at IS NULL`),
      retiring: db.prepare('UPDATE temp_passwords SET retiring_at = ? WHERE request_id = ?'),
      scrub: db.prepare('UPDATE temp_passwords SET scrub = ?, scrubbed_at = ? WHERE request_id = ?'),
      byRequest: rows<[number]>('SELECT * FROM temp_passwords WHERE request_id = ?'),
      outstanding: rows<[]>(`${outstanding} ORDER BY request_id`),
      outstandingOf: rows<[string]>(`${outstanding} AND account_id = ? ORDER BY request_id`),
      newestOf: rows<[string]>(newest(`end IS NOT 'not set'`)),
      newestShownOf: rows<[string]>(newest('shown_at IS NOT NULL')),
      // A renewed password stands in the same message as the one before, and is left alone there.
      toScrub: rows<[]>(`
        SELECT * FROM temp_passwords old
        WHERE scrub IS NOT NULL AND scrubbed_at IS NULL AND message_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM temp_passwords newer WHERE newer.account_id = old.account_id AND newer.begun_at > old.begun_at
            AND newer.message_id = old.message_id)
        ORDER BY request_id`),
    };
  }

  begin(entry: Pick<TempPassword, 'requestId' | 'accountId' | 'memberId' | 'begunAt' | 'expiresAt'>): void {
    this.#sql.begin.run(entry);
  }

  set(requestId: number, logCursor: LogCursor | undefined, baseSignIn: number | undefined): void {
    this.#sql.set.run({
      requestId,
      id: logCursor?.id ?? null,
      at: logCursor?.at ?? null,
      baseSignIn: baseSignIn ?? null,
    });
  }

  shown(requestId: number, at: number, place: MessageRef | undefined): void {
    this.#sql.shown.run({
      requestId,
      at,
      channelId: place?.channelId ?? null,
      messageId: place?.messageId ?? null,
    });
  }

  note(requestId: number, finding: TempPasswordFinding): boolean {
    const { logCursor, usedAt, isBlind = false, end, endedAt, scrub } = finding;
    const { changes } = this.#sql.note.run({
      requestId,
      markId: logCursor?.id ?? null,
      markAt: logCursor?.at ?? null,
      usedAt: usedAt ?? null,
      blind: Number(isBlind),
      end: end ?? null,
      endedAt: endedAt ?? null,
      scrub: scrub ?? null,
    });
    return changes === 1;
  }

  retiring(requestId: number, at: number | undefined): void {
    this.#sql.retiring.run(at ?? null, requestId);
  }

  scrub(requestId: number, reason: ScrubReason, at?: number): void {
    this.#sql.scrub.run(reason, at ?? null, requestId);
  }

  byRequest(requestId: number): TempPassword | undefined {
    return one(this.#sql.byRequest.get(requestId));
  }

  outstanding(): TempPassword[] {
    return this.#sql.outstanding.all().map(toTempPassword);
  }

  outstandingOf(accountId: string): TempPassword[] {
    return this.#sql.outstandingOf.all(accountId).map(toTempPassword);
  }

  newestOf(accountId: string): TempPassword | undefined {
    return one(this.#sql.newestOf.get(accountId));
  }

  newestShownOf(accountId: string): TempPassword | undefined {
    return one(this.#sql.newestShownOf.get(accountId));
  }

  toScrub(): { password: TempPassword; reason: ScrubReason }[] {
    return this.#sql.toScrub
      .all()
      .flatMap((row) => (row.scrub === null ? [] : [{ password: toTempPassword(row), reason: row.scrub }]));
  }
}

const one = (row: Row | undefined) => row && toTempPassword(row);

function toTempPassword(row: Row): TempPassword {
  const { channel_id: channelId, message_id: messageId, log_cursor_id: id, log_cursor_at: at } = row;
  return {
    requestId: row.request_id,
    accountId: row.account_id,
    memberId: row.member_id,
    begunAt: row.begun_at,
    shownAt: row.shown_at ?? undefined,
    expiresAt: row.expires_at,
    place: channelId !== null && messageId !== null ? { channelId, messageId } : undefined,
    endedAt: row.ended_at ?? undefined,
    end: row.end ?? undefined,
    logCursor: id !== null && at !== null ? { id, at } : undefined,
    baseSignIn: row.base_sign_in ?? undefined,
    usedAt: row.used_at ?? undefined,
    isBlind: row.blind === 1,
    retiringAt: row.retiring_at ?? undefined,
    scrubbedAt: row.scrubbed_at ?? undefined,
  };
}
