import type { Database } from 'better-sqlite3';
import type { TempPassword, TempPasswordStore } from '../../services/passwords/temp-password.js';
import { Table } from '../rows.js';

export const tempPasswords = new Table<TempPassword>('temp_passwords', {
  requestId: 'integer',
  accountId: 'text',
  memberId: 'text',
  begunAt: 'integer',
  shownAt: 'integer?',
  expiresAt: 'integer',
  message: ['message?', ''],
  endedAt: 'integer?',
  end: 'text?',
  logCursor: [
    'json?',
    "CASE WHEN log_cursor_at IS NOT NULL THEN json_object('id', log_cursor_id, 'at', log_cursor_at) END",
  ],
  baseSignIn: 'integer?',
  usedAt: 'integer?',
  isBlind: ['boolean', 'blind'],
  retiringAt: 'integer?',
  scrub: 'text?',
  scrubbedAt: 'integer?',
});

/** Records of temporary passwords; the passwords themselves are kept nowhere. */
export function createTempPasswordStore(db: Database): TempPasswordStore {
  const { all, exists, find, run } = tempPasswords.statements(db);
  const outstanding = 'WHERE shown_at IS NOT NULL AND ended_at IS NULL';
  const newest = 'ORDER BY begun_at DESC, request_id DESC LIMIT 1';
  const note = run<[object]>(`
    UPDATE temp_passwords SET
      log_cursor_id = coalesce(@logCursor ->> 'id', log_cursor_id),
      log_cursor_at = coalesce(@logCursor ->> 'at', log_cursor_at),
      used_at = coalesce(used_at, @usedAt), blind = max(blind, @isBlind), ended_at = @endedAt, end = @end,
      scrubbed_at = CASE WHEN @scrub IS NULL THEN scrubbed_at END, scrub = coalesce(@scrub, scrub)
    WHERE request_id = @requestId AND ended_at IS NULL`);
  return {
    begin: run(`
      INSERT INTO temp_passwords (request_id, account_id, member_id, begun_at, expires_at)
      VALUES (@requestId, @accountId, @memberId, @begunAt, @expiresAt)
      ON CONFLICT (request_id) DO UPDATE SET begun_at = excluded.begun_at, expires_at = excluded.expires_at,
        shown_at = NULL, ended_at = NULL, end = NULL, log_cursor_id = NULL, log_cursor_at = NULL, base_sign_in = NULL,
        used_at = NULL, blind = 0, retiring_at = NULL, scrub = NULL, scrubbed_at = NULL`),
    set: run(`
      UPDATE temp_passwords SET log_cursor_id = ?2 ->> 'id', log_cursor_at = ?2 ->> 'at', base_sign_in = ?3,
        blind = ?2 IS NULL WHERE request_id = ?1`),
    shown: run(`
      UPDATE temp_passwords SET shown_at = ?2, channel_id = ?3 ->> 'channelId', message_id = ?3 ->> 'messageId'
      WHERE request_id = ?1`),
    note: (requestId, finding) => void note({ isBlind: false, ...finding, requestId }),
    retiring: run('UPDATE temp_passwords SET retiring_at = ?2 WHERE request_id = ?1'),
    scrub: run('UPDATE temp_passwords SET scrub = ?2, scrubbed_at = ?3 WHERE request_id = ?1'),
    byRequest: find('WHERE request_id = ?1'),
    mayBeSet: exists("SELECT 1 FROM temp_passwords WHERE request_id = ?1 AND end IS NOT 'not set'"),
    outstanding: all(`${outstanding} ORDER BY request_id`),
    outstandingOf: all(`${outstanding} AND account_id = ?1 ORDER BY request_id`),
    newestOf: find(`WHERE account_id = ?1 AND end IS NOT 'not set' ${newest}`),
    newestShownOf: find(`WHERE account_id = ?1 AND shown_at IS NOT NULL ${newest}`),
    // A renewed password stands in the same message as the one before, and is left alone there.
    toScrub: all(`
      AS old WHERE scrub IS NOT NULL AND scrubbed_at IS NULL AND message_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM temp_passwords newer WHERE newer.account_id = old.account_id AND newer.begun_at > old.begun_at
          AND newer.message_id = old.message_id)
      ORDER BY request_id`),
  };
}
