import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';

/**
 * Everything that is in a database, as text, read from a copy of the file and its log: opening the original would change it.
 * Times, salts and numbers that differ from run to run are left out. Throws where it is damaged.
 */
export function stateOf(file) {
  const scratch = mkdtempSync(join(tmpdir(), 'latchkey-state-'));
  try {
    for (const end of ['', '-wal', '-journal'])
      if (existsSync(file + end)) copyFileSync(file + end, join(scratch, `db${end}`));
    const db = new Database(join(scratch, 'db'));
    try {
      const integrity = db.pragma('integrity_check', { simple: true });
      if (integrity !== 'ok') throw new Error(`integrity_check of ${basename(file)}: ${integrity}`);
      return JSON.stringify(tablesOf(db));
    } finally {
      db.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function tablesOf(db) {
  const names = db
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all();
  return names.map((name) => [name, db.prepare(`SELECT * FROM "${name}"`).all().map(plain).sort()]);
}

function plain(row) {
  const { DateCreated, Password, AccessToken, Id, ...rest } = row;
  const isKey = 'DateLastActivity' in row && 'Name' in row && !('UserId' in row);
  // A stored password by its beginning: the salt of a new one is never the same, how hard it was made is.
  const password = Password === undefined ? {} : { Password: Password?.replace(/(iterations=\d+).*/, '$1') };
  return JSON.stringify({ ...rest, ...password, AccessToken, ...(!isKey && { Id, DateCreated }) });
}

/**
 * The files beside jellyfin.db by their kind, without the times in their names. Not an emptied rollback journal, which the
 * server itself takes away: what a full one holds, the state says.
 */
export function filesBeside(file) {
  return readdirSync(dirname(file))
    .filter((name) => name !== `${basename(file)}-journal`)
    .map((name) => name.slice(basename(file).length).replace(/\d{8}T\d{6}Z/, 'TIME'))
    .sort();
}

export function copyOf(file) {
  const names = readdirSync(dirname(file)).filter((name) => /copy-\d{8}T\d{6}Z$/.test(name));
  return names
    .sort()
    .map((name) => join(dirname(file), name))
    .at(-1);
}
