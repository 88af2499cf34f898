import type { Database } from 'better-sqlite3';
import type { Languages, MemberPreferences } from '../../services/members/member-preferences.js';

/** The languages of members. */
export class SqliteLanguages implements Languages {
  readonly #get;
  readonly #set;

  constructor(db: Database) {
    this.#get = db.prepare<[string], { locale: string }>('SELECT locale FROM members WHERE member_id = ?');
    this.#set = db.prepare<[string, string]>(`
      INSERT INTO members (member_id, locale) VALUES (?, ?)
      ON CONFLICT (member_id) DO UPDATE SET locale = excluded.locale`);
  }

  of(memberId: string): string | undefined {
    return this.#get.get(memberId)?.locale;
  }

  remember(memberId: string, locale: string): void {
    // Most interactions change nothing: a read is far cheaper than a synced write.
    if (this.of(memberId) !== locale) this.#set.run(memberId, locale);
  }
}

/** What people said that they do not want to be written to about. */
export class SqliteMemberPreferences implements MemberPreferences {
  readonly #get;
  readonly #set;

  constructor(db: Database) {
    this.#get = db.prepare<[string], { lockouts: number }>(
      'SELECT lockouts FROM member_preferences WHERE member_id = ?',
    );
    this.#set = db.prepare<[string, number]>(`
      INSERT INTO member_preferences (member_id, lockouts) VALUES (?, ?)
      ON CONFLICT (member_id) DO UPDATE SET lockouts = excluded.lockouts`);
  }

  wantsLockouts(memberId: string): boolean {
    return this.#get.get(memberId)?.lockouts !== 0;
  }

  setLockouts(memberId: string, wanted: boolean): void {
    this.#set.run(memberId, Number(wanted));
  }
}
