import type { Migration } from '../migrate.js';

/**
 * One table of the messages that people are owed, with everything that was owed in the tables before it. `recipient_id` is
 * a member, or `admins`; `subject_id` the row that the message is about; never what it says.
 */
export const outbox: Migration = {
  name: '013-outbox',
  up(db) {
    db.exec(`
      CREATE TABLE notices (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        subject_id TEXT NOT NULL,
        recipient_id TEXT NOT NULL,
        delivery_status TEXT NOT NULL
          CHECK (delivery_status IN ('due', 'told', 'announced', 'unreachable', 'dropped')),
        version INTEGER NOT NULL DEFAULT 1,
        owed_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        channel_id TEXT,
        message_id TEXT,
        UNIQUE (kind, subject_id, recipient_id)
      ) STRICT;
      CREATE INDEX notices_due ON notices (kind) WHERE delivery_status = 'due';
      CREATE INDEX notices_unread ON notices (recipient_id) WHERE delivery_status IN ('announced', 'unreachable');
    `);
    for (const each of carriedOver) db.exec(each);
  },
};

/** What a former table's status is called. */
const status = `CASE way WHEN 'place' THEN 'announced' WHEN 'next' THEN 'unreachable' WHEN 'moot' THEN 'dropped' ELSE way END`;

const carriedOver = [
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
];
