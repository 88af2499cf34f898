import type { Database } from 'better-sqlite3';
import type { LinkProof, LinkProofStore, ProofEnd, ProofOutcome } from '../../services/links/link-proofs.js';

interface Row {
  readonly id: number;
  readonly member_id: string;
  readonly device_id: string;
  readonly begun_at: number;
  readonly expires_at: number;
  readonly outcome: string | null;
  readonly account_name: string | null;
}

/** Codes that were given out to prove an account: when, to whom, for which device; never their secret. */
export class SqliteLinkProofs implements LinkProofStore {
  readonly #sql;

  constructor(db: Database) {
    const rows = <P extends unknown[]>(rest: string) => db.prepare<P, Row>(`SELECT * FROM link_proofs ${rest}`);
    this.#sql = {
      begin: db.prepare<[string, string, number, number], Row>(`
        INSERT INTO link_proofs (member_id, device_id, begun_at, expires_at) VALUES (?, ?, ?, ?) RETURNING *`),
      end: db.prepare<[number, string, string | null, string | null, number]>(`
        UPDATE link_proofs SET ended_at = ?, outcome = ?, account_id = ?, account_name = ?
        WHERE id = ? AND ended_at IS NULL`),
      signedOut: db.prepare<[number, number]>('UPDATE link_proofs SET signed_out_at = ? WHERE id = ?'),
      byId: rows<[number]>('WHERE id = ?'),
      open: rows<[]>('WHERE signed_out_at IS NULL AND ended_at IS NULL ORDER BY id'),
      openOf: rows<[string]>('WHERE member_id = ? AND signed_out_at IS NULL AND ended_at IS NULL ORDER BY id'),
      notSignedOut: rows<[]>('WHERE signed_out_at IS NULL AND ended_at IS NOT NULL ORDER BY id'),
    };
  }

  begin({ memberId, deviceId, beganAt, expiresAt }: Parameters<LinkProofStore['begin']>[0]): LinkProof {
    const row = this.#sql.begin.get(memberId, deviceId, beganAt, expiresAt);
    if (!row) throw new Error('a code was not written down');
    return toProof(row);
  }

  byId(id: number): LinkProof | undefined {
    const row = this.#sql.byId.get(id);
    return row && toProof(row);
  }

  end(id: number, { outcome, accountId, accountName }: ProofEnd, at: number): boolean {
    return this.#sql.end.run(at, outcome, accountId ?? null, accountName ?? null, id).changes === 1;
  }

  signedOut(id: number, at: number): void {
    this.#sql.signedOut.run(at, id);
  }

  open(): LinkProof[] {
    return this.#sql.open.all().map(toProof);
  }

  openOf(memberId: string): LinkProof[] {
    return this.#sql.openOf.all(memberId).map(toProof);
  }

  notSignedOut(): LinkProof[] {
    return this.#sql.notSignedOut.all().map(toProof);
  }
}

function toProof(row: Row): LinkProof {
  return {
    id: row.id,
    memberId: row.member_id,
    deviceId: row.device_id,
    beganAt: row.begun_at,
    expiresAt: row.expires_at,
    outcome: (row.outcome as ProofOutcome | null) ?? undefined,
    accountName: row.account_name ?? undefined,
  };
}
