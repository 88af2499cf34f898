import type { Database } from 'better-sqlite3';
import { dayMs } from '../../time.js';
import type { LimitedAct, RateLimitStore } from '../../services/requests/rate-limits.js';

/** Longer than any limit looks back. */
const keptMs = 7 * dayMs;

/** When somebody did what may not be done too often. */
export class SqliteRateLimits implements RateLimitStore {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      add: db.prepare('INSERT INTO rate_limits (member_or_account_id, act, at) VALUES (?, ?, ?)'),
      takeBack: db.prepare(`
        DELETE FROM rate_limits WHERE rowid = (SELECT rowid FROM rate_limits WHERE member_or_account_id = ? AND act = ? AND at = ? LIMIT 1)`),
      forget: db.prepare('DELETE FROM rate_limits WHERE member_or_account_id = ? AND act = ? AND at < ?'),
      between: db.prepare<[string, string, number, number], { at: number }>(
        'SELECT at FROM rate_limits WHERE member_or_account_id = ? AND act = ? AND at > ? AND at <= ? ORDER BY at',
      ),
    };
  }

  add(whose: string, act: LimitedAct, at: number): void {
    this.#sql.add.run(whose, act, at);
    this.#sql.forget.run(whose, act, at - keptMs);
  }

  takeBack(whose: string, act: LimitedAct, at: number): void {
    this.#sql.takeBack.run(whose, act, at);
  }

  between(whose: string, act: LimitedAct, since: number, now: number): number[] {
    return this.#sql.between.all(whose, act, since, now).map((row) => row.at);
  }
}
