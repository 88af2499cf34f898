import type { Migration } from '../migrate.js';

const columns = `id, kind, state, member_id, account_id, account_name, admin_account, snapshot, asked_in_channel_id, created_at,
  reminded_at, decided_at, decided_by, ended_at, reason, failure, delivery, card_channel_id, card_message_id, version,
  card_version, notice_channel_id, notice_message_id, attempts, links_on_approval, offered_id, origin`;

/**
 * Requests to switch an account on, to let Jellyfin check its password itself, and for a pass; `pass` says which
 * restriction it is to open and for how long. One pass for each restriction may be asked for at the same time.
 */
export const moreKindsOfRequests: Migration = {
  name: '021-more-kinds-of-requests',
  up(db) {
    db.exec(`
      CREATE TABLE requests_made_anew (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('unlock', 'reset', 'link', 'enable', 'provider', 'pass')),
        state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'done', 'failed', 'denied', 'cancelled', 'expired')),
        member_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        admin_account INTEGER NOT NULL,
        snapshot TEXT,
        asked_in_channel_id TEXT,
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
        notice_channel_id TEXT,
        notice_message_id TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        links_on_approval INTEGER NOT NULL DEFAULT 0,
        offered_id TEXT,
        origin TEXT NOT NULL DEFAULT 'asked' CHECK (origin IN ('asked', 'direct')),
        pass TEXT
      ) STRICT;
      INSERT INTO requests_made_anew (${columns}) SELECT ${columns} FROM requests;

      -- Temporary passwords refer to requests, which cannot be dropped under them.
      CREATE TABLE temp_passwords_meanwhile AS SELECT * FROM temp_passwords;
      DELETE FROM temp_passwords;
      -- No id is given twice: buttons that still stand name requests that were removed.
      CREATE TABLE last_id AS SELECT seq FROM sqlite_sequence WHERE name = 'requests';
      DROP TABLE requests;
      ALTER TABLE requests_made_anew RENAME TO requests;
      DELETE FROM sqlite_sequence WHERE name = 'requests';
      INSERT INTO sqlite_sequence (name, seq) SELECT 'requests', seq FROM last_id;
      DROP TABLE last_id;
      INSERT INTO temp_passwords SELECT * FROM temp_passwords_meanwhile;
      DROP TABLE temp_passwords_meanwhile;

      CREATE UNIQUE INDEX one_open_request ON requests (member_id, account_id, kind, coalesce(pass ->> 'restriction', ''))
        WHERE state IN ('pending', 'approved');
      CREATE INDEX requests_by_state ON requests (state);
      CREATE INDEX requests_by_member ON requests (member_id, created_at);
    `);
  },
};
