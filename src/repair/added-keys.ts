import { statSync } from 'node:fs';
import { digestOf } from '../db/jellyfin-db/index.js';
import { finishedRecords, readRecord } from './record.js';

/** Whether a repair that ended since then has put another key than this one into the file; false where nobody can tell. */
export function addedOtherKey(db: string, sinceMs: number, key: string): boolean {
  try {
    return finishedRecords(db)
      .filter((file) => statSync(file).mtimeMs >= sinceMs)
      .some((file) => {
        const digest = readRecord(file)?.keyDigest;
        return digest !== undefined && digest !== digestOf(key);
      });
  } catch {
    return false;
  }
}
