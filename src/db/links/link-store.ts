import type { Database } from 'better-sqlite3';
import type { KeptLink, LinkStore } from '../../services/accounts/link.js';
import { Table } from '../rows.js';

export const links = new Table<KeptLink>('links', {
  memberId: 'text',
  accountId: 'text',
  accountName: 'text',
  linkedAt: 'integer',
  madeBy: 'text',
  onAdministrator: 'boolean',
  provedOnAdministrator: 'boolean',
  ofAdmin: 'boolean',
  asleepSince: 'integer?',
  suspendedSince: 'integer?',
});

/** Every link, whether it counts or not. */
export function createLinkStore(db: Database): LinkStore {
  const { all, find, run, changes, values } = links.statements(db);
  const accountIds = values<string>('SELECT DISTINCT account_id FROM links');
  const put = run<[object]>(`
    INSERT INTO links (member_id, account_id, account_name, linked_at, made_by, on_administrator, proved_on_administrator,
      of_admin, asleep_since, suspended_since)
    VALUES (@memberId, @accountId, @accountName, @linkedAt, @madeBy, @onAdministrator, @provedOnAdministrator,
      @ofAdmin, @asleepSince, @suspendedSince)
    ON CONFLICT DO UPDATE SET made_by = @madeBy, on_administrator = @onAdministrator,
      proved_on_administrator = @provedOnAdministrator, of_admin = @ofAdmin,
      asleep_since = @asleepSince, suspended_since = @suspendedSince`);
  return {
    everyOf: all('WHERE member_id = ?1 ORDER BY linked_at, account_name'),
    between: find('WHERE member_id = ?1 AND account_id = ?2'),
    everyOfAccount: all('WHERE account_id = ?1 ORDER BY linked_at'),
    all: all('ORDER BY linked_at, account_name'),
    linkedAccountIds: () => new Set(accountIds()),
    put,
    remove: changes('DELETE FROM links WHERE member_id = ?1 AND account_id = ?2'),
    sleep: run('UPDATE links SET asleep_since = ?2 WHERE member_id = ?1 AND asleep_since IS NULL'),
    wake: run('UPDATE links SET asleep_since = NULL WHERE member_id = ?1'),
    rename: run('UPDATE links SET account_name = ?2 WHERE account_id = ?1'),
  };
}
