import { rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Target } from '../../services/rescue/ladder/repair-port.js';
import { mustBeOrdinary } from '../../small-file.js';
import { assertPlain, assertShape, findAccount, hasOtherAdministrator, nameIsUnique } from './accounts.js';
import { asRepairRefusal, RepairRefusal } from './refusal.js';
import { lookAtLog } from './side-files.js';

/** Reads every page of the copy; returns the state of its write-ahead log. Throws RepairRefusal `notJellyfinDatabase`, `runsAlong` or `corrupt`. */
export function checkCopy(path: string): 'log' | 'noLog' | 'notALog' {
  const log = lookAtLog(`${path}-wal`);
  withCopy(path, (db) => {
    // Every page is read once: the usual cache of 16 MB costs a fifth more time.
    db.pragma('cache_size = 64');
    assertShape(db);
    const [first] = db.prepare<[], string>('PRAGMA quick_check(1)').pluck().all();
    if (first !== 'ok') throw new RepairRefusal('corrupt', { why: first ?? '' });
  });
  return log;
}

/** Finds the account in the copy; `alone`: no other has the same name in another case; `isOnly`: nobody else is an administrator. Throws RepairRefusal as `findAccount` does. */
export function findInCopy(path: string, wanted: Target) {
  return withCopy(path, (db) => {
    const account = findAccount(db, wanted);
    return { account, alone: nameIsUnique(db, account), isOnly: !hasOtherAdministrator(db, account) };
  });
}

/** Reads from the copy: opening the original beside a leftover `-wal` would change it even for a no. Throws RepairRefusal. */
function withCopy<T>(path: string, run: (db: Database.Database) => T): T {
  // A reader that was killed leaves an empty `-wal`.
  const hadLog = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  let db: Database.Database | undefined;
  try {
    // Beside a copy, too, Jellyfin's user may have laid a pipe.
    mustBeOrdinary(path);
    db = new Database(path, { readonly: true, fileMustExist: true });
    assertPlain(db);
    return run(db);
  } catch (error) {
    throw asRepairRefusal(error, 'corrupt');
  } finally {
    db?.close();
    // Scratch files of this reader; the copied file and its log stay.
    rmSync(`${path}-shm`, { force: true });
    if (!hadLog) rmSync(`${path}-wal`, { force: true });
  }
}
