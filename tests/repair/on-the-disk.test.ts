import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { freePort } from '../../sandbox/free-port.js';
import { exclusively } from '../../src/db/jellyfin-db/apply-and-verify.js';
import type { RepairJob } from '../../src/services/rescue/ladder/repair-port.js';
import { shapedServer } from '../server/server-shape.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { type Ran, repair, repairProcess, watchedBy } from './run-repair.js';
import { bytesOf, change, crashed, dump, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const hasStrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' }).status === 0;
const withStrace = hasStrace ? test : test.skip;
const unlessStrace = hasStrace ? '' : ' (skipped: strace is not here, or may not trace)';

const hasProc = existsSync('/proc/self/fd');
const withProc = hasProc ? test : test.skip;
const unlessProc = hasProc ? '' : ' (skipped: there is no /proc here)';

let folder: ServerFolder;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
});

/** The repair with an error at the given calls on a file of this name. */
function failing(name: string, inject: string): Promise<Ran> {
  const [call = ''] = inject.split(':');
  const only = ['-P', join(folder.dir, 'data', name), '-e', `trace=${call}`, '-e', `inject=${inject}`];
  return repairProcess(folder, {}, { within: ['strace', '-f', '-qq', '-o', '/dev/null', ...only] });
}

/** The repair with an error when it syncs a file of this name for the `when`th time. */
const failingAt = (file: string, when: number): Promise<Ran> =>
  repairProcess(
    folder,
    {},
    { within: watchedBy(join(folder.dir, 'notes'), { call: 'sync', file, when, then: 'EIO' }) },
  );

describe('every name is given to what is on the disk already, and the log is copied before the file', () => {
  /** What was made, synced and named in the folder, in short words, by a repair with a log beside the file. */
  async function isInOrder(within: (notes: string) => readonly string[], read: (notes: string) => string[]) {
    crashed(folder, (db) => db.exec(`UPDATE Users SET InvalidLoginAttemptCount = 7 WHERE Username = 'alice'`));
    const notes = join(folder.dir, 'notes');
    const { end } = await repairProcess(folder, {}, { within: within(notes) });
    expect(end.outcome).toBe('done');
    const short = (path: string) =>
      basename(path)
        .replace(basename(end.copy ?? ''), 'COPY')
        .replace(/^jellyfin\.db(\.latchkey\.json)/, '$1')
        .replace(/^jellyfin\.db\.latchkey-\d{8}T\d{6}Z/, '-TIME');
    const done = read(notes).flatMap((line) => {
      const [, what, path = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
      if (!path.startsWith(`${folder.dir}/data`)) return [];
      const isSQLites =
        what === 'make' && /lock|-wal$|-shm$|-journal$/.test(short(path).replace('COPY.part-wal', 'COPY'));
      return isSQLites ? [] : [`${what} ${short(path)}`];
    });
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
  }

  withProc(`as the repair calls it${unlessProc}`, () =>
    isInOrder(
      (notes) => watchedBy(notes),
      (notes) => readFileSync(notes, 'utf8').split('\n'),
    ),
  );

  withStrace(
    `as the system is called${unlessStrace}`,
    () => {
      // Slow enough for a rename to come before it, if it were let.
      const slow = ['-e', 'inject=fsync:delay_enter=20000'];
      const calls = 'trace=openat,fsync,fdatasync,link,linkat,rename,renameat,renameat2,unlink';
      return isInOrder(
        (notes) => ['strace', '-f', '-y', '-s', '300', '-o', notes, '-e', calls, ...slow],
        (notes) => told(readFileSync(notes, 'utf8')),
      );
    },
    60_000,
  );
});

/** The calls of a trace that make, sync and name something. */
function told(trace: string): string[] {
  const begun = new Map<string, string>();
  return trace.split('\n').flatMap((line) => {
    const [thread = ''] = line.split(' ');
    // It counts when it is done, not when it is begun on another thread.
    if (/sync resumed>/.test(line)) return [`sync ${begun.get(thread) ?? '?'}`];
    const synced = /\bf(?:data)?sync\(\d+<([^>]+)>/.exec(line)?.[1];
    if (synced !== undefined && !line.includes('unfinished')) return [`sync ${synced}`];
    if (synced !== undefined) begun.set(thread, synced);
    const named = /\b(?:link|rename)\w*\(.*"([^"]+)"/.exec(line)?.[1];
    if (named !== undefined) return [`name ${named}`];
    const made = /\bopenat\(.*"([^"]+)", .*O_CREAT.*\) = \d/.exec(line)?.[1];
    return made === undefined ? [] : [`make ${made}`];
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

  withProc(`of the sync after COMMIT decides nothing either${unlessProc}`, async () => {
    const { end } = await failingAt('jellyfin.db', 1);
    expect(end).toMatchObject({ outcome: 'done', changed: true, after: { failedSignIns: 0 } });
  });

  withProc(`in making the copy leaves the account as it was, and nothing behind${unlessProc}`, async () => {
    const before = bytesOf(folder.db);
    const { end } = await failingAt('Z.part', 1);
    expect(end).toMatchObject({ outcome: 'refused', code: 'copyFailed', step: 'copy', changed: false });
    expect(bytesOf(folder.db)).toBe(before);
    expect(filesIn(folder).filter((name) => name.includes('copy'))).toEqual([]);
  });

  withProc(`in writing down what is going to be done: the account is as it was${unlessProc}`, async () => {
    const before = dump(folder.db);
    const { end } = await failingAt('jellyfin.db.latchkey.json.part', 1);
    expect(end).toMatchObject({ outcome: 'failed', code: 'recordFailed', step: 'record', changed: false });
    expect(dump(folder.db)).toEqual(before);
  });

  withProc(`in writing down that it was done: it is told that it was${unlessProc}`, async () => {
    // Begun, stopped, where the copy is, that it is whole, the values from before, what is going to be changed.
    const { end } = await failingAt('jellyfin.db.latchkey.json.part', 7);
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
});
