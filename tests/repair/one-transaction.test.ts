import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../sandbox/free-port.js';
import { exclusively } from '../../src/db/jellyfin-db/apply-and-verify.js';
import type { RepairJob } from '../../src/services/rescue/ladder/repair-port.js';
import { shapedServer } from '../server/server-shape.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { repair } from './run-repair.js';
import { bytesOf, change, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const full = 2;

let folder: ServerFolder;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
});

/** What another connection is told that wants to write at once. */
function asksToWrite(): string {
  const other = new Database(folder.db, { timeout: 0 });
  try {
    other.exec('BEGIN IMMEDIATE');
    return 'may';
  } catch (error) {
    return String((error as { code?: string }).code);
  } finally {
    other.close();
  }
}

describe('while the original is open', () => {
  test('nobody else has it, no shared memory is made, and what is written is on the disk before it counts', () => {
    change(folder.db, (db) => db.pragma('journal_mode = WAL'));
    const seen: unknown[] = [];
    exclusively(folder.db, ['Users'], (db) => {
      seen.push(existsSync(`${folder.db}-shm`), db.pragma('synchronous', { simple: true }), asksToWrite());
    });
    expect(seen).toEqual([false, full, 'SQLITE_BUSY']);
  });

  test('nobody else may begin to write before the first change, in the mode without a log either', () => {
    change(folder.db, (db) => db.pragma('journal_mode = DELETE'));
    let seen = '';
    exclusively(folder.db, ['Users'], () => (seen = asksToWrite()));
    expect(seen).toBe('SQLITE_BUSY');
  });

  test('one that is not there is not made', () => {
    const missing = `${folder.db}.gone`;
    expect(() => exclusively(missing, [], () => undefined)).toThrow(
      expect.objectContaining({ code: 'SQLITE_CANTOPEN' }),
    );
    expect(existsSync(missing)).toBe(false);
  });
});

test('an index that does not fit its table is found before anything is committed, though the copy passed its check', async () => {
  change(folder.db, (db) => {
    db.exec('CREATE INDEX odd ON Users (Username)');
    db.unsafeMode();
    db.pragma('writable_schema = ON');
    db.exec(`UPDATE sqlite_schema SET sql = 'CREATE INDEX odd ON Users (Id)' WHERE name = 'odd'`);
  });
  change(folder.db, (db) => expect(db.pragma('quick_check', { simple: true })).toBe('ok'));
  const before = bytesOf(folder.db);
  const { end } = await repair(folder);
  expect(end).toMatchObject({ outcome: 'refused', code: 'corrupt', step: 'change', changed: false });
  expect(bytesOf(folder.db)).toBe(before);
  expect(filesIn(folder)).toEqual(['jellyfin.db']);
});

test('where the server keeps names in upper case, they are looked up there', async () => {
  folder = await fromLoopback(newFolder(), '12.0');
  change(folder.db, (db) => db.exec(`UPDATE Users SET NormalizedUsername = 'ZAUBER' WHERE Username = 'alice'`));
  expect((await repair(folder, { account: { name: 'alice' } })).end.code).toBe('fileAccountUnknown');
  expect((await repair(folder, { account: { name: 'Zauber' } })).end).toMatchObject({ after: { name: 'alice' } });
});

/** From the first look that found nothing to the last one. */
async function looksFor(server: ServerFolder, job: Partial<RepairJob>): Promise<number> {
  const at: Record<string, number> = {};
  await repair(
    server,
    { lookAgainAfterMs: undefined, ...job },
    { onLine: ({ step, outcome }) => void (at[`${step} ${outcome}`] = performance.now()) },
  );
  return (at['stopped done'] ?? 0) - (at['stopped begun'] ?? 0);
}

test('unless told otherwise, it looks twice, 5 s apart, and watches for 10 s after it has stopped a server', async () => {
  const other = await fromLoopback(newFolder());
  const server = await shapedServer(other.dir, await freePort(), { database: 'idle', log: true, port: false });
  const stops = { serverIsStopped: false, stopCommand: ['kill', `${server.pid}`], startCommand: ['true'] };
  const [looked, watched] = await Promise.all([looksFor(folder, {}), looksFor(other, stops)]);
  await server.end();
  expect(looked).toBeGreaterThan(4900);
  expect(watched).toBeGreaterThan(9900);
}, 60_000);
