import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { syncFile } from '../src/db/jellyfin-db/apply-and-verify.js';
import { syncFolder } from '../src/sync-folder.js';
import { temporaryFolders } from './support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

// What lies in /proc knows no sync, as a folder on Windows does not: it is refused with EINVAL.
const hasProc = existsSync('/proc/self/fd');

test('a folder is synced', () => {
  syncFolder(temporaryFolder());
});

test('a folder that is not there is no folder that knows no sync', () => {
  expect(() => syncFolder(join(temporaryFolder(), 'gone'))).toThrow('ENOENT');
});

(hasProc ? describe : describe.skip)('where folders know no sync', () => {
  test('none is asked for', () => {
    syncFolder('/proc/self');
  });

  test('a file in it is synced all the same', () => {
    const file = openSync(join(temporaryFolder(), 'jellyfin.db'), 'w');
    try {
      syncFile(`/proc/self/fd/${file}`);
    } finally {
      closeSync(file);
    }
  });

  test('a file that knows none either is an error', () => {
    expect(() => syncFile('/proc/self/comm')).toThrow('EINVAL');
  });
});
