import type { Migration } from '../migrate.js';

/** Rescues from Discord, so that nobody is left without word when the bot is stopped in the middle of one. */
export const rescues: Migration = {
  name: '002-rescues',
  up(db) {
    db.exec(`
      CREATE TABLE rescues (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        actor_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        confirmed_at INTEGER,
        channel_id TEXT NOT NULL,
        message_id TEXT,
        ended_at INTEGER,
        outcome TEXT
      ) STRICT;
    `);
  },
};
