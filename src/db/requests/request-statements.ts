import type { Database } from 'better-sqlite3';

/** A row of `requests` as SQLite gives it. */
export interface RequestRow {
  readonly id: number;
  readonly kind: string;
  readonly state: string;
  readonly member_id: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly admin_account: number;
  readonly links_on_approval: number;
  readonly offered_id: string | null;
  readonly snapshot: string | null;
  readonly asked_in_channel_id: string | null;
  readonly created_at: number;
  readonly reminded_at: number | null;
  readonly decided_at: number | null;
  readonly decided_by: string | null;
  readonly ended_at: number | null;
  readonly reason: string | null;
  readonly failure: string | null;
  readonly delivery: string | null;
  readonly card_channel_id: string | null;
  readonly card_message_id: string | null;
  readonly version: number;
  readonly card_version: number | null;
  readonly origin: string;
  readonly notice_channel_id: string | null;
  readonly notice_message_id: string | null;
  readonly delivery_status: string | null;
  readonly attempts: number;
}

/** All columns, and whether the member was told how the request stands. */
const columns = `*, (
  SELECT delivery_status FROM notices WHERE kind = 'outcome' AND subject_id = CAST(requests.id AS TEXT)) AS delivery_status`;

/** The statements of the requests table, prepared once. */
export function requestStatements(db: Database) {
  const rows = <P extends unknown[]>(sql: string) => db.prepare<P, RequestRow>(sql);
  return {
    // The unique index on open requests turns a second one away: no row comes back (likewise in `move`).
    insert: rows<[object]>(`
      INSERT INTO requests (kind, state, member_id, account_id, account_name, admin_account, snapshot, asked_in_channel_id,
        created_at, decided_by, decided_at, delivery, origin, notice_channel_id, notice_message_id, links_on_approval)
      VALUES (@kind, @state, @memberId, @accountId, @accountName, @adminAccount, @snapshot, @askedInChannelId,
        @createdAt, @decidedBy, @decidedAt, @delivery, @origin, @noticeChannelId, @noticeMessageId,
        @linksOnApproval)
      ON CONFLICT DO NOTHING RETURNING ${columns}`),
    byId: rows<[number]>(`SELECT ${columns} FROM requests WHERE id = ?`),
    open: rows<[string, string, string]>(`
      SELECT ${columns} FROM requests WHERE member_id = ? AND account_id = ? AND kind = ? AND state IN ('pending', 'approved')`),
    openOf: rows<[string]>(`
      SELECT ${columns} FROM requests WHERE member_id = ? AND state IN ('pending', 'approved') ORDER BY id`),
    pending: rows<[]>(`SELECT ${columns} FROM requests WHERE state = 'pending' ORDER BY id`),
    earlier: db.prepare<[number], { count: number; last: number | null }>(`
      SELECT count(*) AS count, max(requests.created_at) AS last
      FROM requests JOIN requests AS this USING (member_id, account_id)
      WHERE this.id = ? AND requests.id < this.id AND requests.kind <> 'link' AND requests.origin = 'asked'
        AND (account_id <> '' OR lower(requests.account_name) = lower(this.account_name))`),
    askedBetween: db.prepare<[string, number, number], { created_at: number }>(`
      SELECT created_at FROM requests WHERE member_id = ? AND created_at > ? AND created_at <= ?
        AND (origin = 'asked' OR (decided_by = member_id AND kind <> 'link')) AND delivery IS NOT 'answer' ORDER BY created_at`),
    move: rows<[object]>(`
      UPDATE OR IGNORE requests SET state = @to,
        decided_by = coalesce(@decidedBy, decided_by), decided_at = coalesce(@decidedAt, decided_at),
        ended_at = @endedAt, reason = coalesce(@reason, reason), failure = @failure, version = version + 1,
        account_id = coalesce(@accountId, account_id), account_name = coalesce(@accountName, account_name)
      WHERE id = @id AND state IN (SELECT value FROM json_each(@from)) RETURNING ${columns}`),
    reopen: rows<[string, number, number, number]>(`
      UPDATE OR IGNORE requests SET state = 'approved', decided_by = ?, decided_at = ?, admin_account = ?, ended_at = NULL, failure = NULL,
        delivery = NULL, notice_channel_id = NULL, notice_message_id = NULL, attempts = 0, version = version + 1
      WHERE id = ? AND state = 'failed' RETURNING ${columns}`),
    setAccount: rows<[string, string, number, string, number]>(`
      UPDATE OR IGNORE requests SET account_id = ?, account_name = ?, admin_account = ?, snapshot = ?, links_on_approval = 0,
        offered_id = NULL, version = version + 1
      WHERE id = ? AND state = 'pending' AND links_on_approval = 1 RETURNING ${columns}`),
    begin: rows<[number]>(`
      UPDATE requests SET attempts = attempts + 1 WHERE id = ? AND state = 'approved' RETURNING ${columns}`),
    setCard: rows<[object]>(`
      UPDATE requests SET card_channel_id = @channelId, card_message_id = @messageId, card_version = @version,
        reminded_at = coalesce(@remindedAt, reminded_at) WHERE id = @id RETURNING ${columns}`),
    setNotice: db.prepare(`
      UPDATE requests SET notice_channel_id = @channelId, notice_message_id = @messageId, delivery = 'dm',
        version = version + 1 WHERE id = @id`),
    setDelivery: rows<[string, number]>(`
      UPDATE requests SET delivery = ?, version = version + 1 WHERE id = ? RETURNING ${columns}`),
    setOffered: db.prepare<[string | null, number]>('UPDATE requests SET offered_id = ? WHERE id = ?'),
    touch: rows<[number]>(`UPDATE requests SET version = version + 1 WHERE id = ? RETURNING ${columns}`),
    touchOffering: rows<[string]>(`
      UPDATE requests SET version = version + 1 WHERE state = 'pending' AND links_on_approval = 1 AND offered_id = ? RETURNING ${columns}`),
    unfinished: rows<[]>(`
      SELECT ${columns} FROM requests WHERE state = 'approved' OR delivery_status = 'due'
        OR (origin = 'asked' AND card_version IS NOT version) ORDER BY id`),
    toRemind: rows<[number]>(`
      SELECT ${columns} FROM requests WHERE state = 'pending' AND reminded_at IS NULL AND created_at <= ? ORDER BY id`),
    toExpire: rows<[number]>(`SELECT ${columns} FROM requests WHERE state = 'pending' AND created_at <= ? ORDER BY id`),
    workedOnFor: rows<[string, string]>(`
      SELECT ${columns} FROM requests WHERE state = 'approved' AND delivery IS NOT 'button' AND (member_id = ? OR decided_by = ?)`),
    uncollected: rows<[number]>(`
      SELECT ${columns} FROM requests WHERE state = 'approved' AND delivery = 'button' AND decided_at <= ? ORDER BY id`),
  };
}
