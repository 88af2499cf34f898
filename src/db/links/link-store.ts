import type { Database } from 'better-sqlite3';
import { sameName } from '../../identifiers.js';
import type { KeptLink, Link, LinkStore } from '../../services/accounts/link.js';

interface Row {
  readonly member_id: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly linked_at: number;
  readonly asleep_since: number | null;
}

/** The links table. */
export class SqliteLinkStore implements LinkStore {
  readonly #sql;

  constructor(db: Database) {
    const rows = <P extends unknown[]>(rest: string) => db.prepare<P, Row>(`SELECT * FROM links ${rest}`);
    this.#sql = {
      ofMember: rows<[string]>('WHERE member_id = ? AND asleep_since IS NULL ORDER BY linked_at, account_name'),
      ofAccount: rows<[string]>('WHERE account_id = ? AND asleep_since IS NULL ORDER BY linked_at'),
      awake: rows<[]>('WHERE asleep_since IS NULL ORDER BY linked_at'),
      find: rows<[string, string]>('WHERE member_id = ? AND account_id = ? AND asleep_since IS NULL'),
      everyOf: rows<[string]>('WHERE member_id = ? ORDER BY linked_at, account_name'),
      everyOfAccount: rows<[string]>('WHERE account_id = ? ORDER BY linked_at'),
      all: rows<[]>('ORDER BY linked_at, account_name'),
      accountIds: db.prepare<[], { account_id: string }>('SELECT DISTINCT account_id FROM links'),
      add: db.prepare<[string, string, string, number, string]>(`
        INSERT INTO links (member_id, account_id, account_name, linked_at, linked_by) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET asleep_since = NULL WHERE asleep_since IS NOT NULL`),
      remove: db.prepare<[string, string]>('DELETE FROM links WHERE member_id = ? AND account_id = ?'),
      sleep: db.prepare<[number, string]>(
        'UPDATE links SET asleep_since = ? WHERE member_id = ? AND asleep_since IS NULL',
      ),
      wake: db.prepare<[string]>(
        'UPDATE links SET asleep_since = NULL WHERE member_id = ? AND asleep_since IS NOT NULL',
      ),
      rename: db.prepare<[string, string]>('UPDATE links SET account_name = ? WHERE account_id = ?'),
    };
  }

  ofMember(memberId: string): Link[] {
    return this.#sql.ofMember.all(memberId).map(toLink);
  }

  ofAccount(accountId: string): Link[] {
    return this.#sql.ofAccount.all(accountId).map(toLink);
  }

  ofAccountName(name: string): Link[] {
    // SQLite's own comparison without case knows ASCII only.
    return this.#sql.awake
      .all()
      .filter((row) => sameName(row.account_name, name))
      .map(toLink);
  }

  find(memberId: string, accountId: string): Link | undefined {
    const row = this.#sql.find.get(memberId, accountId);
    return row && toLink(row);
  }

  has(memberId: string, accountId: string): boolean {
    return this.find(memberId, accountId) !== undefined;
  }

  everyOf(memberId: string): KeptLink[] {
    return this.#sql.everyOf.all(memberId).map(toLink);
  }

  everyOfAccount(accountId: string): KeptLink[] {
    return this.#sql.everyOfAccount.all(accountId).map(toLink);
  }

  all(): KeptLink[] {
    return this.#sql.all.all().map(toLink);
  }

  linkedAccountIds(): Set<string> {
    return new Set(this.#sql.accountIds.all().map((row) => row.account_id));
  }

  add({ memberId, accountId, accountName, linkedAt }: Link, linkedBy: string): boolean {
    return this.#sql.add.run(memberId, accountId, accountName, linkedAt, linkedBy).changes === 1;
  }

  remove(memberId: string, accountId: string): boolean {
    return this.#sql.remove.run(memberId, accountId).changes === 1;
  }

  sleep(memberId: string, at: number): number {
    return this.#sql.sleep.run(at, memberId).changes;
  }

  wake(memberId: string): number {
    // Asked at every interaction: a read is far cheaper than a write that changes nothing.
    if (!this.everyOf(memberId).some(({ asleepSince }) => asleepSince !== undefined)) return 0;
    return this.#sql.wake.run(memberId).changes;
  }

  rename(accountId: string, name: string): void {
    this.#sql.rename.run(name, accountId);
  }
}

function toLink(row: Row): KeptLink {
  return {
    memberId: row.member_id,
    accountId: row.account_id,
    accountName: row.account_name,
    linkedAt: row.linked_at,
    asleepSince: row.asleep_since ?? undefined,
  };
}
