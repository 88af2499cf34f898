import type { Database } from 'better-sqlite3';
import type { NamedAccount } from '../../services/accounts/account.js';
import { nameKey, readAccountId } from '../../identifiers.js';
import type { Audit } from '../../services/audit.js';
import { hourMs } from '../../time.js';
import type { HistoryEntry, HistoryStore, HistoryView, SignInDay, SignInDays } from '../../services/history/history.js';
import { Table } from '../rows.js';
import { createRemoveOld } from './retention.js';

export const audit = new Table<HistoryEntry>('audit', {
  id: 'integer',
  at: 'integer',
  actorId: 'text',
  act: 'text',
  outcome: 'text',
  accountId: 'text?',
  accountName: 'text?',
  memberId: 'text?',
  requestId: 'integer?',
  detail: 'text?',
  times: 'integer?',
});

export const auditedAccounts = new Table<NamedAccount>('audit', {
  id: ['text', 'account_id'],
  name: ['text', 'account_name'],
});

export const historyViews = new Table<HistoryView>('history_views', {
  id: 'integer',
  actorId: 'text',
  accountId: 'text?',
  accountName: 'text?',
  memberId: 'text?',
  newestId: 'integer',
});

export const signInDays = new Table<SignInDay>('sign_in_days', { day: 'text', failed: 'integer', locked: 'integer' });

/** Somebody who is refused again and again must not fill the disk, or push everything else out of sight. */
const refusalsPerHour = 20;

/** The audit table; rows are only ever added, but for the one that counts somebody's refusals. */
export function createAudit(db: Database, now: () => number): Audit {
  const { run, changes, value } = audit.statements(db);
  const add = run<[object]>(`
    INSERT INTO audit (at, actor_id, act, outcome, account_id, account_name, member_id, request_id, detail, times)
    VALUES (@at, @actorId, @act, @outcome, @accountId, @accountName, @memberId, @requestId, @detail, @times)`);
  const refusals = value<number, [actorId: string, since: number]>(
    'SELECT count(*) FROM audit WHERE actor_id = ?1 AND at > ?2 AND times IS NOT NULL',
  );
  const count = changes<[actorId: string, since: number]>(`
    UPDATE audit SET times = times + 1 WHERE id = (
      SELECT max(id) FROM audit WHERE actor_id = ?1 AND at > ?2 AND act = 'refused')`);
  return {
    record: (entry) => void add({ ...entry, at: now() }),
    recordRefusal: (entry) => {
      const at = now();
      const since = at - hourMs;
      if ((refusals(entry.actorId, since) ?? 0) < refusalsPerHour) add({ ...entry, at, times: 1 });
      else if (!count(entry.actorId, since))
        add({ actorId: entry.actorId, act: 'refused', outcome: 'tooOften', at, times: 1 });
    },
  };
}

/** An act is shown by how it ended; that it was begun, only where no end of it is among so many entries after it. */
const endsWithin = 200;

/** Reads the audit, and keeps which filter each open view has. */
export function createHistoryStore(db: Database): HistoryStore {
  // SQLite's own comparison without case knows ASCII only.
  db.function('name_key', { deterministic: true }, (name) => nameKey(String(name)));
  const { all, value } = audit.statements(db);
  const views = historyViews.statements(db);
  const wanted = `
    WHERE id <= @newestId AND (@accountId IS NULL OR account_id = @accountId)
      AND (@memberId IS NULL OR member_id = @memberId OR actor_id = @memberId)
      AND NOT (outcome = 'begun' AND EXISTS (
        SELECT 1 FROM audit AS later
        WHERE later.id > audit.id AND later.id < audit.id + ${endsWithin} AND later.act = audit.act
          AND later.actor_id = audit.actor_id AND later.account_id IS audit.account_id AND later.outcome <> 'begun'))`;
  const newestId = value<number>('SELECT coalesce(max(id), 0) FROM audit');
  const count = value<number, [object]>(`SELECT count(*) FROM audit ${wanted}`);
  const page = all<[object]>(`${wanted} ORDER BY id DESC LIMIT @limit OFFSET @offset`);
  const called = auditedAccounts.statements(db).find<[id: string | undefined, name: string]>(`
    WHERE account_id <> '' AND account_name <> '' AND (account_id = ?1 OR name_key(account_name) = name_key(?2))
    ORDER BY audit.id DESC LIMIT 1`);
  const openView = views.insert<[object]>(`
    INSERT INTO history_views (actor_id, account_id, account_name, member_id, newest_id, made_at)
    VALUES (@actorId, @accountId, @accountName, @memberId, @newestId, @at)`);
  return {
    newestId: () => newestId() ?? 0,
    count: (filter, newest) => count({ ...filter, newestId: newest }) ?? 0,
    page: (filter, newest, offset, limit) => page({ ...filter, newestId: newest, offset, limit }),
    accountCalled: (text) => called(readAccountId(text), text),
    openView: (view, at) => openView({ ...view, at }),
    view: views.find('WHERE id = ?1 AND made_at >= ?2'),
    removeBefore: createRemoveOld(db),
  };
}

/** Failed sign-ins and lockouts, counted by day. */
export function createSignInDays(db: Database): SignInDays {
  const { all, run } = signInDays.statements(db);
  const add = run<[day: string, failed: number, locked: number]>(`
    INSERT INTO sign_in_days (day, failed, locked) VALUES (?1, ?2, ?3)
    ON CONFLICT (day) DO UPDATE SET failed = failed + excluded.failed, locked = locked + excluded.locked`);
  const since = all<[day: string]>('WHERE day >= ?1 ORDER BY day');
  return {
    add: (at, { failed = 0, locked = 0 }) => void add(dayOf(at), failed, locked),
    since: (at) => since(dayOf(at)),
  };
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
