import type { Migration } from '../migrate.js';

/**
 * Owners who are to hear that somebody else was linked to their account on a request, and what else was done with it.
 * `told_state` is the state of the request that they heard of: one that failed may be tried again, and end well.
 */
export const ownerNotices: Migration = {
  name: '011-owner-notices',
  up(db) {
    db.exec(`
      CREATE TABLE owner_notices (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        request_id INTEGER NOT NULL REFERENCES requests (id),
        member_id TEXT NOT NULL,
        way TEXT NOT NULL DEFAULT 'due' CHECK (way IN ('due', 'told', 'next', 'moot')),
        told_state TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        UNIQUE (request_id, member_id)
      ) STRICT;
      CREATE INDEX owner_notices_open ON owner_notices (request_id) WHERE way <> 'moot';
    `);
  },
};
