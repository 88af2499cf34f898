import type { Database } from 'better-sqlite3';
import type { LinkNews, LinkNewsStore } from '../../services/links/link-ports.js';
import { Table } from '../rows.js';

export const linkNews = new Table<LinkNews>('link_news', {
  kind: 'text',
  memberId: 'text',
  accountName: 'text',
  newName: 'text?',
  removedBy: 'text?',
});

/** News about links for the admins, by the card that tells them. */
export function createLinkNewsStore(db: Database): LinkNewsStore {
  const { all, find, values, run, exists } = linkNews.statements(db);
  const add = values<number, [object]>(`
    INSERT INTO link_news (kind, member_id, account_name, new_name, removed_by, at)
    VALUES (@kind, @memberId, @accountName, @newName, @removedBy, @at) RETURNING id`);
  const setBatch = run<[id: number, batch: number]>('UPDATE link_news SET batch = ?2 WHERE id = ?1');
  return {
    add: (news, at, batch) => {
      const [id = 0] = add({ ...news, at });
      // A batch has the number of its first row.
      setBatch(id, batch ?? id);
      return { id, batch: batch ?? id };
    },
    byId: find('WHERE id = ?1'),
    ofBatch: all('WHERE batch = ?1 ORDER BY id'),
    isKnown: exists('SELECT 1 FROM link_news WHERE kind = ?1'),
    settle: run('DELETE FROM link_news WHERE kind = ?1'),
  };
}
