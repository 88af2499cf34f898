import type { Database } from 'better-sqlite3';
import type { LinkProof, LinkProofStore } from '../../services/links/link-ports.js';
import { Table } from '../rows.js';

export const linkProofs = new Table<LinkProof>('link_proofs', {
  id: 'integer',
  memberId: 'text',
  deviceId: 'text',
  begunAt: 'integer',
  expiresAt: 'integer',
  outcome: 'text?',
  accountId: 'text?',
  accountName: 'text?',
});

/** Codes that were given out to prove an account: when, to whom, for which device; never their secret. */
export function createLinkProofStore(db: Database): LinkProofStore {
  const { all, find, insert, run, changes } = linkProofs.statements(db);
  return {
    begin: insert(`
      INSERT INTO link_proofs (member_id, device_id, begun_at, expires_at)
      VALUES (@memberId, @deviceId, @begunAt, @expiresAt)`),
    byId: find('WHERE id = ?1'),
    end: changes(`
      UPDATE link_proofs SET ended_at = ?3, outcome = ?2 ->> 'outcome', account_id = ?2 ->> 'accountId',
        account_name = ?2 ->> 'accountName' WHERE id = ?1 AND ended_at IS NULL`),
    signedOut: run('UPDATE link_proofs SET signed_out_at = ?2 WHERE id = ?1'),
    open: all('WHERE signed_out_at IS NULL AND ended_at IS NULL ORDER BY id'),
    openOf: all('WHERE member_id = ?1 AND signed_out_at IS NULL AND ended_at IS NULL ORDER BY id'),
    notSignedOut: all('WHERE signed_out_at IS NULL AND ended_at IS NOT NULL ORDER BY id'),
  };
}
