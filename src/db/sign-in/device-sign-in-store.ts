import type { Database } from 'better-sqlite3';
import type { DeviceSignIn, DeviceSignInStore } from '../../services/sign-in/device-sign-in.js';
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
    // An owner's word counts also after the bot's own.
    deny: changes(`
      UPDATE device_sign_ins SET denied_by = ?2 WHERE id = ?1 AND coalesce(denied_by, 'latchkey') = 'latchkey'`),
    signedOut: run('UPDATE device_sign_ins SET signed_out_at = ?2 WHERE id = ?1'),
    toSignOut: all('WHERE denied_by IS NOT NULL AND signed_out_at IS NULL ORDER BY id'),
  };
}
