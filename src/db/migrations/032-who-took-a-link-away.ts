import type { Migration } from '../migrate.js';

/** The admin who took a link away, for the news of it. */
export const whoTookALinkAway: Migration = {
  name: '032-who-took-a-link-away',
  up(db) {
    db.exec('ALTER TABLE link_news ADD COLUMN removed_by TEXT');
  },
};
