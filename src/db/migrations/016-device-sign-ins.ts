import type { Migration } from '../migrate.js';

/**
 * Devices that somebody signed in with a code, and up to which entry the server's log was read for changed passwords.
 * `devices_before` is JSON: the devices that were signed in to the account until then. Times are milliseconds since 1970.
 */
export const deviceSignIns: Migration = {
  name: '016-device-sign-ins',
  up(db) {
    db.exec(`
      CREATE TABLE device_sign_ins (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        member_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        begun_at INTEGER NOT NULL,
        done_at INTEGER,
        devices_before TEXT NOT NULL,
        denied_by TEXT,
        denied_at INTEGER,
        signed_out_at INTEGER
      ) STRICT;

      CREATE TABLE password_log_position (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        id INTEGER NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
    `);
  },
};
