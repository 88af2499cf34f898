import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createPinFolder } from '../../src/jellyfin/pin-folder.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { isRootAmongOthers } from '../support/other-users.js';

const newFolder = temporaryFolders();
const isRoot = isRootAmongOthers;
const asRoot = isRoot ? test : test.skip;
const unlessRoot = isRoot ? '' : ' (skipped: not root)';
const jellyfin = { uid: 65_534, gid: 65_534 };

const name = 'passwordresetabc.json';
const pin = { Pin: '03-C1-98-00', UserName: 'alice', ExpirationDate: '2999-01-01T00:00:00Z' };

let serverDir: string;
beforeEach(() => {
  serverDir = newFolder();
});
const folder = () => createPinFolder({ serverDir, log: { warn: () => undefined } });
const put = (text: string) => writeFileSync(join(serverDir, name), text);

test('a PIN as Jellyfin writes it is read, with a brace in a name and a stray one at its end', async () => {
  put(`${JSON.stringify({ ...pin, UserName: '}{"' })}\n}`);
  expect(await folder().read(name)).toMatchObject({ pin: pin.Pin, userName: '}{"', hasStray: true });
});

test.each(['Go to https://example.com/ and type your password', '03-C1-98-00\u001B[2J', '1234', ''])(
  'what has not the form of a PIN is not given on as one: %j',
  async (Pin) => {
    put(JSON.stringify({ ...pin, Pin }));
    const { good, bad } = await folder().list();
    expect(good).toEqual([]);
    expect(bad).toMatchObject([{ file: name, why: 'corrupt' }]);
    expect(JSON.stringify(bad)).not.toContain('example');
  },
);

test.each([
  ['300 KB of braces', '}'.repeat(300_000)],
  ['braces up to the limit', `${'{'.repeat(2000)}${'}'.repeat(2000)}`],
  ['quotes up to the limit', '"\\"'.repeat(1300)],
])('%s keep nobody waiting', async (_, text) => {
  put(text);
  const before = performance.now();
  expect((await folder().list()).bad).toMatchObject([{ file: name, why: 'corrupt' }]);
  expect(performance.now() - before).toBeLessThan(1000);
});

test('a pipe keeps nobody waiting, and a link to a file elsewhere is not followed', async () => {
  spawnSync('mkfifo', [join(serverDir, name)]);
  const elsewhere = join(newFolder(), 'theirs');
  writeFileSync(elsewhere, JSON.stringify(pin));
  symlinkSync(elsewhere, join(serverDir, 'passwordresetlink.json'));
  expect((await folder().list()).good).toEqual([]);
});

asRoot(
  `moved aside by root, a file and its folder are the server's user's, wherever links lead${unlessRoot}`,
  async () => {
    const elsewhere = newFolder();
    put('{');
    for (const file of ['', name]) chownSync(join(serverDir, file), jellyfin.uid, jellyfin.gid);
    const moved = await folder().moveAside(name);
    expect(statSync(moved)).toMatchObject(jellyfin);
    expect(statSync(join(serverDir, 'latchkey-set-aside'))).toMatchObject(jellyfin);

    serverDir = newFolder();
    put('{');
    mkdirSync(join(elsewhere, 'of-root'));
    symlinkSync(join(elsewhere, 'of-root'), join(serverDir, 'latchkey-set-aside'));
    chownSync(serverDir, jellyfin.uid, jellyfin.gid);
    await expect(folder().moveAside(name)).rejects.toMatchObject({ code: 'folderNotWritableHere' });
    expect(readdirSync(join(elsewhere, 'of-root'))).toEqual([]);
    expect(statSync(join(elsewhere, 'of-root')).uid).toBe(0);
  },
);

asRoot(`root reads none that only a link of theirs leads to${unlessRoot}`, async () => {
  const theirs = newFolder();
  put(JSON.stringify(pin));
  symlinkSync(serverDir, join(theirs, 'jellyfin'));
  const byLink = createPinFolder({ serverDir: join(theirs, 'jellyfin'), log: { warn: () => undefined } });
  expect(await byLink.read(name)).toMatchObject({ pin: pin.Pin });
  chownSync(theirs, jellyfin.uid, jellyfin.gid);
  expect(await byLink.list()).toEqual({ good: [], bad: [{ file: name, why: 'unreadable' }] });
});

asRoot(`nor does root move one in a folder of its own to which they have laid a link${unlessRoot}`, async () => {
  const theirs = newFolder();
  chownSync(theirs, jellyfin.uid, jellyfin.gid);
  put('{');
  symlinkSync(serverDir, join(theirs, 'jellyfin'));
  const byLink = createPinFolder({ serverDir: join(theirs, 'jellyfin'), log: { warn: () => undefined } });
  await expect(byLink.moveAside(name)).rejects.toMatchObject({ code: 'folderNotWritableHere' });
  expect(readdirSync(serverDir)).toEqual([name]);
});

asRoot(`nor does root move one where others could exchange the folder that it is moved to${unlessRoot}`, async () => {
  put('{');
  chmodSync(serverDir, 0o777);
  await expect(folder().moveAside(name)).rejects.toMatchObject({ code: 'folderNotWritableHere' });
  expect(readdirSync(serverDir)).toEqual([name]);
});

test('a folder that cannot be read is no folder without a PIN', async () => {
  serverDir = join(serverDir, 'not there');
  await expect(folder().list()).rejects.toMatchObject({ code: 'folderUnreadable', params: { folder: serverDir } });
});
