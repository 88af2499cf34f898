import type { Migration } from '../migrate.js';

/** Who made a link and how a rescue ended stand in the audit; when a pass was begun and a device was denied nobody asks. */
export const columnsThatNobodyRead: Migration = {
  name: '034-columns-that-nobody-read',
  up(db) {
    db.exec(`
      ALTER TABLE links DROP COLUMN linked_by;
      ALTER TABLE rescues DROP COLUMN outcome;
      ALTER TABLE passes DROP COLUMN begun_at;
      ALTER TABLE device_sign_ins DROP COLUMN denied_at;
    `);
  },
};
