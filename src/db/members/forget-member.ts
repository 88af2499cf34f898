import type { Database } from 'better-sqlite3';

/** All columns that may hold a member's id. Unfinished rows are changed, too, and go on under the made-up id. */
const places: readonly (readonly [table: string, column: string])[] = [
  ['audit', 'actor_id'],
  ['audit', 'member_id'],
  ['requests', 'member_id'],
  ['requests', 'decided_by'],
  ['temp_passwords', 'member_id'],
  ['links', 'linked_by'],
  ['link_proofs', 'member_id'],
  ['link_news', 'member_id'],
  ['notices', 'recipient_id'],
  ['rescues', 'actor_id'],
  ['account_notices', 'recipient_id'],
  ['lockouts', 'unlocked_by'],
  ['denials', 'member_id'],
  ['denials', 'signed_out_by'],
  ['rate_limits', 'member_or_account_id'],
];

/** Text written by people, which may name a member. */
const texts: readonly (readonly [table: string, column: string])[] = [
  ['audit', 'detail'],
  ['requests', 'reason'],
  ['requests', 'account_name'],
  ['audit', 'account_name'],
];

/** Ends what would still be told to the member; each statement takes only their id. */
const silence = [
  `UPDATE notices SET delivery_status = 'dropped' WHERE recipient_id = ?`,
  `UPDATE account_notices SET ended_at = sent_at WHERE recipient_id = ? AND ended_at IS NULL AND message_id IS NULL`,
  // The member's codes prove nothing any more. A code's device is kept until it is signed out.
  `UPDATE link_proofs SET outcome = coalesce(outcome, 'replaced'), ended_at = coalesce(ended_at, begun_at)
    WHERE member_id = ?`,
];

/**
 * Returns a function that takes a member out of the database, in one transaction: a made-up id replaces theirs, so that the
 * history still tells people apart, and their language, preferences and links are deleted.
 */
export function createForgetMember(db: Database): (memberId: string, instead: string) => void {
  const remove = ['links', 'members', 'member_preferences'].map((table) =>
    db.prepare<[string]>(`DELETE FROM ${table} WHERE member_id = ?`),
  );
  const silent = silence.map((sql) => db.prepare<[string]>(sql));
  const replace = places.map(([table, column]) =>
    db.prepare<[string, string]>(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`),
  );
  const rewrite = texts.map(([table, column]) =>
    db.prepare<[string, string, string]>(
      `UPDATE ${table} SET ${column} = replace(${column}, ?, ?) WHERE instr(${column}, ?)`,
    ),
  );
  const views = db.prepare<[string, string]>('DELETE FROM history_views WHERE member_id = ? OR actor_id = ?');
  const forget = db.transaction((memberId: string, instead: string) => {
    for (const each of [...remove, ...silent]) each.run(memberId);
    views.run(memberId, memberId);
    for (const each of replace) each.run(instead, memberId);
    for (const each of rewrite) each.run(memberId, instead, memberId);
  });
  return (memberId, instead) => void forget.immediate(memberId, instead);
}
