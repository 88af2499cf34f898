import type { FileAccount } from '../../services/rescue/ladder/repair-port.js';
import { findAccount, nameIsUnique, type AccountWanted } from './find-account.js';
import { withCopy } from './open-copy.js';
import { RepairRefusal } from './repair-refusal.js';
import { assertShape } from './shape.js';
import { lookAtLog } from './write-ahead-log.js';

/**
 * Sees that the copy is a whole Jellyfin database; says whether what lies beside it as its log is one. Reads every page;
 * memory does not grow with the file. Throws RepairRefusal `notJellyfinDatabase` or `corrupt`.
 */
export function checkCopy(path: string): 'log' | 'noLog' | 'notALog' {
  const log = lookAtLog(`${path}-wal`);
  withCopy(path, (db) => {
    // Every page is read once: to remember the last 16 MB of them, as is the custom, costs a fifth more time.
    db.pragma('cache_size = 64');
    assertShape(db);
    const [first] = db.prepare<[], string>('PRAGMA quick_check(1)').pluck().all();
    if (first !== 'ok') throw new RepairRefusal('corrupt', { why: first ?? '' });
  });
  return log;
}

export interface FoundInCopy {
  readonly account: FileAccount;
  /** Whether its name means it however it is spelled. */
  readonly alone: boolean;
}

/** The account in the copy. Throws RepairRefusal as `findAccount` does. */
export function findInCopy(path: string, wanted: AccountWanted): FoundInCopy {
  return withCopy(path, (db) => {
    const account = findAccount(db, wanted);
    return { account, alone: nameIsUnique(db, account) };
  });
}
