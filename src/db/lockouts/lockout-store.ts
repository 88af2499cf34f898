import type { Database } from 'better-sqlite3';
import type {
  FailedTry,
  FoundLocked,
  Lockout,
  LockoutEnd,
  LockoutStore,
  LogPosition,
  NewLockout,
  OwnersTold,
} from '../../services/lockouts/lockout.js';

export interface LockoutRow {
  readonly id: number;
  readonly account_id: string;
  readonly account_name: string;
  readonly state: Lockout['state'];
  readonly locked_at: number;
  readonly tries: string;
  readonly address: string | null;
  readonly owners: OwnersTold | null;
  readonly card_id: number | null;
  readonly ended_at: number | null;
  readonly end: LockoutEnd | null;
  readonly unlocked_by: string | null;
  readonly admin_account: number;
}

/** Lockouts, and up to where the activity log was read for them. */
export class SqliteLockouts implements LockoutStore {
  readonly #sql;
  readonly #take;
  readonly #confirm;

  constructor(private readonly db: Database) {
    this.#sql = {
      position: db.prepare<[], { entry_id: number; entry_date: string }>('SELECT * FROM log_position'),
      move: db.prepare(`INSERT INTO log_position (one, entry_id, entry_date) VALUES (1, ?, ?)
        ON CONFLICT (one) DO UPDATE SET entry_id = excluded.entry_id, entry_date = excluded.entry_date`),
      see: db.prepare(`INSERT INTO lockouts (account_id, account_name, state, locked_at, tries)
        VALUES (?, '', 'seen', ?, ?)
        ON CONFLICT DO UPDATE SET locked_at = excluded.locked_at, tries = excluded.tries, unlocked_by = NULL`),
      inState: db.prepare<[string], LockoutRow>('SELECT * FROM lockouts WHERE state = ? ORDER BY id'),
      drop: db.prepare("DELETE FROM lockouts WHERE id = ? AND state = 'seen'"),
      earlier: db.prepare<[number], { id: number; at: number }>(`SELECT old.id, new.locked_at AS at
        FROM lockouts AS new JOIN lockouts AS old USING (account_id)
        WHERE new.id = ? AND new.state = 'seen' AND old.state = 'locked'`),
      confirm: db.prepare<[object]>(`UPDATE lockouts SET state = 'locked', account_name = @accountName, tries = @tries,
        address = @address, admin_account = @adminAccount WHERE id = @id AND state = 'seen'`),
      unlockedBy: db.prepare(
        "UPDATE lockouts SET unlocked_by = ? WHERE account_id = ? AND state IN ('seen', 'locked')",
      ),
      end: db.prepare("UPDATE lockouts SET state = 'ended', end = ?, ended_at = ? WHERE id = ? AND state = 'locked'"),
      untold: db.prepare<[], LockoutRow>("SELECT * FROM lockouts WHERE state <> 'seen' AND owners IS NULL ORDER BY id"),
      setOwners: db.prepare('UPDATE lockouts SET owners = ? WHERE id = ?'),
      tellAnew: db.prepare<[string]>("UPDATE lockouts SET owners = NULL WHERE account_id = ? AND state = 'locked'"),
      byId: db.prepare<[number], LockoutRow>('SELECT * FROM lockouts WHERE id = ?'),
      touch: db.prepare(
        'UPDATE lockout_cards SET version = version + 1 WHERE id = (SELECT card_id FROM lockouts WHERE id = ?)',
      ),
    };
    this.#take = db.transaction((position: LogPosition, seen: readonly NewLockout[]) => {
      this.#sql.move.run(position.id, position.date);
      for (const { accountId, lockedAt, tries } of seen) {
        this.#sql.see.run(accountId, lockedAt, JSON.stringify(tries));
      }
    });
    this.#confirm = db.transaction((id: number, found: object) => {
      const earlier = this.#sql.earlier.get(id);
      if (earlier) this.end(earlier.id, 'again', earlier.at);
      this.#sql.confirm.run({ ...found, id });
    });
  }

  position(): LogPosition | undefined {
    const row = this.#sql.position.get();
    return row && { id: row.entry_id, date: row.entry_date };
  }

  take(position: LogPosition, seen: readonly NewLockout[]): void {
    const known = this.position();
    // Most rounds read nothing new: a read is far cheaper than a synced write.
    if (seen.length === 0 && known?.id === position.id && known.date === position.date) return;
    this.#take(position, seen);
  }

  seen(): Lockout[] {
    return this.#sql.inState.all('seen').map(toLockout);
  }

  drop(id: number): void {
    this.#sql.drop.run(id);
  }

  confirm(id: number, { accountName, tries, address, adminAccount }: FoundLocked): void {
    const found = { tries: JSON.stringify(tries), address: address ?? null, adminAccount: Number(adminAccount) };
    this.#confirm(id, { ...found, accountName });
  }

  standing(): Lockout[] {
    return this.#sql.inState.all('locked').map(toLockout);
  }

  unlockedBy(accountId: string, actorId: string): boolean {
    return this.#sql.unlockedBy.run(actorId, accountId).changes > 0;
  }

  end(id: number, end: LockoutEnd, at: number): void {
    this.#changing(id, () => this.#sql.end.run(end, at, id));
  }

  untold(): Lockout[] {
    return this.#sql.untold.all().map(toLockout);
  }

  setOwners(id: number, owners: OwnersTold): void {
    this.#changing(id, () => this.#sql.setOwners.run(owners, id));
  }

  tellAnew(accountId: string): boolean {
    return this.#sql.tellAnew.run(accountId).changes > 0;
  }

  byId(id: number): Lockout | undefined {
    const row = this.#sql.byId.get(id);
    return row && toLockout(row);
  }

  /** A change that the card shows. */
  #changing(id: number, change: () => unknown): void {
    this.db.transaction(() => {
      change();
      this.#sql.touch.run(id);
    })();
  }
}

export function toLockout(row: LockoutRow): Lockout {
  return {
    id: row.id,
    accountId: row.account_id,
    accountName: row.account_name,
    state: row.state,
    lockedAt: row.locked_at,
    tries: JSON.parse(row.tries) as FailedTry[],
    address: row.address ?? undefined,
    owners: row.owners ?? undefined,
    cardId: row.card_id ?? undefined,
    endedAt: row.ended_at ?? undefined,
    end: row.end ?? undefined,
    unlockedBy: row.unlocked_by ?? undefined,
    adminAccount: row.admin_account === 1,
  };
}
