import type { Database } from 'better-sqlite3';
import type { LogCursor } from '../../services/accounts/activity-log.js';
import type {
  Denial,
  DenialStore,
  FailedTry,
  FoundLocked,
  Lockout,
  LockoutCard,
  LockoutCardStore,
  LockoutEnd,
  LockoutStore,
  NewDenial,
  NewLockout,
  OwnersTold,
} from '../../services/lockouts/lockout.js';
import type { MessageRef } from '../../services/notices/messenger-port.js';

interface LockoutRow {
  readonly id: number;
  readonly accountId: string;
  readonly accountName: string;
  readonly state: 'seen' | 'locked' | 'ended';
  readonly lockedAt: number;
  readonly tries: string;
  readonly address: string | null;
  readonly owners: OwnersTold | null;
  readonly cardId: number | null;
  readonly endedAt: number | null;
  readonly end: LockoutEnd | null;
  readonly unlockedBy: string | null;
  readonly adminAccount: number;
}

/** Those that a condition fits, oldest first. */
function selectLockouts<P extends unknown[]>(db: Database, where: string) {
  return db.prepare<P, LockoutRow>(`
    SELECT id, account_id AS accountId, account_name AS accountName, state, locked_at AS lockedAt, tries, address, owners,
      card_id AS cardId, ended_at AS endedAt, end, unlocked_by AS unlockedBy, admin_account AS adminAccount
    FROM lockouts WHERE ${where} ORDER BY id`);
}

/** Lockouts, and up to where the activity log was read for them. */
export class SqliteLockouts implements LockoutStore {
  readonly #sql;
  readonly #take;
  readonly #confirm;

  constructor(private readonly db: Database) {
    this.#sql = {
      cursor: db.prepare<[], { entry_id: number; entry_date: string }>('SELECT * FROM log_position'),
      move: db.prepare(`INSERT INTO log_position (one, entry_id, entry_date) VALUES (1, ?, ?)
        ON CONFLICT (one) DO UPDATE SET entry_id = excluded.entry_id, entry_date = excluded.entry_date`),
      add: db.prepare(`INSERT INTO lockouts (account_id, account_name, state, locked_at, tries)
        VALUES (?, '', 'seen', ?, ?)
        ON CONFLICT DO UPDATE SET locked_at = excluded.locked_at, tries = excluded.tries, unlocked_by = NULL`),
      inState: selectLockouts<[LockoutRow['state']]>(db, 'state = ?'),
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
      untold: selectLockouts<[]>(db, "state <> 'seen' AND owners IS NULL"),
      setOwners: db.prepare('UPDATE lockouts SET owners = ? WHERE id = ?'),
      tellAnew: db.prepare<[string]>("UPDATE lockouts SET owners = NULL WHERE account_id = ? AND state = 'locked'"),
      byId: selectLockouts<[number]>(db, 'id = ?'),
      touchCard: db.prepare(
        'UPDATE lockout_cards SET version = version + 1 WHERE id = (SELECT card_id FROM lockouts WHERE id = ?)',
      ),
    };
    this.#take = db.transaction(({ id, at }: LogCursor, found: readonly NewLockout[]) => {
      this.#sql.move.run(id, new Date(at).toISOString());
      for (const { accountId, lockedAt, tries } of found) this.#sql.add.run(accountId, lockedAt, JSON.stringify(tries));
    });
    this.#confirm = db.transaction((id: number, found: object) => {
      const earlier = this.#sql.earlier.get(id);
      if (earlier) this.end(earlier.id, 'again', earlier.at);
      this.#sql.confirm.run({ ...found, id });
    });
  }

  logCursor(): LogCursor | undefined {
    const row = this.#sql.cursor.get();
    return row && { id: row.entry_id, at: Date.parse(row.entry_date) };
  }

  take(cursor: LogCursor, found: readonly NewLockout[]): void {
    const known = this.logCursor();
    // Most rounds read nothing new: a read is far cheaper than a synced write.
    if (found.length === 0 && known?.id === cursor.id && known.at === cursor.at) return;
    this.#take(cursor, found);
  }

  unconfirmed(): Lockout[] {
    return this.#sql.inState.all('seen').map(toLockout);
  }

  drop(id: number): void {
    this.#sql.drop.run(id);
  }

  confirm(id: number, { accountName, tries, address, adminAccount }: FoundLocked): void {
    const found = { tries: JSON.stringify(tries), address: address ?? null, adminAccount: Number(adminAccount) };
    this.#confirm(id, { ...found, accountName });
  }

  locked(): Lockout[] {
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
      this.#sql.touchCard.run(id);
    })();
  }
}

function toLockout(row: LockoutRow): Lockout {
  return {
    ...row,
    state: row.state === 'seen' ? 'unconfirmed' : row.state,
    tries: JSON.parse(row.tries) as FailedTry[],
    address: row.address ?? undefined,
    owners: row.owners ?? undefined,
    cardId: row.cardId ?? undefined,
    endedAt: row.endedAt ?? undefined,
    end: row.end ?? undefined,
    unlockedBy: row.unlockedBy ?? undefined,
    adminAccount: row.adminAccount === 1,
  };
}

interface MessageColumns {
  readonly channel_id: string | null;
  readonly message_id: string | null;
}

function toMessage({ channel_id: channelId, message_id: messageId }: MessageColumns): MessageRef | undefined {
  return channelId === null || messageId === null ? undefined : { channelId, messageId };
}

interface CardRow extends MessageColumns {
  readonly id: number;
  readonly begun_at: number;
  readonly version: number;
}

/** The admin channel's cards about lockouts. */
export class SqliteLockoutCards implements LockoutCardStore {
  readonly #sql;

  constructor(private readonly db: Database) {
    this.#sql = {
      uncarded: selectLockouts<[]>(db, "state = 'locked' AND card_id IS NULL"),
      newest: db.prepare<[object], CardRow>(`
        SELECT * FROM lockout_cards WHERE abs(begun_at - @at) < @withinMs AND (abs(begun_at - @at) < @anyWithinMs
          OR EXISTS (SELECT 1 FROM lockouts WHERE card_id = lockout_cards.id AND state = 'locked'))
        ORDER BY id DESC LIMIT 1`),
      ofAccount: db.prepare<[string, number, number], CardRow>(`
        SELECT * FROM lockout_cards WHERE id IN (SELECT card_id FROM lockouts WHERE account_id = ?)
          AND begun_at > ? AND begun_at < ? ORDER BY id DESC LIMIT 1`),
      begin: db.prepare<[number], CardRow>('INSERT INTO lockout_cards (begun_at) VALUES (?) RETURNING *'),
      join: db.prepare('UPDATE lockouts SET card_id = ? WHERE id = ?'),
      touch: db.prepare('UPDATE lockout_cards SET version = version + 1 WHERE id = ?'),
      stale: db.prepare<[], CardRow>('SELECT * FROM lockout_cards WHERE shown_version IS NOT version ORDER BY id'),
      lockoutsOf: selectLockouts<[number]>(db, 'card_id = ?'),
      placed: db.prepare('UPDATE lockout_cards SET channel_id = ?, message_id = ? WHERE id = ?'),
      shown: db.prepare('UPDATE lockout_cards SET shown_version = ? WHERE id = ?'),
    };
  }

  uncarded(): Lockout[] {
    return this.#sql.uncarded.all().map(toLockout);
  }

  newest(at: number, withinMs: number, anyWithinMs: number): LockoutCard | undefined {
    return this.#sql.newest.all({ at, withinMs, anyWithinMs }).map(toCard)[0];
  }

  ofAccount(accountId: string, at: number, withinMs: number): LockoutCard | undefined {
    return this.#sql.ofAccount.all(accountId, at - withinMs, at + withinMs).map(toCard)[0];
  }

  begin(at: number): LockoutCard {
    const [card] = this.#sql.begin.all(at).map(toCard);
    if (!card) throw new Error('a card about lockouts was not written down');
    return card;
  }

  join(lockoutId: number, cardId: number): void {
    this.db.transaction(() => {
      this.#sql.join.run(cardId, lockoutId);
      this.#sql.touch.run(cardId);
    })();
  }

  stale(): LockoutCard[] {
    return this.#sql.stale.all().map(toCard);
  }

  lockoutsOf(cardId: number): Lockout[] {
    return this.#sql.lockoutsOf.all(cardId).map(toLockout);
  }

  placed(cardId: number, { channelId, messageId }: MessageRef): void {
    this.#sql.placed.run(channelId, messageId, cardId);
  }

  shown(cardId: number, version: number): void {
    this.#sql.shown.run(version, cardId);
  }
}

function toCard(row: CardRow): LockoutCard {
  return { id: row.id, begunAt: row.begun_at, message: toMessage(row), version: row.version };
}

type DenialRow = MessageColumns & Omit<Denial, 'message'>;

/** Who said that a lockout was somebody else's doing. */
export class SqliteDenials implements DenialStore {
  readonly #sql;

  constructor(db: Database) {
    const columns = `id, member_id AS memberId, account_id AS accountId, account_name AS accountName,
      lockout_id AS lockoutId, at, signed_out_by AS signedOutBy, signed_out_at AS signedOutAt, version, channel_id, message_id`;
    this.#sql = {
      begin: db.prepare<[object], DenialRow>(`
        INSERT INTO denials (member_id, account_id, account_name, lockout_id, at)
        VALUES (@memberId, @accountId, @accountName, @lockoutId, @at) ON CONFLICT DO NOTHING RETURNING ${columns}`),
      stale: db.prepare<[], DenialRow>(`SELECT ${columns} FROM denials WHERE shown_version IS NOT version ORDER BY id`),
      placed: db.prepare('UPDATE denials SET channel_id = ?, message_id = ? WHERE id = ?'),
      shown: db.prepare('UPDATE denials SET shown_version = ? WHERE id = ?'),
      signedOut: db.prepare(`
        UPDATE denials SET signed_out_by = ?, signed_out_at = ?, version = version + 1
        WHERE account_id = ? AND signed_out_at IS NULL`),
    };
  }

  begin(denial: NewDenial): Denial | undefined {
    return this.#sql.begin.all(denial).map(toDenial)[0];
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

function toDenial({ channel_id, message_id, signedOutBy, signedOutAt, ...denial }: DenialRow): Denial {
  return {
    ...denial,
    message: toMessage({ channel_id, message_id }),
    signedOutBy: signedOutBy ?? undefined,
    signedOutAt: signedOutAt ?? undefined,
  };
}
