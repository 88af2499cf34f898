import type { Migration } from '../migrate.js';

/** The request on whose card a lock is decided. */
export const lockoutsDecidedElsewhere: Migration = {
  name: '030-lockouts-decided-elsewhere',
  up: (db) => db.exec('ALTER TABLE lockouts ADD COLUMN request_id INTEGER'),
};
