import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { configFolders, howToStop, packages, serverPaths, type ServerPaths } from '../../src/server/packages.js';
import { serverDirTrouble, type ServerDirTrouble } from '../../src/server/server-dir.js';
import { createServerLocation, type LocationGiven } from '../../src/server/server-location.js';
import type { LocationFinding } from '../../src/services/rescue/ladder/ports.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { isRootAmongOthers } from '../support/other-users.js';

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
      closed: undefined,
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

  test('holds a server of its own, whatever is in a folder of that name in it', async () => {
    const { serverDir, db } = server();
    server(join(serverDir, 'data'), join(serverDir, 'log'));
    expect(await look({ serverDir })).toMatchObject({ serverDir, db });
  });

  test('has its logs within it or beside it, and no other server’s', async () => {
    const home = newFolder();
    vi.stubEnv('HOME', home);
    mkdirSync(join(home, '.local', 'share', 'jellyfin', 'log'), { recursive: true });
    const serverDir = join(newFolder(), 'data');
    mkdirSync(serverDir);
    const found = async () => (await look({ serverDir })).logDir;
    expect(await found()).toBeUndefined();
    mkdirSync(join(dirname(serverDir), 'log'));
    expect(await found()).toBe(join(dirname(serverDir), 'log'));
    mkdirSync(join(serverDir, 'log'));
    expect(await found()).toBe(join(serverDir, 'log'));
    vi.unstubAllEnvs();
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

describe('the folder that the settings name', () => {
  const trouble = (given: Partial<Parameters<typeof serverDirTrouble>[0]>) =>
    serverDirTrouble({ serverDir: undefined, db: undefined, ...given });

  test('is of use where its database is, or its configuration names another', () => {
    const { serverDir, db } = server();
    expect(trouble({ serverDir })).toBeUndefined();
    rmSync(db);
    expect(trouble({ serverDir })).toMatchObject({ kind: 'other', folder: serverDir, db });
    movesDatabase(serverDir);
    expect(trouble({ serverDir })).toBeUndefined();
  });

  test('is of none where it is not there, and none is given where none is', () => {
    expect(trouble({ serverDir: '/nowhere' })).toMatchObject({ kind: 'missing', folder: '/nowhere' });
    expect(trouble({})).toBe('not given');
    expect(trouble({ db: server().db })).toBeUndefined();
  });
});

/** As who keeps the database elsewhere. */
function movesDatabase(serverDir: string): void {
  mkdirSync(join(serverDir, 'config'));
  const option = '<CustomDatabaseOption><Key>path</Key><Value>/srv/other.db</Value></CustomDatabaseOption>';
  const options = `<CustomProviderOptions><Options>${option}</Options></CustomProviderOptions>`;
  writeFileSync(
    join(serverDir, 'config', 'database.xml'),
    `<DatabaseConfigurationOptions>${options}</DatabaseConfigurationOptions>`,
  );
}

describe('the usual places', () => {
  test('hold a server whose database is elsewhere, and none where nobody can read what its configuration says', async () => {
    const [moved, unreadable] = [server(), server()];
    for (const { serverDir, db } of [moved, unreadable]) {
      rmSync(db);
      movesDatabase(serverDir);
    }
    const file = join(unreadable.serverDir, 'config', 'database.xml');
    rmSync(file);
    symlinkSync('/dev/zero', file);
    expect(await look({ usual: [unreadable] })).toMatchObject({ serverDir: undefined, guessed: false });
    expect(await look({ usual: [moved] })).toMatchObject({ serverDir: moved.serverDir, guessed: true });
  });

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

  test('are named where none of them holds anything, and one folder by two names counts once', async () => {
    const place = server();
    const link = join(newFolder(), 'link');
    symlinkSync(place.serverDir, link);
    const other = { ...place, serverDir: link };
    expect(await look({ usual: [place, other] })).toMatchObject({
      serverDir: place.serverDir,
      others: [],
      lookedIn: [],
    });
    const nowhere = { serverDir: '/nowhere', logDir: '/nowhere/log', db: '/nowhere/data/jellyfin.db' };
    expect(await look({ usual: [nowhere] })).toMatchObject({ serverDir: undefined, lookedIn: ['/nowhere'] });
  });

  const on = (platform: NodeJS.Platform, env = {}) => packages(env, platform).map(({ db }) => db);

  test('are those of the packages and images', () => {
    expect(on('linux')).toEqual(
      expect.arrayContaining([
        '/var/lib/jellyfin/data/jellyfin.db',
        '/config/data/jellyfin.db',
        '/config/data/data/jellyfin.db',
        '/var/packages/jellyfin/var/data/data/jellyfin.db',
        '/mnt/.ix-apps/app_mounts/jellyfin/config/data/jellyfin.db',
        expect.stringContaining('.var/app/org.jellyfin.JellyfinServer/data/jellyfin/data/jellyfin.db'),
      ]),
    );
    expect(packages({}, 'linux')[0]).toMatchObject({ logDir: '/var/log/jellyfin', configDir: '/etc/jellyfin' });
    expect(on('win32', { ProgramData: 'D:\\Data', LOCALAPPDATA: 'D:\\Local' })).toEqual([
      expect.stringContaining('D:\\Data'),
      expect.stringContaining('D:\\Local'),
    ]);
    expect(on('darwin')[0]).toContain('Application Support');
  });

  test('each has a source that everybody can read, and stands in the guide', () => {
    const guide = readFileSync(join(process.cwd(), 'docs', 'rescue.md'), 'utf8');
    const all = (['linux', 'win32', 'darwin'] as const).flatMap((platform) => packages({}, platform));
    for (const { name, source, serverDir } of all) {
      expect([name, source]).toEqual([name, expect.stringMatching(/^https:\/\//)]);
      const shown = serverDir.replace(homedir(), '~').replaceAll('/Jellyfin/Server', '\\Jellyfin\\Server');
      expect([name, guide.includes(`\`${shown}\``)]).toEqual([name, true]);
    }
  });

  test.each([
    ['Debian', '/var/lib/jellyfin', '/etc/jellyfin'],
    ['the official image', '/config', '/config/config'],
    ['linuxserver', '/config/data', '/config'],
    ['Synology', '/volume1/@appdata/jellyfin/data', '/volume1/@appdata/jellyfin/config'],
    [
      'Flatpak',
      join(homedir(), '.var/app/org.jellyfin.JellyfinServer/data/jellyfin'),
      join(homedir(), '.var/app/org.jellyfin.JellyfinServer/config/jellyfin'),
    ],
  ])('its configuration is looked for where %s has it', (_, serverDir, configDir) => {
    expect(configFolders(serverDir)).toContain(configDir);
  });
});

test('the server can be stopped by us only when it can be started again, too', async () => {
  const { serverDir } = server();
  const command = ['systemctl'];
  expect(await look({ serverDir, stopCommand: command })).toMatchObject({ commands: undefined });
  expect(await look({ serverDir, startCommand: command })).toMatchObject({ commands: undefined });
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
const isRoot = isRootAmongOthers;
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
    chmodSync(db, 0o644);
    chownSync(dirname(db), nobody, nobody);
    // Root's are everybody's.
    const theirs = server();
    chownSync(theirs.db, nobody, nobody);
    expect(await look({ serverDir: theirs.serverDir })).toMatchObject({ dbOurs: true, dbOwner: 'nobody' });
    expect(await findingsOfNobody([serverDir])).toMatchObject([
      { folderReadable: true, dbFound: true, dbOurs: false, dbWritable: false, dbOwner: 'root' },
    ]);
    // Their own file in a folder that they may not write, and one that they may write in a folder that they may.
    const [own, all] = [server(), server()];
    for (const each of [own, all].flatMap((each) => [each.serverDir, dirname(each.db)])) chmodSync(each, 0o755);
    for (const each of [own.db, all.db, dirname(all.db)]) chownSync(each, nobody, nobody);
    chmodSync(serverDir, 0o700);
    expect(await findingsOfNobody([serverDir, own.serverDir, all.serverDir])).toMatchObject([
      { serverDir, guessed: true, folderReadable: false, trouble: { kind: 'closed', owner: 'root', me: 'nobody' } },
      { dbOurs: true, dbWritable: false },
      { dbOurs: true, dbWritable: true },
    ]);
  },
);

async function findingsOfNobody(folders: readonly string[]) {
  const places = folders.map((folder) => serverPaths(folder));
  const program = ChildProgram.start(
    ['server/server-location.ts', 'server/server-dir.ts'],
    (url) => `
      const { createServerLocation } = await import('${url('server/server-location.ts')}');
      const { serverDirTrouble } = await import('${url('server/server-dir.ts')}');
      process.setuid(${nobody});
      for (const place of ${JSON.stringify(places)}) {
        const trouble = serverDirTrouble({ serverDir: place.serverDir });
        console.log(JSON.stringify({ ...(await createServerLocation({ usual: [place] }).look()), trouble }));
      }`,
  );
  const lines = await program.lines(folders.length);
  await program.exited;
  return lines.map((line) => JSON.parse(line) as LocationFinding & { trouble?: ServerDirTrouble });
}

describe('how a server is stopped, by where its folder lies', () => {
  const env = { ProgramData: 'C:\\ProgramData', LOCALAPPDATA: 'C:\\Users\\dad\\AppData\\Local' };
  const rows = (['linux', 'win32', 'darwin'] as const).flatMap((platform) =>
    packages(env, platform).map(({ name, serverDir }) => ({ platform, name, serverDir })),
  );
  const said: Readonly<Record<string, ReturnType<typeof howToStop>>> = {
    'Debian, Ubuntu, Fedora, Arch': { command: 'sudo systemctl stop jellyfin' },
    'Docker, official image': { command: 'docker stop jellyfin' },
    'Docker, linuxserver': { command: 'docker stop jellyfin' },
    'Synology, DSM 7': { command: 'sudo synopkg stop jellyfin' },
    'Synology, DSM 6': { command: 'sudo synopkg stop jellyfin' },
    TrueNAS: { command: 'docker stop jellyfin' },
    'Linux, unpacked': { command: 'sudo systemctl stop jellyfin' },
    'started by hand': { by: 'always' },
    Flatpak: { command: 'flatpak kill org.jellyfin.JellyfinServer' },
    'Windows, service or tray': { by: 'tray' },
    'Windows, started by hand': { by: 'always' },
    macOS: { by: 'menuBar' },
  };

  test.each(rows)('$name on $platform', ({ platform, name, serverDir }) => {
    expect(howToStop(serverDir.replaceAll('/Jellyfin', '\\Jellyfin'), platform)).toEqual(said[name]);
  });

  test('on Unraid, with docker compose, and where no folder was found', () => {
    expect(howToStop('/mnt/user/appdata/jellyfin', 'linux')).toEqual({ command: 'docker stop jellyfin' });
    expect(howToStop('/config', 'linux', true)).toEqual({ command: 'docker compose stop jellyfin' });
    expect(howToStop('/var/lib/jellyfin', 'linux', true)).toEqual({ command: 'sudo systemctl stop jellyfin' });
    expect(howToStop(undefined, 'linux')).toEqual({ by: 'always' });
    expect(howToStop(undefined, 'win32')).toEqual({ by: 'tray' });
  });
});
