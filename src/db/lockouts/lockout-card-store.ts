import type { Database } from 'better-sqlite3';
import type { Lockout, LockoutCard, LockoutCardStore } from '../../services/lockouts/lockout.js';
import { toLockout, type LockoutRow } from './lockout-store.js';
import type { MessageRef } from '../../services/notices/messenger-port.js';

interface Row {
  readonly id: number;
  readonly begun_at: number;
  readonly channel_id: string | null;
  readonly message_id: string | null;
  readonly version: number;
}

/** The admin channel's cards about lockouts. */
export class SqliteLockoutCards implements LockoutCardStore {
  readonly #sql;

  constructor(private readonly db: Database) {
    this.#sql = {
      uncarded: db.prepare<[], LockoutRow>(
        "SELECT * FROM lockouts WHERE state = 'locked' AND card_id IS NULL ORDER BY id",
      ),
      newest: db.prepare<[object], Row>(`
        SELECT * FROM lockout_cards WHERE abs(begun_at - @at) < @withinMs AND (abs(begun_at - @at) < @anyWithinMs
          OR EXISTS (SELECT 1 FROM lockouts WHERE card_id = lockout_cards.id AND state = 'locked'))
        ORDER BY id DESC LIMIT 1`),
      ofAccount: db.prepare<[string, number, number], Row>(`
        SELECT * FROM lockout_cards WHERE id IN (SELECT card_id FROM lockouts WHERE account_id = ?)
          AND begun_at > ? AND begun_at < ? ORDER BY id DESC LIMIT 1`),
      begin: db.prepare<[number], Row>('INSERT INTO lockout_cards (begun_at) VALUES (?) RETURNING *'),
      join: db.prepare('UPDATE lockouts SET card_id = ? WHERE id = ?'),
      touch: db.prepare('UPDATE lockout_cards SET version = version + 1 WHERE id = ?'),
      stale: db.prepare<[], Row>('SELECT * FROM lockout_cards WHERE shown_version IS NOT version ORDER BY id'),
      lockoutsOf: db.prepare<[number], LockoutRow>('SELECT * FROM lockouts WHERE card_id = ? ORDER BY id'),
      placed: db.prepare('UPDATE lockout_cards SET channel_id = ?, message_id = ? WHERE id = ?'),
      shown: db.prepare('UPDATE lockout_cards SET shown_version = ? WHERE id = ?'),
    };
  }

  uncarded(): Lockout[] {
    return this.#sql.uncarded.all().map(toLockout);
  }

  newest(at: number, withinMs: number, anyWithinMs: number): LockoutCard | undefined {
    return toCard(this.#sql.newest.get({ at, withinMs, anyWithinMs }));
  }

  ofAccount(accountId: string, at: number, withinMs: number): LockoutCard | undefined {
    return toCard(this.#sql.ofAccount.get(accountId, at - withinMs, at + withinMs));
  }

  begin(at: number): LockoutCard {
    const card = toCard(this.#sql.begin.get(at));
    if (!card) throw new Error('a card about lockouts was not written down');
    return card;
  }

  join(lockoutId: number, cardId: number): void {
    this.db.transaction(() => {
      this.#sql.join.run(cardId, lockoutId);
      this.#sql.touch.run(cardId);
    })();
  }

  stale(): LockoutCard[] {
    return this.#sql.stale.all().flatMap((row) => toCard(row) ?? []);
  }

  lockoutsOf(cardId: number): Lockout[] {
    return this.#sql.lockoutsOf.all(cardId).map(toLockout);
  }

  placed(cardId: number, { channelId, messageId }: MessageRef): void {
    this.#sql.placed.run(channelId, messageId, cardId);
  }

  shown(cardId: number, version: number): void {
    this.#sql.shown.run(version, cardId);
  }
}

function toCard(row: Row | undefined): LockoutCard | undefined {
  return (
    row && {
      id: row.id,
      begunAt: row.begun_at,
      place:
        row.channel_id === null || row.message_id === null
          ? undefined
          : { channelId: row.channel_id, messageId: row.message_id },
      version: row.version,
    }
  );
}
