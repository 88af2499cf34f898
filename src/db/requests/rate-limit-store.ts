import type { Database } from 'better-sqlite3';
import type { RateLimitStore } from '../../services/requests/rate-limits.js';
import { statements } from '../rows.js';

/** The times of limited acts, by a member or for an account. */
export function createRateLimitStore(db: Database): RateLimitStore {
  const { run, values } = statements(db);
  return {
    add: run('INSERT INTO rate_limits (member_or_account_id, act, at) VALUES (?1, ?2, ?3)'),
    takeBack: run(`
      DELETE FROM rate_limits WHERE rowid = (
        SELECT rowid FROM rate_limits WHERE member_or_account_id = ?1 AND act = ?2 AND at = ?3)`),
    between: values(`
      SELECT at FROM rate_limits WHERE member_or_account_id = ?1 AND act = ?2 AND at > ?3 AND at <= ?4 ORDER BY at`),
  };
}
