import type { Migration } from '../migrate.js';

/** What members are called in Discord, and since when they are in the server: for cards about what they ask. */
export const memberNames: Migration = {
  name: '018-member-names',
  up(db) {
    db.exec(`
      CREATE TABLE member_names (
        member_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        username TEXT NOT NULL,
        joined_at INTEGER
      ) STRICT;
    `);
  },
};
