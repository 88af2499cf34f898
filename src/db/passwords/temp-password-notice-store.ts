import type { Database } from 'better-sqlite3';
import type { TempPasswordNotice, TempPasswordNoticeStore } from '../../services/passwords/temp-password.js';
import type { MessageRef } from '../../services/notices/messenger-port.js';

interface Row {
  readonly id: number;
  readonly request_id: number;
  readonly kind: TempPasswordNotice['kind'];
  readonly way: TempPasswordNotice['way'];
  readonly attempts: number;
  readonly channel_id: string | null;
  readonly message_id: string | null;
}

/** What people are to hear about their temporary passwords, and how they heard it. */
export class SqliteTempPasswordNotices implements TempPasswordNoticeStore {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      due: db.prepare<[], Row>(`SELECT * FROM temp_password_words WHERE way = 'due' ORDER BY id`),
      owedTo: db.prepare<[string], Row>(`
        SELECT words.* FROM temp_password_words words JOIN temp_passwords USING (request_id)
        WHERE member_id = ? AND way IN ('place', 'next') AND (kind = 'end' OR ended_at IS NULL) ORDER BY words.id`),
      outdated: db.prepare<[], Row>(`
        SELECT words.* FROM temp_password_words words JOIN temp_passwords USING (request_id)
        WHERE kind <> 'end' AND way <> 'moot' AND ended_at IS NOT NULL ORDER BY words.id`),
      of: db.prepare<[number], Row>('SELECT * FROM temp_password_words WHERE request_id = ? ORDER BY id'),
      begin: db.prepare('UPDATE temp_password_words SET attempts = attempts + 1 WHERE id = ?'),
      setWay: db.prepare(`
        UPDATE temp_password_words SET way = @way,
          channel_id = coalesce(@channelId, channel_id), message_id = coalesce(@messageId, message_id)
        WHERE id = @id`),
    };
  }

  due(): TempPasswordNotice[] {
    return this.#sql.due.all().map(toWord);
  }

  owedTo(memberId: string): TempPasswordNotice[] {
    return this.#sql.owedTo.all(memberId).map(toWord);
  }

  outdated(): TempPasswordNotice[] {
    return this.#sql.outdated.all().map(toWord);
  }

  of(requestId: number): TempPasswordNotice[] {
    return this.#sql.of.all(requestId).map(toWord);
  }

  begin(id: number): void {
    this.#sql.begin.run(id);
  }

  setWay(id: number, way: TempPasswordNotice['way'], place?: MessageRef): void {
    this.#sql.setWay.run({ id, way, channelId: place?.channelId ?? null, messageId: place?.messageId ?? null });
  }
}

function toWord(row: Row): TempPasswordNotice {
  const { id, kind, way, attempts, channel_id: channelId, message_id: messageId } = row;
  const place = channelId !== null && messageId !== null ? { channelId, messageId } : undefined;
  return { id, requestId: row.request_id, kind, way, attempts, place };
}
