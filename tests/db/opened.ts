import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { openStores, type Stores } from '../../src/db/stores.js';
import { temporaryFolders } from '../support/temporary-folder.js';

export const message = { channelId: '1', messageId: '2' };
export const other = { channelId: '3', messageId: '4' };

export const idsOf = (rows: readonly { readonly id: number }[]): number[] => rows.map(({ id }) => id);

/** The stores of a new database for each test of the file that asked for them. */
export function opened(): Stores {
  const newFolder = temporaryFolders();
  const quiet = { info: () => undefined, warn: () => undefined };
  const stores = {} as Stores;
  beforeEach(() => {
    Object.assign(
      stores,
      openStores(join(newFolder(), 'latchkey.db'), quiet, () => 10_000),
    );
    // Nothing here outlives a power cut.
    stores.db.pragma('synchronous = OFF');
  });
  afterEach(() => void stores.db.close());
  return stores;
}
