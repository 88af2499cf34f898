import type { Database } from 'better-sqlite3';

/** All columns that may hold a member's id. Unfinished rows are changed, too, and go on under the made-up id. */
const columns: readonly (readonly [table: string, column: string])[] = [
  ['audit', 'actor_id'],
  ['audit', 'member_id'],
  ['requests', 'member_id'],
  ['requests', 'decided_by'],
  ['passes', 'ended_by'],
  ['temp_passwords', 'member_id'],
  ['link_proofs', 'member_id'],
  ['link_news', 'member_id'],
  ['link_news', 'removed_by'],
  ['device_sign_ins', 'member_id'],
  ['device_sign_ins', 'denied_by'],
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

/** Removes what is theirs alone, and ends what would still be told to them. */
const steps = [
  'DELETE FROM links WHERE member_id = @memberId',
  'DELETE FROM members WHERE member_id = @memberId',
  'DELETE FROM member_names WHERE member_id = @memberId',
  'DELETE FROM member_preferences WHERE member_id = @memberId',
  'DELETE FROM history_views WHERE member_id = @memberId OR actor_id = @memberId',
  `UPDATE notices SET delivery_status = 'dropped' WHERE recipient_id = @memberId`,
  `UPDATE account_notices SET ended_at = sent_at WHERE recipient_id = @memberId AND message_id IS NULL`,
  // The member's codes prove nothing any more. A code's device is kept until it is signed out.
  `UPDATE link_proofs SET outcome = coalesce(outcome, 'replaced'), ended_at = coalesce(ended_at, begun_at)
    WHERE member_id = @memberId`,
  ...columns.map(([table, column]) => `UPDATE ${table} SET ${column} = @instead WHERE ${column} = @memberId`),
  ...texts.map(
    ([table, column]) =>
      `UPDATE ${table} SET ${column} = replace(${column}, @memberId, @instead) WHERE instr(${column}, @memberId)`,
  ),
];

/**
 * Returns a function that takes a member out of the database, in one transaction: a made-up id replaces theirs, so that the
 * history still tells people apart, and their language, preferences and links are deleted.
 */
export function createForgetMember(db: Database): (memberId: string, instead: string) => void {
  const statements = steps.map((sql) => db.prepare<[object]>(sql));
  const forget = db.transaction((ids: object) => {
    for (const each of statements) each.run(ids);
  });
  return (memberId, instead) => forget.immediate({ memberId, instead });
}
