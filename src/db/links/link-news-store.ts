import type { Database } from 'better-sqlite3';
import type { LinkNews, LinkNewsBatch, LinkNewsKind, LinkNewsStore } from '../../services/links/link-news.js';

interface Row {
  readonly kind: string;
  readonly member_id: string;
  readonly account_name: string;
  readonly new_name: string | null;
  readonly at: number;
  readonly batch: number;
}

/** What the admins are to be told about links. */
export class SqliteLinkNews implements LinkNewsStore {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      add: db.prepare<[string, string, string, string | null, number]>(
        'INSERT INTO link_news (kind, member_id, account_name, new_name, at) VALUES (?, ?, ?, ?, ?)',
      ),
      // Numbered by its newest row: a batch keeps its number, and so its message, whatever else happens meanwhile.
      gather: db.prepare(`
        UPDATE link_news SET batch = (SELECT max(id) FROM link_news) WHERE told_at IS NULL AND batch IS NULL`),
      untold: db.prepare<[], Row>('SELECT * FROM link_news WHERE told_at IS NULL ORDER BY batch, id'),
      known: db.prepare<[string]>('SELECT 1 FROM link_news WHERE kind = ? LIMIT 1'),
      settle: db.prepare<[string]>('DELETE FROM link_news WHERE kind = ?'),
      told: db.prepare<[number, number]>('UPDATE link_news SET told_at = ? WHERE batch = ?'),
    };
  }

  add({ kind, memberId, accountName, newName }: LinkNews, at: number): void {
    this.#sql.add.run(kind, memberId, accountName, newName ?? null, at);
  }

  untold(): LinkNewsBatch[] {
    // Asked every minute, and mostly for nothing.
    if (this.#sql.untold.get() === undefined) return [];
    this.#sql.gather.run();
    const batches = new Map<number, { id: number; at: number; news: LinkNews[] }>();
    for (const row of this.#sql.untold.all()) {
      const batch = batches.get(row.batch) ?? { id: row.batch, at: row.at, news: [] };
      batch.news.push(toNews(row));
      batches.set(row.batch, batch);
    }
    return [...batches.values()];
  }

  told(batchId: number, at: number): void {
    this.#sql.told.run(at, batchId);
  }

  isKnown(kind: LinkNewsKind): boolean {
    return this.#sql.known.get(kind) !== undefined;
  }

  settle(kind: LinkNewsKind): void {
    this.#sql.settle.run(kind);
  }
}

function toNews(row: Row): LinkNews {
  return {
    kind: row.kind as LinkNewsKind,
    memberId: row.member_id,
    accountName: row.account_name,
    newName: row.new_name ?? undefined,
  };
}
