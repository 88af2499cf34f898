import type { Database } from 'better-sqlite3';

/** Everywhere a member's id may stand. Nothing is spared: what still runs goes on under the made-up id. */
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

/** Words written by people, in which they may be named. */
const texts: readonly (readonly [table: string, column: string])[] = [
  ['audit', 'detail'],
  ['requests', 'reason'],
  ['requests', 'account_name'],
  ['audit', 'account_name'],
];

/** Nobody is told anything any more: these take only the member's id. */
const silence = [
  `UPDATE notices SET delivery_status = 'dropped' WHERE recipient_id = ?`,
  `UPDATE account_notices SET ended_at = sent_at WHERE recipient_id = ? AND ended_at IS NULL AND message_id IS NULL`,
  // A code of theirs counts no more. Its device stays written down until it is signed out.
  `UPDATE link_proofs SET outcome = coalesce(outcome, 'replaced'), ended_at = coalesce(ended_at, begun_at)
    WHERE member_id = ?`,
];

/**
 * Takes a member out of the database, in one transaction: their id becomes a made-up one in the past, so that who did
 * what to whom can still be told apart, and their language and links are deleted.
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
