import type { Migration } from '../migrate.js';

/** What an open view of the history is about, and failed sign-ins and lockouts by day (UTC), for its picture. */
export const history: Migration = {
  name: '007-history',
  up(db) {
    db.exec(`
      CREATE TABLE history_views (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        actor_id TEXT NOT NULL,
        account_id TEXT,
        account_name TEXT,
        member_id TEXT,
        newest_id INTEGER NOT NULL,
        made_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE sign_in_days (
        day TEXT PRIMARY KEY,
        failed INTEGER NOT NULL DEFAULT 0,
        locked INTEGER NOT NULL DEFAULT 0
      ) STRICT, WITHOUT ROWID;

      CREATE INDEX audit_by_account ON audit (account_id);
      CREATE INDEX audit_by_member ON audit (member_id);
      CREATE INDEX audit_by_actor ON audit (actor_id);
    `);
  },
};
