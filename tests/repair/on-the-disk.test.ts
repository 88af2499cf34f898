import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { freePort } from '../../sandbox/free-port.js';
import { exclusively } from '../../src/db/jellyfin-db/apply-and-verify.js';
import type { RepairJob } from '../../src/services/rescue/ladder/repair-port.js';
import { shapedServer } from '../server/server-shape.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { type Ran, repair } from './run-repair.js';
import { bytesOf, change, crashed, dump, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const hasStrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' }).status === 0;
const withStrace = hasStrace ? test : test.skip;
const unlessStrace = hasStrace ? '' : ' (skipped: strace is not here, or may not trace)';

let folder: ServerFolder;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
});

/** The repair with an error at the given calls on a file of this name. */
function failing(name: string, inject: string): Promise<Ran> {
  const [call = ''] = inject.split(':');
  const only = ['-P', join(folder.dir, 'data', name), '-e', `trace=${call}`, '-e', `inject=${inject}`];
  return repair(folder, {}, { within: ['strace', '-f', '-qq', '-o', '/dev/null', ...only] });
}

withStrace(
  `every name is given to what is on the disk already, and the log is copied before the file${unlessStrace}`,
  async () => {
    crashed(folder, (db) => db.exec(`UPDATE Users SET InvalidLoginAttemptCount = 7 WHERE Username = 'alice'`));
    const trace = join(folder.dir, 'trace');
    // Slow enough for a rename to come before it, if it were let.
    const slow = ['-e', 'inject=fsync:delay_enter=20000'];
    const calls = 'trace=openat,fsync,fdatasync,link,linkat,rename,renameat,renameat2,unlink';
    const { end } = await repair(
      folder,
      {},
      { within: ['strace', '-f', '-y', '-s', '300', '-o', trace, '-e', calls, ...slow] },
    );
    expect(end.outcome).toBe('done');
    const done = told(readFileSync(trace, 'utf8'), basename(end.copy ?? ''));
    const inOrder = (...wanted: string[]) => {
      const found = wanted.reduce<number[]>((at, each) => [...at, done.indexOf(each, (at.at(-1) ?? -1) + 1)], []);
      expect([wanted, found.includes(-1) ? done : 'in order']).toEqual([wanted, 'in order']);
    };
    // The record, before anything else is done, and last of all under its own time.
    inOrder('sync .latchkey.json.part', 'name .latchkey.json', 'sync data', 'make COPY.part-wal', 'make COPY.part');
    for (const part of ['COPY.part-wal', 'COPY.part']) inOrder(`make ${part}`, `sync ${part}`, 'name COPY-wal');
    inOrder('name COPY-wal', 'name COPY', 'sync data', 'sync .latchkey.json.part', 'sync jellyfin.db', 'sync data');
    expect(done[done.indexOf('name COPY') + 1]).toBe('sync data');
    const after = done.slice(done.lastIndexOf('sync jellyfin.db'));
    expect(after.slice(0, 5)).toEqual([
      ...['sync jellyfin.db', 'sync data', 'make .latchkey.json.part', 'sync .latchkey.json.part'],
      'name .latchkey.json',
    ]);
    expect(after.slice(5)).toEqual([
      ...['sync data', 'make -TIME.json.part', 'sync -TIME.json.part', 'name -TIME.json', 'sync data', 'sync data'],
    ]);
  },
  60_000,
);

/** What was made, synced and named in the folder, in short words. */
function told(trace: string, copy: string): string[] {
  const short = (path: string) =>
    basename(path)
      .replace(copy, 'COPY')
      .replace(/^jellyfin\.db(\.latchkey\.json)/, '$1')
      .replace(/^jellyfin\.db\.latchkey-\d{8}T\d{6}Z/, '-TIME');
  const begun = new Map<string, string>();
  return trace.split('\n').flatMap((line) => {
    const [thread = ''] = line.split(' ');
    // It counts when it is done, not when it is begun on another thread.
    if (/sync resumed>/.test(line)) return [`sync ${short(begun.get(thread) ?? '?')}`];
    if (!line.includes(`${folder.dir}/data`)) return [];
    const synced = /\bf(?:data)?sync\(\d+<([^>]+)>/.exec(line)?.[1];
    if (synced !== undefined && !line.includes('unfinished')) return [`sync ${short(synced)}`];
    if (synced !== undefined) begun.set(thread, synced);
    const named = /\b(?:link|rename)\w*\(.*"([^"]+)"/.exec(line)?.[1];
    if (named !== undefined) return [`name ${short(named)}`];
    const made = /\bopenat\(.*"([^"]+)", .*O_CREAT.*\) = \d/.exec(line)?.[1];
    return made !== undefined && !/lock|-wal$|-shm$|-journal$/.test(short(made).replace('COPY.part-wal', 'COPY'))
      ? [`make ${short(made)}`]
      : [];
  });
}

describe('an error', () => {
  withStrace(`at COMMIT or after it decides nothing: what stands in the file does${unlessStrace}`, async () => {
    const { end } = await failing('jellyfin.db', 'fsync:error=EIO');
    expect(end).toMatchObject({ outcome: 'done', changed: true, after: { failedSignIns: 0 } });
    expect(dump(folder.db)['Users']?.join()).not.toContain('"InvalidLoginAttemptCount":3');
  });

  withStrace(`after which the file cannot be read is told so, and the next run finishes${unlessStrace}`, async () => {
    // The first is for the copy, the second is SQLite's; then it is synced and read back.
    const { end } = await failing('jellyfin.db', 'openat:error=EIO:when=3+');
    expect(end).toMatchObject({ outcome: 'failed', code: 'notAsWritten', step: 'change' });
    const again = await repair(folder);
    expect(again.end).toMatchObject({ outcome: 'done', copy: end.copy, after: { failedSignIns: 0 } });
  });

  withStrace(`in writing down what is going to be done: the account is as it was${unlessStrace}`, async () => {
    const before = dump(folder.db);
    const { end } = await failing('jellyfin.db.latchkey.json.part', 'fsync:error=EIO');
    expect(end).toMatchObject({ outcome: 'failed', code: 'recordFailed', step: 'record', changed: false });
    expect(dump(folder.db)).toEqual(before);
  });

  withStrace(`in writing down that it was done: it is told that it was${unlessStrace}`, async () => {
    // Begun, stopped, where the copy is, that it is whole, the values from before, what is going to be changed.
    const { end } = await failing('jellyfin.db.latchkey.json.part', 'fsync:error=EIO:when=7');
    expect(end).toMatchObject({ outcome: 'failed', code: 'changedUnrecorded', changed: true });
    expect((await repair(folder)).end).toMatchObject({ outcome: 'done', after: { failedSignIns: 0 } });
  });
});

const full = 2;

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
