import type { Migration } from '../migrate.js';

/** How often a refusal happened for which a line of the history stands; empty for what was done. */
export const countedRefusals: Migration = {
  name: '017-counted-refusals',
  up(db) {
    db.exec('ALTER TABLE audit ADD COLUMN times INTEGER');
  },
};
