import type { Migration } from '../migrate.js';

/**
 * Restrictions of accounts that are open for a while. `before` is what to put back, `puts_back` what is being put back;
 * `devices_before` and `signed_in` are for the list of devices. Times are milliseconds since 1970.
 */
export const passes: Migration = {
  name: '022-passes',
  up(db) {
    db.exec(`
      CREATE TABLE passes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        request_id INTEGER NOT NULL REFERENCES requests (id),
        account_id TEXT NOT NULL,
        restriction TEXT NOT NULL CHECK (restriction IN ('hours', 'remote', 'devices', 'sessions')),
        before TEXT NOT NULL,
        devices_before TEXT,
        signed_in TEXT NOT NULL DEFAULT '[]',
        begun_at INTEGER NOT NULL,
        opened_at INTEGER,
        ends_at INTEGER,
        ended_by TEXT,
        puts_back TEXT,
        failure TEXT,
        ended_at INTEGER,
        "end" TEXT CHECK ("end" IN ('putBack', 'changed', 'gone', 'forGood'))
      ) STRICT;
      CREATE UNIQUE INDEX one_open_pass ON passes (account_id, restriction) WHERE ended_at IS NULL;
      CREATE INDEX passes_by_request ON passes (request_id);
    `);
  },
};
