import type { Database } from 'better-sqlite3';
import type { LinkNews, LinkNewsKind, LinkNewsStore } from '../../services/links/link-notices.js';

type Row = Omit<LinkNews, 'newName'> & { readonly newName: string | null };

/** What the admins are told about links, by the card that tells it. */
export class SqliteLinkNews implements LinkNewsStore {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      add: db.prepare(`
        INSERT INTO link_news (kind, member_id, account_name, new_name, at)
        VALUES (@kind, @memberId, @accountName, @newName, @at)`),
      setBatch: db.prepare<[number, number]>('UPDATE link_news SET batch = ? WHERE id = ?'),
      ofBatch: db.prepare<[number], Row>(`
        SELECT kind, member_id AS memberId, account_name AS accountName, new_name AS newName
        FROM link_news WHERE batch = ? ORDER BY id`),
      known: db.prepare<[string]>('SELECT 1 FROM link_news WHERE kind = ? LIMIT 1'),
      settle: db.prepare<[string]>('DELETE FROM link_news WHERE kind = ?'),
    };
  }

  add({ kind, memberId, accountName, newName }: LinkNews, at: number, batch?: number): number {
    const id = Number(this.#sql.add.run({ kind, memberId, accountName, newName: newName ?? null, at }).lastInsertRowid);
    // A batch has the number of its first row.
    this.#sql.setBatch.run(batch ?? id, id);
    return batch ?? id;
  }

  ofBatch(batch: number): LinkNews[] {
    return this.#sql.ofBatch.all(batch).map((row) => ({ ...row, newName: row.newName ?? undefined }));
  }

  isKnown(kind: LinkNewsKind): boolean {
    return this.#sql.known.get(kind) !== undefined;
  }

  settle(kind: LinkNewsKind): void {
    this.#sql.settle.run(kind);
  }
}
