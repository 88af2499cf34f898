import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createPinFolder } from '../../src/jellyfin/pin-folder.js';
import { until } from '../kill/until.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const newFolder = temporaryFolders();
const now = Date.UTC(2026, 10, 30, 12);
let serverDir: string;
const warned: string[] = [];

beforeEach(() => {
  warned.splice(0);
  serverDir = join(newFolder(), 'jellyfin');
  mkdirSync(join(serverDir, 'data'), { recursive: true });
});

const folder = (pollMs?: number) =>
  createPinFolder({ serverDir, log: { warn: (_, text) => void warned.push(text) }, now: () => now, pollMs });
const put = (name: string, content: object | string) =>
  writeFileSync(join(serverDir, name), typeof content === 'string' ? content : JSON.stringify(content));
const good = { Pin: '0A-1B-2C-3D', PinFile: '/x', UserName: 'root', ExpirationDate: '2026-11-30T12:30:00.123Z' };

describe('a PIN file', () => {
  const read = async (content: object | string) => {
    put('passwordresetx.json', content);
    const { writtenAt: _writtenAt, file: _file, ...found } = (await folder().read('passwordresetx.json')) ?? {};
    return found;
  };
  const isGood = { userName: 'root', pin: good.Pin, expiresAt: now + 30 * 60_000 + 123, hasStray: false };

  test('is good until its moment, which is in UTC where it does not say otherwise', async () => {
    expect(await read(good)).toEqual(isGood);
    expect(await read(`\uFEFF${JSON.stringify(good)}\n`)).toEqual(isGood);
    const { TZ } = process.env;
    try {
      // Wherever the bot's own machine stands.
      process.env.TZ = 'America/New_York';
      expect(await read({ ...good, ExpirationDate: '2026-11-30T12:30:00.123' })).toEqual(isGood);
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
    expect(await read({ ...good, ExpirationDate: '2026-11-30T14:30:00.123+02:00' })).toEqual(isGood);
    const over = { ...good, ExpirationDate: '2026-11-30T12:00:00Z' };
    expect(await read(over)).toEqual({ why: 'expired', expiresAt: now });
    expect(await read({ ...good, ExpirationDate: undefined })).toEqual({ why: 'expired' });
  });

  test('with something after its end breaks redeeming; one that has expired does so, too', async () => {
    const long = `${JSON.stringify(good)}}`;
    expect(await read(long)).toEqual({ ...isGood, hasStray: true });
    expect(await read(long.replace('T12:30', 'T11:30'))).toEqual({ why: 'corrupt' });
  });

  test.each<[string, object | string]>([
    ['no PIN', { ...good, Pin: undefined }],
    ['a PIN of another form', { ...good, Pin: 'type your password at http://x' }],
    ['nobody’s name', { ...good, UserName: '' }],
    ['no moment', { ...good, ExpirationDate: 'soon' }],
    ['a number for a name', { ...good, UserName: 7 }],
    ['half of an object', '{"Pin":"0A'],
    ['no object', 'hello'],
    ['braces alone', '}{'],
    ['more than a PIN file ever has', ' '.repeat(5000)],
  ])('with %s is none', async (_, content) => {
    expect(await read(content)).toEqual({ why: 'corrupt' });
  });
});

test('only what Jellyfin reads when a PIN is redeemed counts, whatever its ending', async () => {
  for (const name of ['passwordreset1.json', 'passwordreset2', 'passwordreset3.json.bak', 'notes.json'])
    put(name, good);
  put('passwordreset4.json', 'x');
  const { good: found, bad } = await folder().list();
  expect(found.map(({ file }) => file).sort()).toEqual([
    'passwordreset1.json',
    'passwordreset2',
    'passwordreset3.json.bak',
  ]);
  expect(bad.map(({ file }) => file)).toEqual(['passwordreset4.json']);
  expect(await folder().read('notes.json')).toBeUndefined();
  expect(await folder().read('../jellyfin/passwordreset1.json')).toBeUndefined();
});

test('a file that is gone is none; while the folder is away nobody can tell, and a folder of that name is none', async () => {
  put('passwordreset1.json', good);
  mkdirSync(join(serverDir, 'passwordreset-folder'));
  expect(await folder().read('passwordreset-folder')).toBeUndefined();
  expect(await folder().read('passwordreset2.json')).toBeUndefined();
  renameSync(serverDir, `${serverDir}-elsewhere`);
  // As the mount point of a share that is away.
  mkdirSync(serverDir);
  expect(await folder().read('passwordreset1.json')).toEqual({ file: 'passwordreset1.json', why: 'unreadable' });
  rmSync(serverDir, { recursive: true });
  await expect(folder().list()).rejects.toMatchObject({ code: 'folderUnreadable', params: { folder: serverDir } });
});

test('a file that breaks redeeming is moved into a folder of its own, and nowhere else', async () => {
  for (const name of ['passwordreset1.json', 'passwordreset2.json', 'passwordreset3.json']) put(name, 'x');
  const moved = await folder().moveAside('passwordreset1.json');
  const aside = join(serverDir, 'latchkey-set-aside');
  expect(moved).toBe(join(aside, '2026-11-30T12-00-00-000Z-passwordreset1.json'));
  await folder().moveAside('passwordreset2.json');
  expect([readdirSync(aside).length, existsSync(join(serverDir, 'passwordreset1.json'))]).toEqual([2, false]);
  rmSync(aside, { recursive: true });
  for (const stand of [() => symlinkSync(newFolder(), aside), () => writeFileSync(aside, '')]) {
    stand();
    await expect(folder().moveAside('passwordreset3.json')).rejects.toMatchObject({ code: 'folderNotWritableHere' });
    expect(existsSync(join(serverDir, 'passwordreset3.json'))).toBe(true);
    rmSync(aside);
  }
});

test('a folder that is watched tells what is there, appears, changes and goes, and nothing while it is away', async () => {
  put('passwordreset1.json', good);
  symlinkSync('/nowhere', join(serverDir, 'passwordreset-link'));
  // In one go, as no look sees it half written then.
  const lay = (name: string, content: object | string) => {
    put('being-written', content);
    renameSync(join(serverDir, 'being-written'), join(serverDir, name));
  };
  const told: string[] = [];
  // A look in the middle of a change tells of it twice.
  const seen = (line: string) =>
    until(
      () => told.includes(line) || undefined,
      () => told.join(),
    );
  const watch = await folder(1).watch((file, isNew) => void told.push(`${file.slice(13)} ${isNew ? 'new' : 'known'}`));
  expect(told.sort()).toEqual(['-link known', '1.json known']);
  lay('passwordreset2.json', good);
  await seen('2.json new');
  lay('passwordreset2.json', 'longer than it was before, whatever the clock of the disk says about it'.repeat(4));
  await seen('2.json known');
  told.splice(0);
  rmSync(join(serverDir, 'passwordreset1.json'));
  await seen('1.json known');
  renameSync(serverDir, `${serverDir}-elsewhere`);
  await until(
    () => warned.length > 0 || undefined,
    () => 'nobody is told',
  );
  renameSync(`${serverDir}-elsewhere`, serverDir);
  lay('passwordreset3.json', good);
  await seen('3.json new');
  // What was there before the folder went is nothing new when it is back.
  expect(told.filter((line) => line.endsWith('new'))).toEqual(['3.json new']);
  await watch.close();
  told.splice(0);
  lay('passwordreset4.json', good);
  await folder().list();
  expect([told, warned]).toEqual([[], ["Jellyfin's folder cannot be watched for PIN files"]]);
});

test('a folder is looked at no more often than it was told, and whoever ends the watch waits for no look', async () => {
  const told: string[] = [];
  const watch = await folder(3_600_000).watch((file) => void told.push(file));
  put('passwordreset1.json', good);
  for (let at = 0; at < 20; at += 1) await folder().list();
  await watch.close();
  expect(told).toEqual([]);
});
