import type { Database } from 'better-sqlite3';
import type { RescueRow, RescueStore } from '../../services/rescue/rescue-run.js';

interface Row {
  readonly id: number;
  readonly actor_id: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly started_at: number;
  readonly confirmed_at: number | null;
  readonly channel_id: string;
  readonly message_id: string | null;
}

/** Rescues that were asked for in Discord; nothing secret is in them. */
export class SqliteRescueStore implements RescueStore {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      begin: db.prepare<[object], Row>(`
        INSERT INTO rescues (actor_id, account_id, account_name, started_at, channel_id)
        VALUES (@actorId, @accountId, @accountName, @startedAt, @channelId) RETURNING *`),
      byId: db.prepare<[number], Row>('SELECT * FROM rescues WHERE id = ?'),
      setCard: db.prepare('UPDATE rescues SET message_id = ? WHERE id = ?'),
      confirmed: db.prepare('UPDATE rescues SET confirmed_at = ? WHERE id = ?'),
      end: db.prepare('UPDATE rescues SET ended_at = ?, outcome = ? WHERE id = ? AND ended_at IS NULL'),
      goingOnAt: db.prepare<[{ at: number }], Row>(`
        SELECT * FROM rescues WHERE confirmed_at <= @at AND (ended_at IS NULL OR ended_at >= @at)
        ORDER BY id DESC LIMIT 1`),
      unfinished: db.prepare<[], Row>('SELECT * FROM rescues WHERE ended_at IS NULL ORDER BY id'),
    };
  }

  begin(row: Omit<RescueRow, 'id' | 'confirmedAt' | 'card'>): RescueRow {
    const made = this.#sql.begin.get(row);
    if (!made) throw new Error('a rescue was not written down');
    return toRescue(made);
  }

  byId(id: number): RescueRow | undefined {
    const row = this.#sql.byId.get(id);
    return row && toRescue(row);
  }

  setCard(id: number, messageId: string): void {
    this.#sql.setCard.run(messageId, id);
  }

  confirmed(id: number, at: number): void {
    this.#sql.confirmed.run(at, id);
  }

  end(id: number, at: number, outcome: string): void {
    this.#sql.end.run(at, outcome, id);
  }

  goingOnAt(at: number): RescueRow | undefined {
    const row = this.#sql.goingOnAt.get({ at });
    return row && toRescue(row);
  }

  unfinished(): RescueRow[] {
    return this.#sql.unfinished.all().map(toRescue);
  }
}

function toRescue(row: Row): RescueRow {
  return {
    id: row.id,
    actorId: row.actor_id,
    accountId: row.account_id,
    accountName: row.account_name,
    startedAt: row.started_at,
    confirmedAt: row.confirmed_at ?? undefined,
    channelId: row.channel_id,
    card: row.message_id === null ? undefined : { channelId: row.channel_id, messageId: row.message_id },
  };
}
