import type { Database } from 'better-sqlite3';
import { dayMs } from '../../time.js';
import type { RateLimitStore } from '../../services/requests/rate-limits.js';
import { statements } from '../rows.js';

/** No limit looks back further than this. */
const keptMs = 7 * dayMs;

/** The times of limited acts, by a member or for an account. */
export function createRateLimitStore(db: Database): RateLimitStore {
  const { run, values } = statements(db);
  const add = run<[who: string, act: string, at: number]>(
    'INSERT INTO rate_limits (member_or_account_id, act, at) VALUES (?1, ?2, ?3)',
  );
  const forget = run<[who: string, act: string, before: number]>(
    'DELETE FROM rate_limits WHERE member_or_account_id = ?1 AND act = ?2 AND at < ?3',
  );
  return {
    add: (who, act, at) => {
      add(who, act, at);
      forget(who, act, at - keptMs);
    },
    takeBack: run(`
      DELETE FROM rate_limits WHERE rowid = (
        SELECT rowid FROM rate_limits WHERE member_or_account_id = ?1 AND act = ?2 AND at = ?3 LIMIT 1)`),
    between: values(`
      SELECT at FROM rate_limits WHERE member_or_account_id = ?1 AND act = ?2 AND at > ?3 AND at <= ?4 ORDER BY at`),
  };
}
