import type { Database } from 'better-sqlite3';
import type { LogCursor } from '../../services/accounts/activity-log.js';
import type { PasswordLog } from '../../services/accounts/password-changes.js';
import { Table } from '../rows.js';

export const passwordLogPosition = new Table<LogCursor>('password_log_position', { id: 'integer', at: 'integer' });

/** Between the clocks of this machine and of the server, and until a change is in the log. */
const toleranceMs = 2 * 60_000;

/** How far the log was read for changed passwords, and which of them the bot made itself. */
export function createPasswordLog(db: Database): PasswordLog {
  const { find, run, exists } = passwordLogPosition.statements(db);
  // What stands in the log after the bot's own change, be it a moment later, is somebody else's: see `PasswordDelivery.set`.
  const isOwn = exists<[accountId: string, at: number, entryId: number, tolerance: number]>(`
    SELECT 1 FROM temp_passwords WHERE account_id = ?1 AND (
      ?2 BETWEEN begun_at - ?4 AND coalesce(shown_at, begun_at) + ?4
        AND ?3 <= coalesce(log_cursor_id, ?3) AND end IS NOT 'replaced'
      OR abs(retiring_at - ?2) <= ?4)`);
  return {
    cursor: find(''),
    setCursor: run(`
      INSERT INTO password_log_position (one, id, at) VALUES (1, @id, @at)
      ON CONFLICT DO UPDATE SET id = @id, at = @at`),
    isBotsOwn: (accountId, { at, id }) => isOwn(accountId, at, id, toleranceMs),
  };
}
