import type { Database } from 'better-sqlite3';
import type { SignInDay, SignInDays } from '../../services/history/history-store.js';

/** Failed sign-ins and lockouts, counted by day. */
export class SqliteSignInDays implements SignInDays {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      add: db.prepare<[string, number, number]>(`
        INSERT INTO sign_in_days (day, failed, locked) VALUES (?, ?, ?)
        ON CONFLICT (day) DO UPDATE SET failed = failed + excluded.failed, locked = locked + excluded.locked`),
      since: db.prepare<[string], SignInDay>(
        'SELECT day, failed, locked FROM sign_in_days WHERE day >= ? ORDER BY day',
      ),
    };
  }

  add(at: number, { failed = 0, locked = 0 }: { readonly failed?: number; readonly locked?: number }): void {
    this.#sql.add.run(dayOf(at), failed, locked);
  }

  since(at: number): SignInDay[] {
    return this.#sql.since.all(dayOf(at));
  }
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
