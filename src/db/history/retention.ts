import type { Database } from 'better-sqlite3';

const overAndOld = `state NOT IN ('pending', 'approved') AND coalesce(requests.ended_at, created_at) < @before`;

/** Passwords that have ended and need no covering any more; a renewed one is in the message of the newer, which covers it. */
const finishedPasswords = `
  SELECT request_id FROM temp_passwords old JOIN requests ON requests.id = request_id
  WHERE ${overAndOld} AND (shown_at IS NULL OR old.ended_at IS NOT NULL)
    AND (scrub IS NULL OR scrubbed_at IS NOT NULL OR message_id IS NULL OR EXISTS (
      SELECT 1 FROM temp_passwords newer WHERE newer.account_id = old.account_id AND newer.begun_at > old.begun_at
        AND newer.message_id = old.message_id))`;

const finishedLockouts = `SELECT id FROM lockouts WHERE ended_at < @before`;

/** Notices whose subject is a request. */
const aboutRequests = `
  'outcome', 'unposted', 'passwordReminder1', 'passwordReminder2', 'passwordEnd', 'ownerOfDone', 'ownerOfFailed'`;

/**
 * Removes rows that are over and name a person, an account or an address, in an order that leaves no reference to a removed
 * row. Rows that still need an act stay: a device to sign out, a password to cover, a lock that lasts.
 */
const steps = [
  `DELETE FROM temp_passwords WHERE request_id IN (${finishedPasswords})`,
  'DELETE FROM passes WHERE ended_at < @before',
  `DELETE FROM requests WHERE ${overAndOld} AND id NOT IN (SELECT request_id FROM temp_passwords)
    AND id NOT IN (SELECT request_id FROM passes)`,
  `DELETE FROM notices WHERE owed_at < @before AND kind IN (${aboutRequests})
    AND CAST(subject_id AS INTEGER) NOT IN (SELECT id FROM requests)`,
  `DELETE FROM denials WHERE lockout_id IN (${finishedLockouts})`,
  `DELETE FROM lockouts WHERE id IN (${finishedLockouts})`,
  `DELETE FROM lockout_cards
    WHERE begun_at < @before AND id NOT IN (SELECT card_id FROM lockouts WHERE card_id IS NOT NULL)`,
  'DELETE FROM account_notices WHERE sent_at < @before AND coalesce(expires_at, 0) < @before',
  'DELETE FROM rescues WHERE ended_at < @before',
  'DELETE FROM outages WHERE ended_at < @before',
  'DELETE FROM device_sign_ins WHERE begun_at < @before AND (denied_by IS NULL OR signed_out_at IS NOT NULL)',
  'DELETE FROM link_proofs WHERE ended_at < @before AND signed_out_at IS NOT NULL',
  // What is told once for a household stays.
  `DELETE FROM notices WHERE owed_at < @before AND kind NOT IN ('oldApps', ${aboutRequests})
    AND delivery_status IN ('told', 'dropped')`,
  `DELETE FROM link_news WHERE at < @before
    AND CAST(batch AS TEXT) NOT IN (SELECT subject_id FROM notices WHERE kind = 'linkNews')`,
  // The longest limit is for a day.
  'DELETE FROM rate_limits WHERE at < @dayAgo',
  "DELETE FROM sign_in_days WHERE day < date(@before / 1000, 'unixepoch')",
  'DELETE FROM history_views WHERE made_at < @dayAgo',
];

/**
 * Removes rows that ended before `before`; views of the history and uses of what is limited go after a day. In one
 * transaction; returns how many entries of the history were removed.
 */
export function createRemoveOld(db: Database): (before: number, dayAgo: number) => number {
  const old = steps.map((sql) => db.prepare<[object]>(sql));
  const entries = db.prepare<[object]>('DELETE FROM audit WHERE at < @before');
  const remove = db.transaction((times: object) => {
    for (const each of old) each.run(times);
    return entries.run(times).changes;
  });
  return (before, dayAgo) => remove.immediate({ before, dayAgo });
}
