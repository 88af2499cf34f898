import type { Migration } from '../migrate.js';

/** When a lock ends by itself, and whether its account was opened so too often within a day. */
export const locksThatEnd: Migration = {
  name: '020-locks-that-end',
  up(db) {
    db.exec(`
      ALTER TABLE lockouts ADD COLUMN opens_at INTEGER;
      ALTER TABLE lockouts ADD COLUMN too_often INTEGER NOT NULL DEFAULT 0;
    `);
  },
};
