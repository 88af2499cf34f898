import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  createServerLocation,
  type LocationGiven,
  type ServerPaths,
  usualPaths,
} from '../../src/server/server-location.js';
import type { LocationFinding } from '../../src/services/rescue/ladder/ports.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const newFolder = temporaryFolders();
const look = (given: LocationGiven) => createServerLocation({ usual: [], ...given }).look();

function server(serverDir = newFolder(), logDir = join(serverDir, 'log')): ServerPaths {
  const db = join(serverDir, 'data', 'jellyfin.db');
  mkdirSync(dirname(db), { recursive: true });
  mkdirSync(logDir, { recursive: true });
  writeFileSync(db, 'never opened');
  return { serverDir, logDir, db };
}

describe('a folder that is given', () => {
  test('is looked at, and nowhere else', async () => {
    const { serverDir, logDir, db } = server();
    expect(await look({ serverDir, usual: [server()] })).toMatchObject({
      ...{ serverDir, logDir, db, guessed: false, others: [] },
      ...{ folderReadable: true, dbFound: true, dbOurs: true, dbWritable: true, commands: undefined },
    });
  });

  test('may be known by its database', async () => {
    const { serverDir, logDir, db } = server();
    expect(await look({ db })).toMatchObject({ serverDir, logDir, db, guessed: false });
  });

  test("may hold linuxserver's server folder", async () => {
    const config = newFolder();
    const { serverDir, logDir, db } = server(join(config, 'data'), join(config, 'log'));
    expect(await look({ serverDir: config })).toMatchObject({ serverDir, logDir, db, dbFound: true });
  });

  test('without a database says so', async () => {
    const serverDir = newFolder();
    expect(await look({ serverDir })).toMatchObject({ serverDir, folderReadable: true, dbFound: false, dbOurs: false });
    expect(await look({ serverDir: join(serverDir, 'nowhere') })).toMatchObject({ folderReadable: false });
  });

  test('reached by a link is the same', async () => {
    const link = join(newFolder(), 'link');
    symlinkSync(server().serverDir, link);
    expect(await look({ serverDir: link })).toMatchObject({ serverDir: link, dbFound: true, dbWritable: true });
  });
});

describe('the usual places', () => {
  test('are looked in, and what is found is called a guess', async () => {
    const places = [server(), server()] as const;
    const nowhere = { serverDir: '/nowhere', logDir: '/nowhere/log', db: '/nowhere/data/jellyfin.db' };
    expect(await look({ usual: [nowhere, ...places] })).toMatchObject({
      ...places[0],
      guessed: true,
      others: [places[1].serverDir],
    });
  });

  test('may hold nothing', async () => {
    expect(await look({})).toMatchObject({ serverDir: undefined, db: undefined, dbFound: false, guessed: false });
  });

  test('are those of the packages and images', () => {
    const on = (platform: NodeJS.Platform, env = {}) => usualPaths(env, platform).map(({ db }) => db);
    expect(on('linux').slice(0, 3)).toEqual([
      '/var/lib/jellyfin/data/jellyfin.db',
      '/config/data/jellyfin.db',
      '/config/data/data/jellyfin.db',
    ]);
    expect(usualPaths({}, 'linux')[0]?.logDir).toBe('/var/log/jellyfin');
    expect(on('win32', { ProgramData: 'D:\\Data' })[0]).toContain('D:\\Data');
    expect(on('darwin')[0]).toContain('Application Support');
  });
});

test('the server can be stopped by us only when it can be started again, too', async () => {
  const { serverDir } = server();
  const command = ['systemctl'];
  expect(await look({ serverDir, stopCommand: command })).toMatchObject({ commands: undefined });
  const quoted = ['sh', '-c', "rm it's", '/a b'];
  expect(await look({ serverDir, stopCommand: command, startCommand: quoted })).toMatchObject({
    commands: { stop: 'systemctl', start: `sh -c 'rm it'\\''s' '/a b'` },
  });
});

test("a file of root's is root's", async () => {
  const { serverDir, db } = server();
  chmodSync(db, 0o600);
  const owner = process.getuid?.() === 0 ? 'root' : expect.any(String);
  expect(await look({ serverDir })).toMatchObject({ dbOwner: owner, dbOurs: true });
});

/** Root sees and may everything, and can be somebody else; who is not root is somebody else already. */
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

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
      console.log(JSON.stringify(await createServerLocation({ usual: ${JSON.stringify(places)} }).look()));`,
  );
  const [line = ''] = await program.lines(1);
  await program.exited;
  return JSON.parse(line) as LocationFinding;
}
