import type { Migration } from '../migrate.js';

/** What checked the account's password when it was locked, where that was not Jellyfin itself. */
export const lockoutsCheckedElsewhere: Migration = {
  name: '024-lockouts-checked-elsewhere',
  up(db) {
    db.exec('ALTER TABLE lockouts ADD COLUMN provider TEXT');
  },
};
