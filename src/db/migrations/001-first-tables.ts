import type { Migration } from '../migrate.js';

/** Links, requests, temporary passwords (never the password itself), languages and the audit. Times are milliseconds since 1970. */
export const firstTables: Migration = {
  name: '001-first-tables',
  up(db) {
    db.exec(`
      CREATE TABLE members (
        member_id TEXT PRIMARY KEY,
        locale TEXT NOT NULL
      ) STRICT;

      CREATE TABLE links (
        member_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        linked_at INTEGER NOT NULL,
        linked_by TEXT NOT NULL,
        PRIMARY KEY (member_id, account_id)
      ) STRICT;
      CREATE INDEX links_by_account ON links (account_id);

      CREATE TABLE requests (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('unlock', 'reset', 'link')),
        state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'done', 'failed', 'denied', 'cancelled', 'expired')),
        member_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        admin_account INTEGER NOT NULL,
        snapshot TEXT,
        place_channel_id TEXT,
        created_at INTEGER NOT NULL,
        reminded_at INTEGER,
        decided_at INTEGER,
        decided_by TEXT,
        ended_at INTEGER,
        reason TEXT,
        failure TEXT,
        delivery TEXT CHECK (delivery IN ('dm', 'button', 'answer')),
        card_channel_id TEXT,
        card_message_id TEXT,
        version INTEGER NOT NULL DEFAULT 1,
        card_version INTEGER,
        wants_card INTEGER NOT NULL,
        notice_channel_id TEXT,
        notice_message_id TEXT,
        word TEXT CHECK (word IN ('due', 'told', 'place', 'next')),
        attempts INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE UNIQUE INDEX one_open_request ON requests (member_id, account_id, kind) WHERE state IN ('pending', 'approved');
      CREATE INDEX requests_by_state ON requests (state);
      CREATE INDEX requests_by_member ON requests (member_id, created_at);

      CREATE TABLE temp_passwords (
        request_id INTEGER PRIMARY KEY REFERENCES requests (id),
        account_id TEXT NOT NULL,
        member_id TEXT NOT NULL,
        begun_at INTEGER NOT NULL,
        shown_at INTEGER,
        expires_at INTEGER NOT NULL,
        channel_id TEXT,
        message_id TEXT,
        ended_at INTEGER,
        end TEXT
      ) STRICT;
      CREATE INDEX temp_passwords_by_account ON temp_passwords (account_id);

      CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        actor_id TEXT NOT NULL,
        act TEXT NOT NULL,
        outcome TEXT NOT NULL,
        account_id TEXT,
        account_name TEXT,
        member_id TEXT,
        request_id INTEGER,
        detail TEXT
      ) STRICT;
      CREATE INDEX audit_by_time ON audit (at);
    `);
  },
};
