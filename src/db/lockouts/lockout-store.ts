import type { Database } from 'better-sqlite3';
import type { LogCursor } from '../../services/accounts/activity-log.js';
import type {
  Denial,
  DenialStore,
  FoundLocked,
  Lockout,
  LockoutCard,
  LockoutCardStore,
  LockoutStore,
  NewLockout,
} from '../../services/lockouts/lockout.js';
import { dayMs } from '../../time.js';
import { Table } from '../rows.js';

export const lockouts = new Table<Lockout>('lockouts', {
  id: 'integer',
  accountId: 'text',
  accountName: 'text',
  state: 'text',
  lockedAt: 'integer',
  tries: 'json',
  address: 'text?',
  owners: 'text?',
  endedAt: 'integer?',
  end: 'text?',
  unlockedBy: 'text?',
  adminAccount: 'boolean',
  provider: 'text?',
  opensAt: 'integer?',
  tooOften: 'boolean',
  requestId: 'integer?',
});

export const lockoutCards = new Table<LockoutCard>('lockout_cards', {
  id: 'integer',
  begunAt: 'integer',
  message: ['message?', ''],
  version: 'integer',
});

export const denials = new Table<Denial>('denials', {
  id: 'integer',
  memberId: 'text',
  accountId: 'text',
  accountName: 'text',
  lockoutId: 'integer',
  at: 'integer',
  message: ['message?', ''],
  signedOutBy: 'text?',
  signedOutAt: 'integer?',
  version: 'integer',
});

/** Up to where the log was read; the time is kept as text. */
export const logPosition = new Table<{ readonly entryId: number; readonly entryDate: string }>('log_position', {
  entryId: 'integer',
  entryDate: 'text',
});

/** Lockouts, and up to where the activity log was read. */
export function createLockoutStore(db: Database): LockoutStore {
  const { all, find, run, changes } = lockouts.statements(db);
  const position = logPosition.statements(db);
  const positions = position.find('');
  const move = position.run<[id: number, date: string]>(`
    INSERT INTO log_position (one, entry_id, entry_date) VALUES (1, ?1, ?2)
    ON CONFLICT (one) DO UPDATE SET entry_id = excluded.entry_id, entry_date = excluded.entry_date`);
  const add = run<[NewLockout]>(`
    INSERT INTO lockouts (account_id, account_name, state, locked_at, tries) VALUES (@accountId, '', 'unconfirmed', @lockedAt, @tries)
    ON CONFLICT DO UPDATE SET locked_at = excluded.locked_at, tries = excluded.tries, unlocked_by = NULL`);
  const inState = all<[string]>('WHERE state = ?1 ORDER BY id');
  const earlier = db.prepare<[number], { id: number; at: number }>(`
    SELECT old.id, new.locked_at AS at FROM lockouts AS new JOIN lockouts AS old USING (account_id)
    WHERE new.id = ? AND new.state = 'unconfirmed' AND old.state = 'locked'`);
  const confirm = run<[object]>(`
    UPDATE lockouts SET state = 'locked', account_name = @accountName, tries = @tries, address = @address,
      admin_account = @adminAccount, provider = @provider, opens_at = @opensAt, too_often = @tooOften
    WHERE id = @id AND state = 'unconfirmed'`);
  const touchCard = run<[number]>(`
    UPDATE lockout_cards SET version = version + 1 WHERE id = (SELECT card_id FROM lockouts WHERE id = ?1)`);
  /** A change of a lockout that makes its card out of date. */
  const shown = <P extends unknown[]>(sql: string) => {
    const change = run<[number, ...P]>(sql);
    return db.transaction((id: number, ...rest: P) => {
      change(id, ...rest);
      touchCard(id);
    });
  };
  const dayBefore = db.prepare<[number], { locks: number; opened: number }>(`
    SELECT count(*) AS locks, count(old.opens_at) FILTER (WHERE old.unlocked_by = 'latchkey') AS opened
    FROM lockouts AS this JOIN lockouts AS old USING (account_id)
    WHERE this.id = ? AND old.id < this.id AND old.locked_at > this.locked_at - ${dayMs}`);
  const end = shown<[end: string, at: number]>(`
    UPDATE lockouts SET state = 'ended', end = ?2, ended_at = ?3 WHERE id = ?1 AND state = 'locked'`);

  const logCursor = (): LogCursor | undefined => {
    const last = positions();
    return last && { id: last.entryId, at: Date.parse(last.entryDate) };
  };
  const take = db.transaction(({ id, at }: LogCursor, found: readonly NewLockout[]) => {
    move(id, new Date(at).toISOString());
    for (const each of found) add(each);
  });
  return {
    logCursor,
    take: (cursor, found) => {
      const known = logCursor();
      // Most rounds read nothing new: a read is far cheaper than a synced write.
      if (found.length > 0 || known?.id !== cursor.id || known.at !== cursor.at) take(cursor, found);
    },
    unconfirmed: () => inState('unconfirmed'),
    drop: run("DELETE FROM lockouts WHERE id = ?1 AND state = 'unconfirmed'"),
    confirm: db.transaction((id: number, found: FoundLocked) => {
      const last = earlier.get(id);
      if (last) end(last.id, 'again', last.at);
      confirm({ ...found, id });
    }),
    locked: () => inState('locked'),
    unlockedBy: changes(
      "UPDATE lockouts SET unlocked_by = ?2 WHERE account_id = ?1 AND state IN ('unconfirmed', 'locked')",
    ),
    end,
    untold: all("WHERE state <> 'unconfirmed' AND owners IS NULL ORDER BY id"),
    setOwners: shown('UPDATE lockouts SET owners = ?2 WHERE id = ?1'),
    tellAnew: changes("UPDATE lockouts SET owners = NULL WHERE account_id = ?1 AND state = 'locked'"),
    setRequest: shown('UPDATE lockouts SET request_id = ?2 WHERE id = ?1'),
    reschedule: shown('UPDATE lockouts SET opens_at = ?2 WHERE id = ?1'),
    dayBefore: (id) => dayBefore.get(id) ?? { locks: 0, opened: 0 },
    byId: find('WHERE id = ?1'),
  };
}

/** The admin channel's cards about lockouts. */
export function createLockoutCardStore(db: Database): LockoutCardStore {
  const { all, find, insert, run } = lockoutCards.statements(db);
  const ofLockouts = lockouts.statements(db);
  const newest = find<[at: number, withinMs: number, anyWithinMs: number]>(`
    WHERE abs(begun_at - ?1) < ?2 AND (abs(begun_at - ?1) < ?3
      OR EXISTS (SELECT 1 FROM lockouts WHERE card_id = lockout_cards.id AND state = 'locked'))
    ORDER BY id DESC LIMIT 1`);
  const join = run<[lockoutId: number, cardId: number]>('UPDATE lockouts SET card_id = ?2 WHERE id = ?1');
  const touch = run<[number]>('UPDATE lockout_cards SET version = version + 1 WHERE id = ?1');
  return {
    uncarded: ofLockouts.all("WHERE state = 'locked' AND card_id IS NULL ORDER BY id"),
    newest,
    ofAccount: find(`
      WHERE id IN (SELECT card_id FROM lockouts WHERE account_id = ?1) AND begun_at > ?2 - ?3 AND begun_at < ?2 + ?3
      ORDER BY id DESC LIMIT 1`),
    begin: insert('INSERT INTO lockout_cards (begun_at) VALUES (?1)'),
    join: db.transaction((lockoutId: number, cardId: number) => {
      join(lockoutId, cardId);
      touch(cardId);
    }),
    stale: all('WHERE shown_version IS NOT version ORDER BY id'),
    lockoutsOf: ofLockouts.all('WHERE card_id = ?1 ORDER BY id'),
    placed: run(
      "UPDATE lockout_cards SET channel_id = ?2 ->> 'channelId', message_id = ?2 ->> 'messageId' WHERE id = ?1",
    ),
    shown: run('UPDATE lockout_cards SET shown_version = ?2 WHERE id = ?1'),
  };
}

/** Owners who said that somebody else locked their account. */
export function createDenialStore(db: Database): DenialStore {
  const { all, change, exists, find, run } = denials.statements(db);
  return {
    begin: change(`
      INSERT INTO denials (member_id, account_id, account_name, lockout_id, at)
      VALUES (@memberId, @accountId, @accountName, @lockoutId, @at) ON CONFLICT DO NOTHING`),
    has: exists('SELECT 1 FROM denials WHERE member_id = ?1 AND lockout_id = ?2'),
    stale: all('WHERE shown_version IS NOT version ORDER BY id'),
    byId: find('WHERE id = ?1'),
    placed: run("UPDATE denials SET channel_id = ?2 ->> 'channelId', message_id = ?2 ->> 'messageId' WHERE id = ?1"),
    shown: run('UPDATE denials SET shown_version = ?2 WHERE id = ?1'),
    signedOut: run(`
      UPDATE denials SET signed_out_by = ?2, signed_out_at = ?3, version = version + 1
      WHERE account_id = ?1 AND signed_out_at IS NULL`),
  };
}
