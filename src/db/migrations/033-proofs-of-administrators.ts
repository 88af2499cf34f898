import type { Migration } from '../migrate.js';

/**
 * Whether a link was proved while its account was an administrator's. Every proof from before is taken for one until the
 * account is read, and is none where that is ordinary then: what kind of account it was at the time was not kept.
 */
export const proofsOfAdministrators: Migration = {
  name: '033-proofs-of-administrators',
  up(db) {
    db.exec(`
      ALTER TABLE links ADD COLUMN proved_on_administrator INTEGER NOT NULL DEFAULT 0;
      UPDATE links SET proved_on_administrator = 1 WHERE made_by = 'proof';
    `);
  },
};
