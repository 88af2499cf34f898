import type { Migration } from '../migrate.js';

/**
 * How each link was made, and what both its ends were when they were last read. Of a link that is there already the table
 * and the audit tell it; where they do not, it is taken for the weakest kind. A proof is taken for an admin's until Discord
 * is asked, which happens before anything is done or said by it.
 */
export const howLinksWereMade: Migration = {
  name: '015-how-links-were-made',
  up(db) {
    db.exec(`
      ALTER TABLE links ADD COLUMN made_by TEXT NOT NULL DEFAULT 'admin'
        CHECK (made_by IN ('proof', 'commandLine', 'admin', 'request'));
      ALTER TABLE links ADD COLUMN on_administrator INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE links ADD COLUMN of_admin INTEGER NOT NULL DEFAULT 1;
      ALTER TABLE links ADD COLUMN suspended_since INTEGER;

      UPDATE links SET made_by = 'commandLine' WHERE linked_by = 'command line';
      UPDATE links SET made_by = 'request' WHERE made_by = 'admin' AND EXISTS (
        SELECT 1 FROM audit WHERE act = 'approve' AND outcome = 'done' AND audit.member_id = links.member_id
          AND audit.account_id = links.account_id AND abs(at - linked_at) < 10000);
      UPDATE links SET made_by = 'proof' WHERE made_by <> 'commandLine' AND EXISTS (
        SELECT 1 FROM audit WHERE act = 'prove' AND outcome IN ('linked', 'already') AND audit.member_id = links.member_id
          AND audit.account_id = links.account_id AND at >= linked_at);
    `);
  },
};
