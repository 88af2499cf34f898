import type { Database } from 'better-sqlite3';
import type { StatusCard, StatusCardStore } from '../../services/status-card/status-card.js';

interface Row {
  readonly id: number;
  readonly channel_id: string;
  readonly message_id: string | null;
  readonly drawn: string | null;
  readonly sent_at: number | null;
  readonly edited_at: number | null;
  readonly left_message_id: string | null;
  /** 1: somebody wants it to be taken away; 2: the bot itself does, as it cannot stand there any more. */
  readonly removing: number;
  readonly to_pin: number;
}

/** The household's status cards, one for each channel. */
export class SqliteStatusCards implements StatusCardStore {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      all: db.prepare<[], Row>('SELECT * FROM status_cards ORDER BY id'),
      byId: db.prepare<[number], Row>('SELECT * FROM status_cards WHERE id = ?'),
      add: db.prepare<[string], Row>(`
        INSERT INTO status_cards (channel_id) VALUES (?)
        ON CONFLICT (channel_id) DO UPDATE SET drawn = NULL, removing = 0 RETURNING *`),
      sent: db.prepare(`
        UPDATE status_cards SET left_message_id = coalesce(message_id, left_message_id), message_id = @messageId, drawn = @drawn, to_pin = 1,
          sent_at = @at, edited_at = @at WHERE id = @id`),
      edited: db.prepare('UPDATE status_cards SET drawn = ?, edited_at = ? WHERE id = ?'),
      left: db.prepare('UPDATE status_cards SET left_message_id = NULL WHERE id = ?'),
      pinned: db.prepare('UPDATE status_cards SET to_pin = 0 WHERE id = ?'),
      removing: db.prepare('UPDATE status_cards SET removing = 1 WHERE id = ? AND removing = 0'),
      givenUp: db.prepare('UPDATE status_cards SET removing = 2 WHERE id = ? AND removing = 0'),
      remove: db.prepare('DELETE FROM status_cards WHERE id = ?'),
    };
  }

  all(): StatusCard[] {
    return this.#sql.all.all().map(toCard);
  }

  byId(id: number): StatusCard | undefined {
    const row = this.#sql.byId.get(id);
    return row && toCard(row);
  }

  add(channelId: string): StatusCard {
    const row = this.#sql.add.get(channelId);
    if (!row) throw new Error('a status card was not written down');
    return toCard(row);
  }

  sent(id: number, messageId: string, drawn: string, at: number): void {
    this.#sql.sent.run({ id, messageId, drawn, at });
  }

  edited(id: number, drawn: string, at: number): void {
    this.#sql.edited.run(drawn, at, id);
  }

  left(id: number): void {
    this.#sql.left.run(id);
  }

  pinned(id: number): void {
    this.#sql.pinned.run(id);
  }

  removing(id: number): boolean {
    return this.#sql.removing.run(id).changes === 1;
  }

  givenUp(id: number): boolean {
    return this.#sql.givenUp.run(id).changes === 1;
  }

  remove(id: number): void {
    this.#sql.remove.run(id);
  }
}

function toCard(row: Row): StatusCard {
  return {
    id: row.id,
    channelId: row.channel_id,
    messageId: row.message_id ?? undefined,
    drawn: row.drawn ?? undefined,
    sentAt: row.sent_at ?? undefined,
    editedAt: row.edited_at ?? undefined,
    leftMessageId: row.left_message_id ?? undefined,
    isToPin: row.to_pin === 1,
    isRemoving: row.removing > 0,
    isGivenUp: row.removing === 2,
  };
}
