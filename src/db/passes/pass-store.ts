import type { Database } from 'better-sqlite3';
import type { Pass, PassStore } from '../../services/passes/pass.js';
import { Table } from '../rows.js';

export const passes = new Table<Pass>('passes', {
  id: 'integer',
  requestId: 'integer',
  accountId: 'text',
  restriction: 'text',
  before: 'json',
  devicesBefore: 'json?',
  signedIn: 'json',
  openedAt: 'integer?',
  endsAt: 'integer?',
  endedBy: 'text?',
  putsBack: 'json?',
  failure: 'text?',
  endedAt: 'integer?',
  end: 'text?',
});

/** The passes table. Every change is one conditional UPDATE. */
export function createPassStore(db: Database): PassStore {
  const { all, find, change, changes, run } = passes.statements(db);
  return {
    // The unique index turns a second one for an account and restriction away: no row comes back.
    begin: change(`
      INSERT INTO passes (request_id, account_id, restriction, before, devices_before)
      VALUES (@requestId, @accountId, @restriction, @before, @devicesBefore) ON CONFLICT DO NOTHING`),
    byId: find('WHERE id = ?1'),
    ofRequest: find('WHERE request_id = ?1 ORDER BY id DESC'),
    ofAccount: all('WHERE account_id = ?1 AND ended_at IS NULL ORDER BY id'),
    open: all('WHERE ended_at IS NULL ORDER BY id'),
    beginAgain: changes(`
      UPDATE passes SET before = ?2, devices_before = ?3, failure = NULL
      WHERE id = ?1 AND opened_at IS NULL AND ended_at IS NULL`),
    opened: change(
      'UPDATE passes SET opened_at = ?2, ends_at = ?3, failure = NULL WHERE id = ?1 AND opened_at IS NULL AND ended_at IS NULL',
    ),
    endEarly: changes('UPDATE passes SET ended_by = ?2 WHERE id = ?1 AND ended_by IS NULL AND ended_at IS NULL'),
    noteSignedIn: run('UPDATE passes SET signed_in = ?2 WHERE id = ?1 AND ended_at IS NULL'),
    putsBack: run('UPDATE passes SET puts_back = ?2 WHERE id = ?1 AND ended_at IS NULL'),
    fail: changes('UPDATE passes SET failure = ?2 WHERE id = ?1 AND ended_at IS NULL AND failure IS NOT ?2'),
    end: changes('UPDATE passes SET ended_at = ?3, "end" = ?2, failure = NULL WHERE id = ?1 AND ended_at IS NULL'),
  };
}
