import type { Database } from 'better-sqlite3';
import type { Audit, AuditEntry } from '../../services/audit.js';

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
