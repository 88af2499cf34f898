import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import type { Jellyfin } from '../../sandbox/jellyfin/index.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import {
  commands,
  endAll,
  folder,
  ownServer,
  passwordIn,
  report,
  rescue,
  rescueProcess,
  server,
  signIn,
  where,
  withKey,
} from './latchkey.js';

afterAll(endAll);

const pinWay = ['alice', '--yes', '--rung', 'pin'];

/** Puts a file beside the PIN's when it has just been made: nobody has seen it before. */
function appearsWithThePin(jellyfin: Jellyfin, name: string, content: string): void {
  jellyfin.onCall(({ path }) => {
    if (path === '/Users/ForgotPassword') writeFileSync(join(jellyfin.serverDir, name), content);
  });
}

describe('Jellyfin refuses the PIN because of a file beside it', () => {
  test('and had redeemed it by then: it is tried, and they are in', async () => {
    const jellyfin = await server('10.11.11', { key: false });
    appearsWithThePin(jellyfin, 'passwordresetz.txt', 'a note to myself\n');
    const said = await rescue([...pinWay, ...where(jellyfin)]);
    expect(said.code).toBe(0);
    expect(said.stdout).not.toContain('Beware');
    expect(await signIn(jellyfin.url, passwordIn(said))).toBe(200);
  });

  test('and had not: the old password works, and nothing else is said', async () => {
    const jellyfin = await server('10.11.11', { key: false });
    appearsWithThePin(jellyfin, 'passwordreset0.json~', '');
    const said = await rescue([...pinWay, '--json', ...where(jellyfin)]);
    expect(report(said)).toMatchObject({ code: 'pinRefused', pinIsPassword: false });
    expect(said.stderr).not.toContain('Beware');
    expect(await signIn(jellyfin.url, 'forgotten')).toBe(200);
  });

  test('and had redeemed it for an account that is locked: that the PIN is the password is said', async () => {
    const jellyfin = await server('10.11.8', { key: false, locked: true });
    appearsWithThePin(jellyfin, 'passwordresetz.txt', 'a note to myself\n');
    const said = await rescue([...pinWay, '--json', ...where(jellyfin)]);
    expect(report(said)).toMatchObject({ outcome: 'notYet', pinIsPassword: true });
  });
});

describe('a PIN that became the password, and nobody was shown', () => {
  test('is spoken of by every rescue after it, until one has set another', async () => {
    const jellyfin = await server('10.11.8', { key: false, locked: true });
    const cwd = folder();
    const first = await rescue([...pinWay, ...where(jellyfin)], cwd);
    expect(first.stdout).toContain('Beware: a PIN that nobody was shown is the password now');
    const looked = await rescue(['ALICE', '--dry-run', ...where(jellyfin)], cwd);
    expect(looked.stdout).toMatch(/Nothing was changed\.\nBeware: an earlier rescue made a PIN the password of ALICE/);
    expect(report(await rescue(['alice', '--dry-run', '--json', ...where(jellyfin)], cwd)).pinIsPassword).toBe(true);
    expect((await rescue(['bob', '--dry-run', ...where(jellyfin)], cwd)).stdout).not.toContain('Beware');
    const done = await rescue(['alice', '--yes', '--rung', 'restart', ...where(jellyfin)], cwd);
    expect(done).toMatchObject({ code: 0, stdout: expect.not.stringContaining('Beware') });
    expect((await rescue(['alice', '--dry-run', ...where(jellyfin)], cwd)).stdout).not.toContain('Beware');
    expect(readdirSync(join(cwd, 'data'))).toEqual([]);
  });

  test('leaves nothing behind where all went well', async () => {
    const jellyfin = await server('10.11.8', { key: false });
    const cwd = folder();
    expect((await rescue([...pinWay, ...where(jellyfin)], cwd)).code).toBe(0);
    expect(existsSync(join(cwd, 'data')) ? readdirSync(join(cwd, 'data')) : []).toEqual([]);
  });
});

describe('a locked administrator who knows the password', () => {
  const known = ['alice', '--yes', '--keep-password'];

  test('keeps it, and the devices, where the key unlocks', async () => {
    const jellyfin = await server('10.10.7', { locked: true });
    const said = await rescue([...known, ...where(jellyfin), ...withKey(jellyfin.apiKey)]);
    expect(said.code).toBe(0);
    expect(said.stdout).toContain('The account is open: sign in with the password that you know.');
    expect(said.stdout).not.toContain('Temporary password');
    expect(jellyfin.calls.filter(({ path }) => path.startsWith('/Users/Password'))).toEqual([]);
    expect(await signIn(jellyfin.url, 'forgotten')).toBe(200);
  });

  test('keeps it where there is no key: no PIN is asked for, which would replace it', async () => {
    const jellyfin = await server('10.11.8', { key: false, locked: true });
    const said = await rescue([...known, ...where(jellyfin)]);
    expect(said.code).toBe(0);
    expect(said.stdout).toMatch(/✓ Jellyfin answers again\n(.|\n)*sign in with the password that you know/);
    expect(jellyfin.calls.filter(({ path }) => path.startsWith('/Users/ForgotPassword'))).toEqual([]);
    expect(await signIn(jellyfin.url, 'forgotten')).toBe(200);
  });

  test('keeps it where the file is changed, and no key is made', async () => {
    const own = await ownServer('12.0');
    const stored = () => {
      const db = new Database(own.db, { readonly: true });
      const found = db.prepare(`SELECT Password FROM Users WHERE Username = 'alice'`).pluck().get();
      db.close();
      return found;
    };
    own.stop();
    const before = stored();
    own.start();
    const said = await rescueProcess([...known, '--json', '--url', own.url, '--server-dir', own.dir, ...commands(own)]);
    expect(report(said)).toMatchObject({ outcome: 'changed', rung: 'db', key: null, temporaryPassword: null });
    expect(report(said).after).toMatchObject({ isDisabled: false, failedSignIns: 0 });
    own.stop();
    expect(stored()).toBe(before);
  });
});

test('a password that Jellyfin takes, and does not let in now, is not said to be a way in', async () => {
  const jellyfin = await server('10.11.11');
  const never = [{ Id: 0, UserId: '', DayOfWeek: 'Everyday', StartHour: 0, EndHour: 0.001 }];
  await changesPolicy(jellyfin, 'alice', { AccessSchedules: never });
  const said = await rescue(['alice', '--yes', ...where(jellyfin), ...withKey(jellyfin.apiKey)]);
  expect(said.code).toBe(1);
  expect(said.stdout).toContain(
    'The temporary password is set, but Jellyfin does not let this account in at the moment',
  );
  expect(said.stdout).not.toContain('back in');
  await changesPolicy(jellyfin, 'alice', { AccessSchedules: [] });
  expect(await signIn(jellyfin.url, passwordIn(said))).toBe(200);
});
