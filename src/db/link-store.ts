import type { Database } from 'better-sqlite3';
import type { Link, LinkStore } from '../services/link.js';

interface Row {
  readonly member_id: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly linked_at: number;
}

/** The links table. */
export class SqliteLinkStore implements LinkStore {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      ofMember: db.prepare<[string], Row>('SELECT * FROM links WHERE member_id = ? ORDER BY linked_at, account_name'),
      ofAccount: db.prepare<[string], Row>('SELECT * FROM links WHERE account_id = ? ORDER BY linked_at'),
      all: db.prepare<[], Row>('SELECT * FROM links ORDER BY linked_at'),
      find: db.prepare<[string, string], Row>('SELECT * FROM links WHERE member_id = ? AND account_id = ?'),
      accountIds: db.prepare<[], { account_id: string }>('SELECT DISTINCT account_id FROM links'),
      add: db.prepare<[string, string, string, number, string]>(
        'INSERT INTO links (member_id, account_id, account_name, linked_at, linked_by) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      ),
      remove: db.prepare<[string, string]>('DELETE FROM links WHERE member_id = ? AND account_id = ?'),
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
    const wanted = name.toLowerCase();
    return this.#sql.all
      .all()
      .filter((row) => row.account_name.toLowerCase() === wanted)
      .map(toLink);
  }

  find(memberId: string, accountId: string): Link | undefined {
    const row = this.#sql.find.get(memberId, accountId);
    return row && toLink(row);
  }

  linkedAccountIds(): Set<string> {
    return new Set(this.#sql.accountIds.all().map((row) => row.account_id));
  }

  add(link: Link, linkedBy: string): boolean {
    return this.#sql.add.run(link.memberId, link.accountId, link.accountName, link.linkedAt, linkedBy).changes === 1;
  }

  remove(memberId: string, accountId: string): boolean {
    return this.#sql.remove.run(memberId, accountId).changes === 1;
  }
}

function toLink(row: Row): Link {
  return {
    memberId: row.member_id,
    accountId: row.account_id,
    accountName: row.account_name,
    linkedAt: row.linked_at,
  };
}
