import type { Migration } from '../migrate.js';

/**
 * Temporary passwords followed to their end: up to which entry the server's log was read, what was seen, what is still
 * to be scrubbed or told; and what members ask for too often. Still never a password.
 */
export const tempPasswordsFollowed: Migration = {
  name: '004-temp-passwords',
  up(db) {
    db.exec(`
      ALTER TABLE temp_passwords ADD COLUMN mark_id INTEGER;
      ALTER TABLE temp_passwords ADD COLUMN mark_at INTEGER;
      ALTER TABLE temp_passwords ADD COLUMN base_sign_in INTEGER;
      ALTER TABLE temp_passwords ADD COLUMN used_at INTEGER;
      ALTER TABLE temp_passwords ADD COLUMN blind INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE temp_passwords ADD COLUMN retiring_at INTEGER;
      ALTER TABLE temp_passwords ADD COLUMN scrub TEXT;
      ALTER TABLE temp_passwords ADD COLUMN scrubbed_at INTEGER;
      CREATE INDEX temp_passwords_outstanding ON temp_passwords (request_id)
        WHERE shown_at IS NOT NULL AND ended_at IS NULL;
      CREATE INDEX temp_passwords_to_scrub ON temp_passwords (request_id)
        WHERE scrub IS NOT NULL AND scrubbed_at IS NULL;

      CREATE TABLE temp_password_words (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        request_id INTEGER NOT NULL REFERENCES temp_passwords (request_id),
        kind TEXT NOT NULL CHECK (kind IN ('reminder 1', 'reminder 2', 'end')),
        way TEXT NOT NULL CHECK (way IN ('due', 'told', 'place', 'next', 'moot')),
        attempts INTEGER NOT NULL DEFAULT 0,
        channel_id TEXT,
        message_id TEXT,
        UNIQUE (request_id, kind)
      ) STRICT;
      CREATE INDEX temp_password_words_open ON temp_password_words (way) WHERE way <> 'moot';

      CREATE TABLE paced (
        whose TEXT NOT NULL,
        act TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX paced_by_act ON paced (whose, act, at);
    `);
  },
};
