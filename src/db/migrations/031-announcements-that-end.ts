import type { Migration } from '../migrate.js';

/** Where a notice was announced: once it is read, its buttons go. */
export const announcementsThatEnd: Migration = {
  name: '031-announcements-that-end',
  up(db) {
    db.exec(`
      ALTER TABLE notices ADD COLUMN announcement_channel_id TEXT;
      ALTER TABLE notices ADD COLUMN announcement_message_id TEXT;
    `);
  },
};
