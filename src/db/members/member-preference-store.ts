import type { Database } from 'better-sqlite3';
import type { Languages, MemberPreferences } from '../../services/members/member-preferences.js';
import type { MemberName, MemberNames } from '../../services/members/member-names.js';
import { statements, Table } from '../rows.js';

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

export const memberNames = new Table<MemberName>('member_names', {
  memberId: 'text',
  name: 'text',
  username: 'text',
  joinedAt: 'integer?',
});

/** What members are called. */
export function createMemberNames(db: Database): MemberNames {
  const { all, find, run } = memberNames.statements(db);
  const of = find<[memberId: string]>('WHERE member_id = ?1');
  const set = run<[object]>(`
    INSERT INTO member_names (member_id, name, username, joined_at) VALUES (@memberId, @name, @username, @joinedAt)
    ON CONFLICT DO UPDATE SET name = @name, username = @username, joined_at = @joinedAt`);
  const isKnown = ({ memberId, name, username, joinedAt }: MemberName) => {
    const known = of(memberId);
    return known?.name === name && known.username === username && known.joinedAt === joinedAt;
  };
  return { of, all: all('ORDER BY member_id'), remember: (member) => void (isKnown(member) || set(member)) };
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
