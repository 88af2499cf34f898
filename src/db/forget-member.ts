import type { Database } from 'better-sqlite3';

/** Everywhere a member's id stands in what is kept about the past; what is still open needs it until it ends. */
const places: readonly (readonly [table: string, column: string, over: string])[] = [
  ['audit', 'actor_id', 'TRUE'],
  ['audit', 'member_id', 'TRUE'],
  ['requests', 'member_id', `state NOT IN ('pending', 'approved')`],
  ['requests', 'decided_by', `state NOT IN ('pending', 'approved')`],
  ['temp_passwords', 'member_id', 'ended_at IS NOT NULL'],
  ['links', 'linked_by', 'TRUE'],
  ['rescues', 'actor_id', 'ended_at IS NOT NULL'],
  ['account_words', 'to_id', 'ended_at IS NOT NULL'],
  ['denials', 'member_id', 'TRUE'],
  ['link_news', 'member_id', 'TRUE'],
  ['paced', 'whose', 'TRUE'],
];

/**
 * Takes a member out of the database, in one transaction: their id becomes a made-up one in the past, so that who did
 * what to whom can still be told apart, and their language and links are deleted.
 */
export function createForgetMember(db: Database): (memberId: string, instead: string) => void {
  const replace = places.map(([table, column, over]) =>
    db.prepare<[string, string]>(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ? AND ${over}`),
  );
  const remove = ['links', 'members', 'link_proofs', 'word_preferences'].map((table) =>
    db.prepare<[string]>(`DELETE FROM ${table} WHERE member_id = ?`),
  );
  // A refused press of a button, or a reason, may name them, too.
  const details = db.prepare<[string, string, string]>(
    'UPDATE audit SET detail = replace(detail, ?, ?) WHERE instr(detail, ?)',
  );
  const views = db.prepare<[string, string]>('DELETE FROM history_views WHERE member_id = ? OR actor_id = ?');
  const forget = db.transaction((memberId: string, instead: string) => {
    for (const each of remove) each.run(memberId);
    views.run(memberId, memberId);
    for (const each of replace) each.run(instead, memberId);
    details.run(memberId, instead, memberId);
  });
  return (memberId, instead) => void forget.immediate(memberId, instead);
}
