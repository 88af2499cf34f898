import type { Migration } from '../migrate.js';

/**
 * One table of the messages that people are owed, with everything that was owed in the tables before it. `recipient_id` is
 * a member, or `admins`; `subject_id` the row that the message is about; never what it says.
 */
export const outbox: Migration = {
  name: '013-outbox',
  up(db) {
    for (const each of [...created, ...carriedOver, ...renamed]) db.exec(each);
  },
};

const created = [
  `CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    delivery_status TEXT NOT NULL CHECK (delivery_status IN ('due', 'told', 'announced', 'unreachable', 'dropped')),
    version INTEGER NOT NULL DEFAULT 1,
    owed_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    channel_id TEXT,
    message_id TEXT,
    UNIQUE (kind, subject_id, recipient_id)
  ) STRICT`,
  `CREATE INDEX notices_due ON notices (kind) WHERE delivery_status = 'due'`,
  `CREATE INDEX notices_unread ON notices (recipient_id) WHERE delivery_status IN ('announced', 'unreachable')`,
];

/** What a former table's status is called. */
const status = `CASE way WHEN 'place' THEN 'announced' WHEN 'next' THEN 'unreachable' WHEN 'moot' THEN 'dropped' ELSE way END`;

const carriedOver = [
  // How requests stand; a bot that was killed while sending may have sent it.
  `INSERT INTO notices (kind, subject_id, recipient_id, delivery_status, version, owed_at, attempts)
    SELECT 'outcome', CAST(id AS TEXT), member_id,
      CASE word WHEN 'place' THEN 'announced' WHEN 'next' THEN 'unreachable' ELSE word END,
      version, coalesce(ended_at, decided_at, created_at), 1
    FROM requests WHERE word IS NOT NULL ORDER BY id`,
  'ALTER TABLE requests DROP COLUMN word',

  // Temporary passwords.
  `INSERT INTO notices (kind, subject_id, recipient_id, delivery_status, owed_at, attempts, channel_id, message_id)
    SELECT CASE words.kind WHEN 'end' THEN 'passwordEnd' WHEN 'reminder 1' THEN 'passwordReminder1' ELSE 'passwordReminder2' END,
      CAST(request_id AS TEXT), member_id, ${status}, begun_at, attempts, words.channel_id, words.message_id
    FROM temp_password_words words JOIN temp_passwords USING (request_id) ORDER BY words.id`,
  'DROP TABLE temp_password_words',

  // Owners. They hear of a request's end; of one that failed, and is tried again, twice.
  `INSERT INTO notices (kind, subject_id, recipient_id, delivery_status, owed_at, attempts)
    SELECT CASE state WHEN 'done' THEN 'ownerOfDone' ELSE 'ownerOfFailed' END, CAST(request_id AS TEXT), owners.member_id,
      CASE WHEN way = 'moot' OR told_state IS state OR told_state IS 'done' THEN ${status} ELSE 'due' END,
      coalesce(ended_at, created_at), owners.attempts
    FROM owner_notices owners JOIN requests ON requests.id = request_id
    WHERE state IN ('done', 'failed') ORDER BY owners.id`,
  'DROP TABLE owner_notices',

  // Greetings; a bot that was killed while sending one may have sent it.
  `INSERT INTO notices (kind, subject_id, recipient_id, delivery_status, owed_at, attempts)
    SELECT 'greeting', account_id, member_id, CASE greeting WHEN 'next' THEN 'unreachable' ELSE greeting END, linked_at, 1
    FROM links WHERE greeting <> 'none' ORDER BY linked_at`,
  'ALTER TABLE links DROP COLUMN greeting',

  // Codes with which somebody proves an account.
  `INSERT INTO notices (kind, subject_id, recipient_id, delivery_status, owed_at, attempts)
    SELECT 'proofEnded', CAST(id AS TEXT), member_id, word, ended_at, 1 FROM link_proofs WHERE word IS NOT NULL ORDER BY id`,
  'DROP INDEX link_proofs_unsettled',
  'ALTER TABLE link_proofs DROP COLUMN word',
  'CREATE INDEX link_proofs_signed_in ON link_proofs (id) WHERE signed_out_at IS NULL',

  // News of links; those that are in no card yet go into one.
  `INSERT INTO notices (kind, subject_id, recipient_id, delivery_status, owed_at, attempts)
    SELECT 'linkNews', CAST(batch AS TEXT), 'admins', CASE WHEN told_at IS NULL THEN 'due' ELSE 'told' END, max(at), 1
    FROM link_news WHERE batch IS NOT NULL GROUP BY batch ORDER BY batch`,
  `INSERT INTO notices (kind, subject_id, recipient_id, delivery_status, owed_at)
    SELECT 'linkNews', CAST(max(id) AS TEXT), 'admins', 'due', max(at) FROM link_news WHERE batch IS NULL HAVING count(*) > 0`,
  'UPDATE link_news SET batch = (SELECT max(id) FROM link_news WHERE batch IS NULL) WHERE batch IS NULL',
  'DROP INDEX link_news_untold',
  'ALTER TABLE link_news DROP COLUMN told_at',
  'CREATE INDEX link_news_by_batch ON link_news (batch)',
];

/** Tables, columns and indexes that had words of their own. */
const renamed = [
  `ALTER TABLE requests ADD COLUMN origin TEXT NOT NULL DEFAULT 'asked' CHECK (origin IN ('asked', 'direct'))`,
  `UPDATE requests SET origin = 'direct' WHERE wants_card = 0`,
  'ALTER TABLE requests DROP COLUMN wants_card',
  'ALTER TABLE requests RENAME COLUMN links TO links_on_approval',
  'ALTER TABLE requests RENAME COLUMN place_channel_id TO asked_in_channel_id',
  'ALTER TABLE account_words RENAME TO account_notices',
  'ALTER TABLE account_notices RENAME COLUMN to_id TO recipient_id',
  'ALTER TABLE account_notices RENAME COLUMN mark TO occasion_key',
  'DROP INDEX account_words_by_account',
  'DROP INDEX account_words_by_message',
  'DROP INDEX account_words_by_mark',
  'CREATE INDEX account_notices_by_account ON account_notices (account_key, recipient_id, sent_at)',
  'CREATE INDEX account_notices_by_message ON account_notices (message_id)',
  'CREATE INDEX account_notices_by_occasion ON account_notices (occasion_key)',
  'ALTER TABLE word_preferences RENAME TO member_preferences',
  'ALTER TABLE standing_cards RENAME TO status_cards',
  'ALTER TABLE status_cards DROP COLUMN generation',
  'ALTER TABLE paced RENAME TO rate_limits',
  'ALTER TABLE rate_limits RENAME COLUMN whose TO member_or_account_id',
  'DROP INDEX paced_by_act',
  'CREATE INDEX rate_limits_by_act ON rate_limits (member_or_account_id, act, at)',
  'ALTER TABLE temp_passwords RENAME COLUMN mark_id TO log_cursor_id',
  'ALTER TABLE temp_passwords RENAME COLUMN mark_at TO log_cursor_at',
];
