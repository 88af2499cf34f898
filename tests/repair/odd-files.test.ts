import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { RescueSentences } from '../../src/commands/rescue/rescue-sentences.js';
import { createWords } from '../../src/words.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { ends, repair, type Ran } from './run-repair.js';
import {
  bytesOf,
  change,
  crashed,
  dump,
  filesIn,
  fromLoopback,
  halfWritten,
  runningSample,
  samplesAreThere,
  serverFolder,
  withSamples,
  type ServerFolder,
} from './server-folder.js';

const newFolder = temporaryFolders();
const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
const mounting = canMount ? test : test.skip;
const unlessMounting = canMount ? '' : ' (skipped: mounting is not allowed here)';
const ofSamples = samplesAreThere ? test : test.skip;

let folder: ServerFolder;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
});

async function refusedAsItWas(code: string): Promise<Ran> {
  const files = filesIn(folder);
  const bytes = files.map((name) => bytesOf(join(folder.dir, 'data', name)));
  const ran = await repair(folder);
  expect(ran.end).toMatchObject({ outcome: 'refused', code, changed: false });
  expect(filesIn(folder)).toEqual(files);
  expect(files.map((name) => bytesOf(join(folder.dir, 'data', name)))).toEqual(bytes);
  return ran;
}

describe('what a killed server leaves', () => {
  test('a log that alone holds the lock: it is copied with the file', async () => {
    const open = dump(folder.db);
    crashed(folder, (db) => {
      db.exec('UPDATE Users SET InvalidLoginAttemptCount = 7');
      db.exec('UPDATE Permissions SET Value = 1 WHERE Kind = 2');
    });
    expect(filesIn(folder)).toEqual(['jellyfin.db', 'jellyfin.db-wal']);
    const locked = { failedSignIns: 7, isDisabled: true };
    const ran = await repair(folder);
    expect(ran.end).toMatchObject({ outcome: 'done', before: locked, after: { failedSignIns: 0, isDisabled: false } });
    expect(ends(ran)).toContain('check done');
    // Everything is in the one file, and the copy is the pair as it was.
    const copy = ran.end.copy ?? '';
    expect(filesIn(folder).filter((name) => !name.includes('latchkey'))).toEqual(['jellyfin.db']);
    expect(existsSync(`${copy}-wal`)).toBe(true);
    expect(dump(copy)['Users']?.join()).toContain('"InvalidLoginAttemptCount":7');
    expect(dump(folder.db)['ActivityLogs']).toEqual(open['ActivityLogs']);
  });

  test('half a change, with its rollback journal: Jellyfin is named as what puts it in order', async () => {
    halfWritten(folder);
    const before = bytesOf(folder.db);
    const { end } = await repair(folder);
    expect(end).toMatchObject({ outcome: 'refused', code: 'halfWritten', changed: false });
    expect(bytesOf(folder.db)).toEqual(before);
    // What Jellyfin does when it is started.
    new Database(folder.db).exec('UPDATE ActivityLogs SET Name = Name').close();
    expect((await repair(folder)).end).toMatchObject({ outcome: 'done', before: { failedSignIns: 3 } });
  });

  ofSamples(`the same of a real server, copied while it ran${withSamples}`, async () => {
    folder = runningSample(newFolder());
    const ran = await repair(folder);
    expect(ran.end).toMatchObject({ outcome: 'done', before: { isDisabled: true }, after: { isDisabled: false } });
    expect(filesIn(folder).filter((name) => !name.includes('latchkey'))).toEqual(['jellyfin.db']);
  });

  test('shared memory that is stale, with no log: it is gone afterwards', async () => {
    crashed(folder, (db) => db.exec('UPDATE Users SET InvalidLoginAttemptCount = 7'), ['', '-shm']);
    expect(filesIn(folder)).toEqual(['jellyfin.db', 'jellyfin.db-shm']);
    const ran = await repair(folder);
    expect(ran.end).toMatchObject({ outcome: 'done', before: { failedSignIns: 3 }, after: { failedSignIns: 0 } });
    expect(ends(ran)).toContain('compare done');
    expect(filesIn(folder).filter((name) => !name.includes('latchkey'))).toEqual(['jellyfin.db']);
  });

  test('shared memory that stays, as SQLite has no use for it: it is named', async () => {
    change(folder.db, (db) => db.pragma('journal_mode = DELETE'));
    writeFileSync(`${folder.db}-shm`, '');
    const { lines } = await repair(folder);
    const compare = lines.find(({ step }) => step === 'compare');
    expect(compare).toMatchObject({ outcome: 'nothing', params: { files: `${folder.db}-shm` } });
    const sentences = new RescueSentences(createWords('en').in('en'), (words) => words);
    expect(sentences.step({ rung: 'db', name: 'compare', outcome: 'nothing', params: compare?.params })).toContain(
      `${folder.db}-shm`,
    );
  });

  test('a log and a damaged page: not a byte of either is changed', async () => {
    crashed(folder, (db) => db.exec('UPDATE Users SET InvalidLoginAttemptCount = 7'));
    damage(folder.db, 'ActivityLogs');
    const { end } = await refusedAsItWas('corrupt');
    expect(end.params?.['why']).toBeTruthy();
  });

  test('a log of random bytes, which SQLite drops: the copy keeps it, and it is said', async () => {
    const noise = randomBytes(5000);
    writeFileSync(`${folder.db}-wal`, noise);
    const ran = await repair(folder);
    expect(ran.end).toMatchObject({ outcome: 'done', before: { failedSignIns: 3 } });
    const kept = `${ran.end.copy}-wal`;
    expect(ran.lines).toContainEqual({ kind: 'step', step: 'check', outcome: 'nothing', params: { file: kept } });
    expect(readFileSync(kept).equals(noise)).toBe(true);
  });

  test('a log that is empty is none', async () => {
    writeFileSync(`${folder.db}-wal`, '');
    expect(ends(await repair(folder))).toContain('check done');
  });
});

describe('it does not write into', () => {
  test('a damaged file', async () => {
    damage(folder.db, 'ActivityLogs');
    await refusedAsItWas('corrupt');
  });

  test('half a file', async () => {
    const bytes = readFileSync(folder.db);
    writeFileSync(folder.db, bytes.subarray(0, bytes.length / 2));
    await refusedAsItWas('corrupt');
  });

  test('something that is no database, or an empty one', async () => {
    writeFileSync(folder.db, randomBytes(10_000));
    await refusedAsItWas('notJellyfinDatabase');
    writeFileSync(folder.db, '');
    await refusedAsItWas('notJellyfinDatabase');
  });

  test('a database of something else, or of a Jellyfin before 10.10', async () => {
    folder = serverFolder(newFolder());
    change(folder.db, (db) => db.exec('CREATE TABLE Users (Id TEXT, Username TEXT)'));
    expect((await refusedAsItWas('notJellyfinDatabase')).end.params).toEqual({ missing: 'Users.Password' });
  });

  mounting(`a file for whose copy there is no room, and says how much it needs${unlessMounting}`, async () => {
    const data = join(folder.dir, 'data');
    renameSync(folder.db, join(folder.dir, 'elsewhere.db'));
    const script = 'mount -t tmpfs -o size=4m none "$0" && cp "$0/../elsewhere.db" "$0/jellyfin.db" && exec "$@"';
    const { end } = await repair(folder, {}, { within: ['unshare', '-m', 'sh', '-c', script, data] });
    expect(end).toMatchObject({ outcome: 'refused', code: 'noRoom', params: { folder: data, needed: 5, free: 4 } });
  });
});

/** Overwrites the page where a table begins. */
function damage(file: string, table: string): void {
  const db = new Database(file);
  const page =
    db.prepare<[string], number>('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table) ?? 2;
  const size = Number(db.pragma('page_size', { simple: true }));
  db.close();
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, randomBytes(size), 0, size, (page - 1) * size);
  closeSync(descriptor);
}
