import type { Database } from 'better-sqlite3';
import type { Denial, DenialStore, NewDenial } from '../../services/lockouts/lockout.js';
import type { MessageRef } from '../../services/notices/messenger-port.js';

interface Row {
  readonly id: number;
  readonly member_id: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly lockout_id: number;
  readonly at: number;
  readonly channel_id: string | null;
  readonly message_id: string | null;
  readonly signed_out_by: string | null;
  readonly signed_out_at: number | null;
  readonly version: number;
}

/** Who said that a lockout was somebody else's doing. */
export class SqliteDenials implements DenialStore {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      begin: db.prepare<[object], Row>(`
        INSERT INTO denials (member_id, account_id, account_name, lockout_id, at)
        VALUES (@memberId, @accountId, @accountName, @lockoutId, @at) ON CONFLICT DO NOTHING RETURNING *`),
      stale: db.prepare<[], Row>('SELECT * FROM denials WHERE shown_version IS NOT version ORDER BY id'),
      placed: db.prepare('UPDATE denials SET channel_id = ?, message_id = ? WHERE id = ?'),
      shown: db.prepare('UPDATE denials SET shown_version = ? WHERE id = ?'),
      signedOut: db.prepare(`
        UPDATE denials SET signed_out_by = ?, signed_out_at = ?, version = version + 1
        WHERE account_id = ? AND signed_out_at IS NULL`),
    };
  }

  begin(denial: NewDenial): Denial | undefined {
    const row = this.#sql.begin.get(denial);
    return row && toDenial(row);
  }

  stale(): Denial[] {
    return this.#sql.stale.all().map(toDenial);
  }

  placed(id: number, { channelId, messageId }: MessageRef): void {
    this.#sql.placed.run(channelId, messageId, id);
  }

  shown(id: number, version: number): void {
    this.#sql.shown.run(version, id);
  }

  signedOut(accountId: string, by: string, at: number): void {
    this.#sql.signedOut.run(by, at, accountId);
  }
}

function toDenial(row: Row): Denial {
  return {
    id: row.id,
    memberId: row.member_id,
    accountId: row.account_id,
    accountName: row.account_name,
    lockoutId: row.lockout_id,
    at: row.at,
    place:
      row.channel_id === null || row.message_id === null
        ? undefined
        : { channelId: row.channel_id, messageId: row.message_id },
    signedOutBy: row.signed_out_by ?? undefined,
    signedOutAt: row.signed_out_at ?? undefined,
    version: row.version,
  };
}
