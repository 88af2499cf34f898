import type { Migration } from '../migrate.js';

/**
 * A lockout may be seen while an earlier one of its account still stands, whose end nobody saw; whether it is an
 * administrator's account is known; and each owner may say that it was somebody else.
 */
export const lockoutsAgain: Migration = {
  name: '009-lockouts-again',
  up(db) {
    db.exec(`
      DROP INDEX one_live_lockout;
      CREATE UNIQUE INDEX one_lockout_in_state ON lockouts (account_id, state) WHERE state IN ('seen', 'locked');
      ALTER TABLE lockouts ADD COLUMN admin_account INTEGER NOT NULL DEFAULT 0;

      CREATE TABLE denials_by_owner (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        member_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        lockout_id INTEGER NOT NULL REFERENCES lockouts (id),
        at INTEGER NOT NULL,
        channel_id TEXT,
        message_id TEXT,
        signed_out_by TEXT,
        signed_out_at INTEGER,
        version INTEGER NOT NULL DEFAULT 1,
        shown_version INTEGER,
        UNIQUE (lockout_id, member_id)
      ) STRICT;
      INSERT INTO denials_by_owner SELECT id, member_id, account_id, account_name, lockout_id, at, channel_id, message_id,
        signed_out_by, signed_out_at, version, shown_version FROM denials;
      DROP TABLE denials;
      ALTER TABLE denials_by_owner RENAME TO denials;
    `);
  },
};
