import type { Database } from 'better-sqlite3';
import type { WordPreferences } from '../services/word-preferences.js';

/** What people said that they do not want to be written to about. */
export class SqliteWordPreferences implements WordPreferences {
  readonly #get;
  readonly #set;

  constructor(db: Database) {
    this.#get = db.prepare<[string], { lockouts: number }>('SELECT lockouts FROM word_preferences WHERE member_id = ?');
    this.#set = db.prepare<[string, number]>(`
      INSERT INTO word_preferences (member_id, lockouts) VALUES (?, ?)
      ON CONFLICT (member_id) DO UPDATE SET lockouts = excluded.lockouts`);
  }

  wantsLockouts(memberId: string): boolean {
    return this.#get.get(memberId)?.lockouts !== 0;
  }

  setLockouts(memberId: string, wanted: boolean): void {
    this.#set.run(memberId, Number(wanted));
  }
}
