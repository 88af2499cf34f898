import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { openStores, type Stores } from '../../src/db/stores.js';
import { temporaryFolders } from '../support/temporary-folder.js';

export const message = { channelId: '1', messageId: '2' };
export const other = { channelId: '3', messageId: '4' };

export const idsOf = (rows: readonly { readonly id: number }[]): number[] => rows.map(({ id }) => id);

/** Making the tables takes longer than most of the tests that need them: it is done once, and tested by itself. */
let empty: Buffer | undefined;

/** The stores of a new database for each test of the file that asked for them. */
export function opened(): Stores {
  const newFolder = temporaryFolders();
  const quiet = { info: () => undefined, warn: () => undefined };
  const stores = {} as Stores;
  beforeEach(() => {
    const path = join(newFolder(), 'latchkey.db');
    const now = () => 10_000;
    if (!empty) {
      openStores(path, quiet, now).db.close();
      empty = readFileSync(path);
    } else writeFileSync(path, empty, { mode: 0o600 });
    Object.assign(stores, openStores(path, quiet, now));
    // Nothing here outlives a power cut.
    stores.db.pragma('synchronous = OFF');
  });
  afterEach(() => void stores.db.close());
  return stores;
}
