import type { Migration } from '../migrate.js';

/**
 * Links that sleep while their member is away, and whether their member was greeted; what is to be told to the admins
 * about links; codes with which somebody proves an account (never their secret); requests that link when they are
 * approved; and what people do not want to be written to about. Times are milliseconds since 1970.
 */
export const linking: Migration = {
  name: '006-linking',
  up(db) {
    db.exec(`
      ALTER TABLE links ADD COLUMN asleep_since INTEGER;
      ALTER TABLE links ADD COLUMN greeting TEXT NOT NULL DEFAULT 'none';

      ALTER TABLE requests ADD COLUMN links INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE requests ADD COLUMN offered_id TEXT;

      CREATE TABLE link_news (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        member_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        new_name TEXT,
        at INTEGER NOT NULL,
        batch INTEGER,
        told_at INTEGER
      ) STRICT;
      CREATE INDEX link_news_untold ON link_news (id) WHERE told_at IS NULL;

      CREATE TABLE link_proofs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        member_id TEXT NOT NULL,
        device_id TEXT NOT NULL,
        begun_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        ended_at INTEGER,
        outcome TEXT,
        account_id TEXT,
        account_name TEXT,
        word TEXT,
        signed_out_at INTEGER
      ) STRICT;
      CREATE INDEX link_proofs_unsettled ON link_proofs (id) WHERE signed_out_at IS NULL OR word = 'due';

      CREATE TABLE word_preferences (
        member_id TEXT PRIMARY KEY,
        lockouts INTEGER NOT NULL
      ) STRICT;
    `);
  },
};
