import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ChildProgram } from './support/child-program.js';
import { temporaryFolders } from './support/temporary-folder.js';
import { syncFile, syncFolder } from '../src/sync-folder.js';

describe('files and folders are synced', () => {
  const temporaryFolder = temporaryFolders();

  // What lies in /proc knows no sync, as a folder on Windows does not: it is refused with EINVAL.
  const hasProc = existsSync('/proc/self/fd');
  const withProc = hasProc ? test : test.skip;
  const unlessProc = hasProc ? '' : ' (skipped: there is no /proc here)';

  withProc(
    `a folder is synced, a file with its folder, and a file whose folder knows no sync${unlessProc}`,
    async () => {
      const place = temporaryFolder();
      const file = join(place, 'jellyfin.db');
      writeFileSync(file, '');
      const program = ChildProgram.start(
        ['sync-folder.ts'],
        (url) => `
        import fs from 'node:fs';
        import { syncBuiltinESMExports } from 'node:module';
        const sync = fs.fsyncSync;
        fs.fsyncSync = (descriptor) => {
          sync(descriptor);
          console.log(fs.readlinkSync('/proc/self/fd/' + descriptor));
        };
        syncBuiltinESMExports();
        const { syncFile, syncFolder } = await import('${url('sync-folder.ts')}');
        const named = '/proc/self/fd/' + fs.openSync('${file}', 'r');
        const open = () => fs.readdirSync('/proc/self/fd').length;
        syncFolder('${place}');
        const before = open();
        syncFile('${file}');
        syncFile(named);
        console.log(open() - before);`,
      );
      await program.exited;
      // Nothing stays open.
      expect(program.printed).toEqual([place, file, place, file, '0']);
    },
  );

  test('a folder that is not there is no folder that knows no sync', () => {
    expect(() => syncFolder(join(temporaryFolder(), 'gone'))).toThrow('ENOENT');
  });

  (hasProc ? describe : describe.skip)('where folders know no sync', () => {
    test('that is no error', () => {
      expect(() => syncFolder('/proc/self')).not.toThrow();
    });

    test('a file that knows none either is an error', () => {
      expect(() => syncFile('/proc/self/comm')).toThrow('EINVAL');
    });
  });
});
