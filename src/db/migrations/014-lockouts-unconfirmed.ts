import type { Migration } from '../migrate.js';

/** A lockout that only the log knows of is `unconfirmed`; the state was called `seen`. */
export const lockoutsUnconfirmed: Migration = {
  name: '014-lockouts-unconfirmed',
  up(db) {
    // A new column in the place of the old one, as SQLite cannot alter a CHECK, and other tables refer to this one.
    db.exec(`
      DROP INDEX one_lockout_in_state;
      ALTER TABLE lockouts ADD COLUMN new_state TEXT NOT NULL DEFAULT 'unconfirmed'
        CHECK (new_state IN ('unconfirmed', 'locked', 'ended'));
      UPDATE lockouts SET new_state = state WHERE state <> 'seen';
      ALTER TABLE lockouts DROP COLUMN state;
      ALTER TABLE lockouts RENAME COLUMN new_state TO state;
      CREATE UNIQUE INDEX one_lockout_in_state ON lockouts (account_id, state) WHERE state IN ('unconfirmed', 'locked');
    `);
  },
};
