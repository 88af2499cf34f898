import type { Migration } from '../migrate.js';

/** Whether a message still has to be pinned: a bot that is killed after sending it pins it when it is back. */
export const standingCardsPin: Migration = {
  name: '012-standing-cards-pin',
  up(db) {
    db.exec('ALTER TABLE standing_cards ADD COLUMN to_pin INTEGER NOT NULL DEFAULT 0');
  },
};
