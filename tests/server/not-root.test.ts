import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { LocationFinding } from '../../src/services/rescue/ladder/server-location-port.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const newFolder = temporaryFolders();
/** Root sees and may everything, and can be somebody else; who is not root is somebody else already. */
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

test("other people's open files cannot be seen by who is not root, and that is said", async () => {
  const program = ChildProgram.start(
    ['error-code.ts', 'server/processes.ts'],
    (url) => `
      const { lookAtOpenFiles } = await import('${url('server/processes.ts')}');
      if (${isRoot}) process.setuid(${nobody});
      console.log(JSON.stringify(lookAtOpenFiles({ db: '/nowhere/jellyfin.db' })));`,
  );
  const [line = ''] = await program.lines(1);
  await program.exited;
  expect(JSON.parse(line)).toMatchObject([{ sign: 'openFile', seen: 'unseen' }]);
});

const asRoot = isRoot ? test : test.skip;

asRoot(
  `somebody else's file is not ours, and a folder that is closed to us is found closed${isRoot ? '' : ' (skipped: not root)'}`,
  async () => {
    const serverDir = newFolder();
    const db = join(serverDir, 'data', 'jellyfin.db');
    mkdirSync(dirname(db));
    writeFileSync(db, 'never opened');
    // Whatever this worker's umask is by now.
    for (const folder of [serverDir, dirname(db)]) chmodSync(folder, 0o755);
    expect(await findingOfNobody(serverDir, db)).toMatchObject({
      folderReadable: true,
      dbFound: true,
      dbOurs: false,
      dbWritable: false,
      dbOwner: 'root',
    });
    chmodSync(serverDir, 0o700);
    expect(await findingOfNobody(serverDir, db)).toMatchObject({ serverDir, guessed: true, folderReadable: false });
  },
);

async function findingOfNobody(serverDir: string, db: string): Promise<LocationFinding> {
  const places = [{ serverDir, logDir: join(serverDir, 'log'), db }];
  const program = ChildProgram.start(
    ['server/server-location.ts'],
    (url) => `
      const { createServerLocation } = await import('${url('server/server-location.ts')}');
      process.setuid(${nobody});
      console.log(JSON.stringify(await createServerLocation({ places: ${JSON.stringify(places)} }).look()));`,
  );
  const [line = ''] = await program.lines(1);
  await program.exited;
  return JSON.parse(line) as LocationFinding;
}
