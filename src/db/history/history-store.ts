import type { Database } from 'better-sqlite3';
import { nameKey, readAccountId } from '../../identifiers.js';
import type { Audit, AuditEntry } from '../../services/audit.js';
import type {
  HistoryEntry,
  HistoryFilter,
  HistoryStore,
  HistoryView,
  SignInDay,
  SignInDays,
} from '../../services/history/history.js';
import { createRemoveOld } from './retention.js';

interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly actor_id: string;
  readonly act: string;
  readonly outcome: string;
  readonly account_id: string | null;
  readonly account_name: string | null;
  readonly member_id: string | null;
  readonly request_id: number | null;
  readonly detail: string | null;
}

interface ViewRow {
  readonly id: number;
  readonly actor_id: string;
  readonly account_id: string | null;
  readonly account_name: string | null;
  readonly member_id: string | null;
  readonly newest_id: number;
}

/** Reads the audit for whoever may see it, and keeps what their open views are about. */
export class SqliteHistoryStore implements HistoryStore {
  readonly #sql;
  readonly #removeOld;

  constructor(db: Database) {
    this.#removeOld = createRemoveOld(db);
    // SQLite's own comparison without case knows ASCII only.
    db.function('name_key', { deterministic: true }, (name) => nameKey(String(name)));
    const wanted = `
      FROM audit WHERE id <= @newestId
        AND (@accountId IS NULL OR account_id = @accountId)
        AND (@memberId IS NULL OR member_id = @memberId OR actor_id = @memberId)`;
    this.#sql = {
      newestId: db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM audit').pluck(),
      count: db.prepare<[object], number>(`SELECT count(*) ${wanted}`).pluck(),
      page: db.prepare<[object], AuditRow>(`SELECT * ${wanted} ORDER BY id DESC LIMIT @limit OFFSET @offset`),
      called: db.prepare<[string, string], { id: string; name: string }>(`
        SELECT account_id AS id, account_name AS name FROM audit
        WHERE account_id <> '' AND account_name <> '' AND (account_id = ? OR name_key(account_name) = name_key(?))
        ORDER BY audit.id DESC LIMIT 1`),
      openView: db.prepare<[object], ViewRow>(`
        INSERT INTO history_views (actor_id, account_id, account_name, member_id, newest_id, made_at)
        VALUES (@actorId, @accountId, @accountName, @memberId, @newestId, @at) RETURNING *`),
      view: db.prepare<[number, number], ViewRow>('SELECT * FROM history_views WHERE id = ? AND made_at >= ?'),
    };
  }

  newestId(): number {
    return this.#sql.newestId.get() ?? 0;
  }

  count(filter: HistoryFilter, newestId: number): number {
    return this.#sql.count.get({ ...toNulls(filter), newestId }) ?? 0;
  }

  page(filter: HistoryFilter, newestId: number, offset: number, limit: number): HistoryEntry[] {
    return this.#sql.page.all({ ...toNulls(filter), newestId, offset, limit }).map(toEntry);
  }

  accountCalled(text: string): { id: string; name: string } | undefined {
    return this.#sql.called.get(readAccountId(text) ?? '', text);
  }

  openView(view: Omit<HistoryView, 'id'>, at: number): HistoryView {
    const { actorId, newestId } = view;
    const row = this.#sql.openView.get({ ...toNulls(view), actorId, newestId, at });
    if (!row) throw new Error('a view was not kept');
    return toView(row);
  }

  view(id: number, since: number): HistoryView | undefined {
    const row = this.#sql.view.get(id, since);
    return row && toView(row);
  }

  removeBefore(before: number, viewsBefore: number): number {
    return this.#removeOld(before, viewsBefore);
  }
}

function toNulls({ accountId, accountName, memberId }: HistoryFilter) {
  return { accountId: accountId ?? null, accountName: accountName ?? null, memberId: memberId ?? null };
}

function toEntry(row: AuditRow): HistoryEntry {
  return {
    id: row.id,
    at: row.at,
    actorId: row.actor_id,
    act: row.act,
    outcome: row.outcome,
    accountId: row.account_id ?? undefined,
    accountName: row.account_name ?? undefined,
    memberId: row.member_id ?? undefined,
    requestId: row.request_id ?? undefined,
    detail: row.detail ?? undefined,
  };
}

function toView(row: ViewRow): HistoryView {
  return {
    id: row.id,
    actorId: row.actor_id,
    accountId: row.account_id ?? undefined,
    accountName: row.account_name ?? undefined,
    memberId: row.member_id ?? undefined,
    newestId: row.newest_id,
  };
}

/** The audit table; rows are only ever added. */
export class SqliteAudit implements Audit {
  readonly #insert;
  readonly #now: () => number;

  constructor(db: Database, now: () => number) {
    this.#now = now;
    this.#insert = db.prepare(`
      INSERT INTO audit (at, actor_id, act, outcome, account_id, account_name, member_id, request_id, detail)
      VALUES (@at, @actorId, @act, @outcome, @accountId, @accountName, @memberId, @requestId, @detail)`);
  }

  record(entry: AuditEntry): void {
    this.#insert.run({
      at: this.#now(),
      actorId: entry.actorId,
      act: entry.act,
      outcome: entry.outcome,
      accountId: entry.accountId ?? null,
      accountName: entry.accountName ?? null,
      memberId: entry.memberId ?? null,
      requestId: entry.requestId ?? null,
      detail: entry.detail ?? null,
    });
  }
}

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
