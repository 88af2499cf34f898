import type { Migration } from '../migrate.js';

/** Cards that stay in a channel and are kept up to date; `drawn` is a digest of what stands there, never the text. */
export const standingCards: Migration = {
  name: '008-standing-cards',
  up(db) {
    db.exec(`
      CREATE TABLE standing_cards (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        channel_id TEXT NOT NULL UNIQUE,
        message_id TEXT,
        generation INTEGER NOT NULL DEFAULT 1,
        drawn TEXT,
        sent_at INTEGER,
        edited_at INTEGER,
        left_message_id TEXT
      ) STRICT;
    `);
  },
};
