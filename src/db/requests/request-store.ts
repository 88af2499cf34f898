import type { Database } from 'better-sqlite3';
import type { NoticeStore } from '../../services/notices/notice.js';
import type { Request, RequestStore } from '../../services/requests/request.js';
import type { Transaction } from '../../services/transaction.js';
import { Table } from '../rows.js';

export const requests = new Table<Request>('requests', {
  id: 'integer',
  kind: 'text',
  state: 'text',
  memberId: 'text',
  accountId: 'text',
  accountName: 'text',
  adminAccount: 'boolean',
  linksOnApproval: ['boolean', "links_on_approval = 1 OR kind = 'link'"],
  offeredId: 'text?',
  snapshot: 'json?',
  pass: 'json?',
  askedInChannelId: 'text?',
  createdAt: 'integer',
  decidedAt: 'integer?',
  decidedBy: 'text?',
  endedAt: 'integer?',
  denyReason: ['text?', 'denial'],
  reason: 'text?',
  failure: 'text?',
  delivery: 'text?',
  card: 'message?',
  version: 'integer',
  cardVersion: 'integer?',
  origin: 'text',
  notice: 'message?',
  deliveryStatus: [
    'text?',
    "SELECT delivery_status FROM notices WHERE kind = 'outcome' AND subject_id = CAST(requests.id AS TEXT)",
  ],
  attempts: 'integer',
});

/**
 * The requests table. Every change of state is one conditional UPDATE that returns the row, in one transaction with the
 * notice about it.
 */
export function createRequestStore(
  db: Database,
  notices: Pick<NoticeStore, 'oweAgain'>,
  transaction: Transaction,
): RequestStore {
  const { all, find, change, changeAll, run, exists, values } = requests.statements(db);
  const byId = find<[id: number]>('WHERE id = ?1');
  // The unique index on open requests turns a second one away: no row comes back (likewise in `move`).
  const insert = change<[object]>(`
    INSERT INTO requests (kind, state, member_id, account_id, account_name, admin_account, snapshot, asked_in_channel_id,
      created_at, decided_by, decided_at, delivery, origin, notice_channel_id, notice_message_id, links_on_approval, pass)
    VALUES (@kind, @state, @memberId, @accountId, @accountName, @adminAccount, @snapshot, @askedInChannelId,
      @createdAt, @decidedBy, CASE WHEN @decidedBy IS NOT NULL THEN @createdAt END, @delivery, @origin,
      @notice ->> 'channelId', @notice ->> 'messageId', @linksOnApproval, @pass)
    ON CONFLICT DO NOTHING`);
  const earlier = db.prepare<[number], { count: number; last: number | null }>(`
    SELECT count(*) AS count, max(requests.created_at) AS last
    FROM requests JOIN requests AS this USING (member_id, account_id)
    WHERE this.id = ? AND requests.id < this.id AND requests.kind <> 'link' AND requests.origin = 'asked'
      AND (account_id <> '' OR lower(requests.account_name) = lower(this.account_name))`);
  const move = change<[object]>(`
    UPDATE OR IGNORE requests SET state = @to,
      decided_by = coalesce(@decidedBy, decided_by), decided_at = coalesce(@decidedAt, decided_at),
      ended_at = @endedAt, denial = @denyReason, reason = @reason, failure = @failure, version = version + 1,
      delivery = coalesce(@delivery, delivery),
      account_id = coalesce(@accountId, account_id), account_name = coalesce(@accountName, account_name)
    WHERE id = @id AND state IN (SELECT value FROM json_each(@from))`);
  const open = find(`
    WHERE member_id = ?1 AND account_id = ?2 AND kind = ?3 AND pass ->> 'restriction' IS ?4
      AND state IN ('pending', 'approved')`);
  const isWorkedOnFor = "state = 'approved' AND delivery IS NOT 'button' AND (member_id = ?1 OR decided_by = ?1)";

  return {
    insert: (request) => insert({ linksOnApproval: false, ...request }),
    byId,
    open: (memberId, accountId, kind, restriction) => open(memberId, accountId, kind, restriction),
    openOf: all("WHERE member_id = ?1 AND state IN ('pending', 'approved') ORDER BY id"),
    pending: all("WHERE state = 'pending' ORDER BY id"),
    waiting: all("WHERE state = 'pending' AND kind = ?1 AND account_id = ?2 ORDER BY id"),
    earlier: (id) => {
      const row = earlier.get(id);
      return { count: row?.count ?? 0, last: row?.last ?? undefined };
    },
    askedBetween: values(`
      SELECT created_at FROM requests WHERE member_id = ?1 AND created_at > ?2 AND created_at <= ?3
        AND (origin = 'asked' OR (decided_by = member_id AND kind <> 'link')) AND delivery IS NOT 'answer'
      ORDER BY created_at`),
    move: (id, from, to, { deliveryStatus, ...change }) =>
      transaction(() => {
        const moved = move({ accountId: undefined, accountName: undefined, ...change, id, from, to });
        if (!moved || !deliveryStatus) return moved;
        const outcome = { kind: 'outcome', subjectId: `${id}`, recipientId: moved.memberId } as const;
        notices.oweAgain(outcome, moved.endedAt ?? moved.decidedAt ?? moved.createdAt, deliveryStatus);
        return byId(id);
      }),
    reopen: change(`
      UPDATE OR IGNORE requests SET state = 'approved', decided_by = ?2, decided_at = ?3, admin_account = ?4,
        ended_at = NULL, failure = NULL, delivery = NULL, notice_channel_id = NULL, notice_message_id = NULL, attempts = 0,
        version = version + 1
      WHERE id = ?1 AND state = 'failed'`),
    setAccount: change(`
      UPDATE OR IGNORE requests SET account_id = ?2 ->> 'id', account_name = ?2 ->> 'name',
        admin_account = ?2 ->> 'isAdministrator', snapshot = ?3, links_on_approval = 0, offered_id = NULL,
        version = version + 1
      WHERE id = ?1 AND state = 'pending' AND links_on_approval = 1`),
    noteAddress: change(`
      UPDATE requests SET snapshot = json_set(snapshot, '$.address', ?2), version = version + 1
      WHERE id = ?1 AND state = 'pending' AND snapshot IS NOT NULL AND snapshot ->> 'address' IS NOT ?2`),
    begin: change("UPDATE requests SET attempts = attempts + 1 WHERE id = ?1 AND state = 'approved'"),
    setCard: change(`
      UPDATE requests SET card_channel_id = ?2 ->> 'channelId', card_message_id = ?2 ->> 'messageId', card_version = ?3,
        reminded_at = coalesce(?4, reminded_at) WHERE id = ?1`),
    setNotice: run(`
      UPDATE requests SET notice_channel_id = ?2 ->> 'channelId', notice_message_id = ?2 ->> 'messageId', delivery = 'dm',
        version = version + 1 WHERE id = ?1`),
    setOffered: run(`
      UPDATE requests SET offered_id = ?2, version = version + (offered_id IS NOT NULL AND offered_id IS NOT ?2)
        WHERE id = ?1`),
    touch: change('UPDATE requests SET version = version + 1 WHERE id = ?1'),
    touchOffering: changeAll(`
      UPDATE requests SET version = version + 1 WHERE state = 'pending' AND offered_id = ?1`),
    unfinished: all(`
      WHERE state = 'approved' OR deliveryStatus = 'due' OR ((origin = 'asked' OR kind = 'pass') AND card_version IS NOT version) ORDER BY id`),
    toRemind: all("WHERE state = 'pending' AND reminded_at IS NULL AND created_at <= ?1 ORDER BY id"),
    toExpire: all("WHERE state = 'pending' AND created_at <= ?1 ORDER BY id"),
    isWorkedOnFor: exists(`SELECT 1 FROM requests WHERE ${isWorkedOnFor}`),
    uncollected: all("WHERE state = 'approved' AND delivery = 'button' AND decided_at <= ?1 ORDER BY id"),
  };
}
