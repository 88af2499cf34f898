import type { Migration } from '../migrate.js';

/** When Jellyfin did not answer, and the card that follows it. */
export const outages: Migration = {
  name: '027-outages',
  up: (db) =>
    db.exec(`
      CREATE TABLE outages (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL,
        params TEXT NOT NULL,
        begun_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL,
        ended_at INTEGER,
        drawn TEXT,
        card_channel_id TEXT,
        card_message_id TEXT
      ) STRICT`),
};
