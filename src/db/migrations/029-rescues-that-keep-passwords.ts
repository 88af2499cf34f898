import type { Migration } from '../migrate.js';

/** Whoever knows their password keeps it, also where the bot is stopped in the middle of a rescue. */
export const rescuesThatKeepPasswords: Migration = {
  name: '029-rescues-that-keep-passwords',
  up(db) {
    db.exec('ALTER TABLE rescues ADD COLUMN keeps_password INTEGER NOT NULL DEFAULT 0');
  },
};
