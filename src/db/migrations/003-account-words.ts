import type { Migration } from '../migrate.js';

/**
 * What people are told unasked about an account. `to_id` is a member, or `admins`; never what the message says. `mark`
 * tells one occasion from the next, as a PIN file by its name and time.
 */
export const accountWords: Migration = {
  name: '003-account-words',
  up(db) {
    db.exec(`
      CREATE TABLE account_words (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_key TEXT NOT NULL,
        account_name TEXT NOT NULL,
        to_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        mark TEXT NOT NULL,
        file TEXT,
        sent_at INTEGER NOT NULL,
        expires_at INTEGER,
        channel_id TEXT,
        message_id TEXT,
        ended_at INTEGER
      ) STRICT;
      CREATE INDEX account_words_by_account ON account_words (account_key, to_id, sent_at);
    `);
  },
};
