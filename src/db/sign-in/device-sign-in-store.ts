import type { Database } from 'better-sqlite3';
import type { LogCursor } from '../../services/accounts/activity-log.js';
import type { DeviceSignIn, DeviceSignInStore } from '../../services/sign-in/device-sign-in.js';
import type { PasswordLog } from '../../services/accounts/password-changes.js';
import { Table } from '../rows.js';

export const deviceSignIns = new Table<DeviceSignIn>('device_sign_ins', {
  id: 'integer',
  memberId: 'text',
  accountId: 'text',
  accountName: 'text',
  begunAt: 'integer',
  doneAt: 'integer?',
  devicesBefore: 'json',
  deniedBy: 'text?',
  signedOutAt: 'integer?',
});

/** Devices that were signed in with a code; never the code. */
export function createDeviceSignInStore(db: Database): DeviceSignInStore {
  const { all, find, insert, run, changes, exists } = deviceSignIns.statements(db);
  return {
    begin: insert(`
      INSERT INTO device_sign_ins (member_id, account_id, account_name, begun_at, devices_before)
      VALUES (@memberId, @accountId, @accountName, @begunAt, @devicesBefore)`),
    byId: find('WHERE id = ?1'),
    anySince: exists('SELECT 1 FROM device_sign_ins WHERE account_id = ?1 AND begun_at >= ?2'),
    next: find('WHERE account_id = ?1 AND id > ?2 ORDER BY id LIMIT 1'),
    done: run('UPDATE device_sign_ins SET done_at = ?2 WHERE id = ?1'),
    failed: run('DELETE FROM device_sign_ins WHERE id = ?1'),
    deny: changes('UPDATE device_sign_ins SET denied_by = ?2 WHERE id = ?1 AND denied_by IS NULL'),
    signedOut: run('UPDATE device_sign_ins SET signed_out_at = ?2 WHERE id = ?1'),
    toSignOut: all('WHERE denied_by IS NOT NULL AND signed_out_at IS NULL ORDER BY id'),
  };
}

const positions = new Table<LogCursor>('password_log_position', { id: 'integer', at: 'integer' });

/** Between the clocks of this machine and of the server, and until a change is in the log. */
const toleranceMs = 2 * 60_000;

/** How far the log was read for changed passwords, and which of them the bot made itself. */
export function createPasswordLog(db: Database): PasswordLog {
  const { find, run, exists } = positions.statements(db);
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
