import type { Migration } from '../migrate.js';

/**
 * How far the server's activity log was read, the lockouts found in it, and the admin channel's cards about them.
 * `tries` is JSON: when, from where, and until it is known whose they were, the log's sentence. Times are milliseconds
 * since 1970.
 */
export const lockouts: Migration = {
  name: '005-lockouts',
  up(db) {
    db.exec(`
      CREATE TABLE log_position (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        entry_id INTEGER NOT NULL,
        entry_date TEXT NOT NULL
      ) STRICT;

      CREATE TABLE lockout_cards (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        begun_at INTEGER NOT NULL,
        channel_id TEXT,
        message_id TEXT,
        version INTEGER NOT NULL DEFAULT 1,
        shown_version INTEGER
      ) STRICT;

      CREATE TABLE lockouts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('seen', 'locked', 'ended')),
        locked_at INTEGER NOT NULL,
        tries TEXT NOT NULL,
        address TEXT,
        owners TEXT,
        card_id INTEGER REFERENCES lockout_cards (id),
        ended_at INTEGER,
        end TEXT,
        unlocked_by TEXT
      ) STRICT;
      CREATE UNIQUE INDEX one_live_lockout ON lockouts (account_id) WHERE state IN ('seen', 'locked');
      CREATE INDEX lockouts_by_account ON lockouts (account_id);
      CREATE INDEX lockouts_by_card ON lockouts (card_id);

      CREATE TABLE denials (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        member_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        lockout_id INTEGER NOT NULL UNIQUE REFERENCES lockouts (id),
        at INTEGER NOT NULL,
        channel_id TEXT,
        message_id TEXT,
        signed_out_by TEXT,
        signed_out_at INTEGER,
        version INTEGER NOT NULL DEFAULT 1,
        shown_version INTEGER
      ) STRICT;

      CREATE INDEX account_words_by_message ON account_words (message_id);
      CREATE INDEX account_words_by_mark ON account_words (mark);
    `);
  },
};
