import type { Database } from 'better-sqlite3';
import type { Languages, MemberPreferences } from '../../services/members/member-preferences.js';
import { statements } from '../rows.js';

/** The languages of members. */
export function createLanguages(db: Database): Languages {
  const { run, value } = statements(db);
  const localeOf = value<string, [memberId: string]>('SELECT locale FROM members WHERE member_id = ?1');
  const set = run<[memberId: string, locale: string]>(`
    INSERT INTO members (member_id, locale) VALUES (?1, ?2)
    ON CONFLICT (member_id) DO UPDATE SET locale = excluded.locale`);
  return {
    of: localeOf,
    // Most interactions change nothing: a read is far cheaper than a synced write.
    remember: (memberId, locale) => void (localeOf(memberId) === locale || set(memberId, locale)),
  };
}

/** Which notices members do not want. */
export function createMemberPreferences(db: Database): MemberPreferences {
  const { exists, run } = statements(db);
  const refusesLockouts = exists<[memberId: string]>(
    'SELECT 1 FROM member_preferences WHERE member_id = ?1 AND lockouts = 0',
  );
  return {
    wantsLockouts: (memberId) => !refusesLockouts(memberId),
    setLockouts: run(`
      INSERT INTO member_preferences (member_id, lockouts) VALUES (?1, ?2)
      ON CONFLICT (member_id) DO UPDATE SET lockouts = excluded.lockouts`),
  };
}
