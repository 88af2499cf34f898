import type { Database } from 'better-sqlite3';
import { sameName } from '../../identifiers.js';
import type { KeptLink, LinkStore } from '../../services/accounts/link.js';
import { Table } from '../rows.js';

export const links = new Table<KeptLink>('links', {
  memberId: 'text',
  accountId: 'text',
  accountName: 'text',
  linkedAt: 'integer',
  asleepSince: 'integer?',
});

export function createLinkStore(db: Database): LinkStore {
  const { all, find, run, changes, exists, values } = links.statements(db);
  const isAwake = 'asleep_since IS NULL';
  const ofPair = `WHERE member_id = ?1 AND account_id = ?2 AND ${isAwake}`;
  const awake = all(`WHERE ${isAwake} ORDER BY linked_at`);
  const accountIds = values<string>('SELECT DISTINCT account_id FROM links');
  const isAsleep = exists<[string]>('SELECT 1 FROM links WHERE member_id = ?1 AND asleep_since IS NOT NULL');
  const wake = run<[string]>('UPDATE links SET asleep_since = NULL WHERE member_id = ?1 AND asleep_since IS NOT NULL');
  const add = changes<[object]>(`
    INSERT INTO links (member_id, account_id, account_name, linked_at, linked_by)
    VALUES (@memberId, @accountId, @accountName, @linkedAt, @linkedBy)
    ON CONFLICT DO UPDATE SET asleep_since = NULL WHERE asleep_since IS NOT NULL`);
  return {
    ofMember: all(`WHERE member_id = ?1 AND ${isAwake} ORDER BY linked_at, account_name`),
    ofAccount: all(`WHERE account_id = ?1 AND ${isAwake} ORDER BY linked_at`),
    // SQLite's own comparison without case knows ASCII only.
    ofAccountName: (name) => awake().filter(({ accountName }) => sameName(accountName, name)),
    find: find(ofPair),
    has: exists(`SELECT 1 FROM links ${ofPair}`),
    everyOf: all('WHERE member_id = ?1 ORDER BY linked_at, account_name'),
    everyOfAccount: all('WHERE account_id = ?1 ORDER BY linked_at'),
    all: all('ORDER BY linked_at, account_name'),
    linkedAccountIds: () => new Set(accountIds()),
    add: (link, linkedBy) => add({ ...link, linkedBy }),
    remove: changes('DELETE FROM links WHERE member_id = ?1 AND account_id = ?2'),
    sleep: run('UPDATE links SET asleep_since = ?2 WHERE member_id = ?1 AND asleep_since IS NULL'),
    // Asked at every interaction: a read is far cheaper than a write that changes nothing.
    wake: (memberId) => (isAsleep(memberId) ? wake(memberId) : 0),
    rename: run('UPDATE links SET account_name = ?2 WHERE account_id = ?1'),
  };
}
