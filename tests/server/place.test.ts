import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createServerLocation, type LocationGiven } from '../../src/server/server-location.js';
import { usualPlaces, type Place } from '../../src/server/server-location.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const newFolder = temporaryFolders();
const look = (given: LocationGiven) => createServerLocation({ places: [], ...given }).look();

function server(serverDir = newFolder(), logDir = join(serverDir, 'log')): Place {
  const db = join(serverDir, 'data', 'jellyfin.db');
  mkdirSync(dirname(db), { recursive: true });
  mkdirSync(logDir, { recursive: true });
  writeFileSync(db, 'never opened');
  return { serverDir, logDir, db };
}

describe('a folder that is given', () => {
  test('is looked at, and nowhere else', async () => {
    const { serverDir, logDir, db } = server();
    expect(await look({ serverDir, places: [server()] })).toMatchObject({
      ...{ serverDir, logDir, db, guessed: false, others: [] },
      ...{ folderReadable: true, dbFound: true, dbOurs: true, dbWritable: true, canStop: false },
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
    expect(await look({ places: [nowhere, ...places] })).toMatchObject({
      ...places[0],
      guessed: true,
      others: [places[1].serverDir],
    });
  });

  test('may hold nothing', async () => {
    expect(await look({})).toMatchObject({ serverDir: undefined, db: undefined, dbFound: false, guessed: false });
  });

  test('are those of the packages and images', () => {
    const on = (platform: NodeJS.Platform, env = {}) => usualPlaces(env, platform).map(({ db }) => db);
    expect(on('linux').slice(0, 3)).toEqual([
      '/var/lib/jellyfin/data/jellyfin.db',
      '/config/data/jellyfin.db',
      '/config/data/data/jellyfin.db',
    ]);
    expect(usualPlaces({}, 'linux')[0]?.logDir).toBe('/var/log/jellyfin');
    expect(on('win32', { ProgramData: 'D:\\Data' })[0]).toContain('D:\\Data');
    expect(on('darwin')[0]).toContain('Application Support');
  });
});

test('the server can be stopped by us only when it can be started again, too', async () => {
  const { serverDir } = server();
  const command = ['systemctl'];
  expect(await look({ serverDir, stopCommand: command })).toMatchObject({ canStop: false });
  expect(await look({ serverDir, stopCommand: command, startCommand: command })).toMatchObject({ canStop: true });
});

test("a file of root's is root's", async () => {
  const { serverDir, db } = server();
  chmodSync(db, 0o600);
  const owner = process.getuid?.() === 0 ? 'root' : expect.any(String);
  expect(await look({ serverDir })).toMatchObject({ dbOwner: owner, dbOurs: true });
});
