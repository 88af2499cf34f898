import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/**
 * A database of the version before the outbox (commit 3a7f791), as SQL. That version's bot made it, in a household of the
 * loopback Discord and Jellyfin: a person for each kind of message that people were owed then, and each status; a person
 * called `…Cut` was sent theirs by a bot that does not know it. Ids are replaced by names (`{maya}`, `{account maya}`,
 * `{dm maya}`, `{admin channel}`), times by how long before the bot was stopped they were, in milliseconds (`{-1000}`).
 */
const dump = readFileSync(join('tests', 'support', 'before-the-outbox.sql'), 'utf8');

/** Latchkey's mark in the header of its databases. */
const applicationId = 0x4c544348;

/** The people in it, by name. */
export const peopleBefore = [...new Set([...dump.matchAll(/'\{(\w+)\}'/g)].map(([, name = '']) => name))];

/** Writes the database to a file; `idOf` is given each name. */
export function writeDatabaseBefore(file: string, now: number, idOf: (name: string) => string): void {
  const sql = dump
    .replace(/\{(-?\d+)\}/g, (_, ms) => String(now + Number(ms)))
    .replace(/\{([a-zA-Z ]+)\}/g, (_, name) => idOf(name));
  const db = new Database(file);
  db.pragma(`application_id = ${applicationId}`);
  db.pragma('journal_mode = WAL');
  db.exec(`BEGIN; ${sql} COMMIT;`);
  db.close();
}
