import type { Migration } from '../migrate.js';

/** A card that is to be taken away: its row stays until that is done, whatever stops the bot meanwhile. */
export const standingCardsRemoving: Migration = {
  name: '010-standing-cards-removing',
  up(db) {
    db.exec('ALTER TABLE standing_cards ADD COLUMN removing INTEGER NOT NULL DEFAULT 0');
  },
};
