import { afterAll, describe, expect, test } from 'vitest';
import { change } from '../repair/server-folder.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import {
  commands,
  endAll,
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

const single = {
  AuthenticationProviderId: 'Jellyfin.Plugin.SSO_Auth.Api.SSOController',
  PasswordResetProviderId: 'Jellyfin.Plugin.SSO_Auth.Api.SSOReset',
};
const own = {
  AuthenticationProviderId: 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider',
  PasswordResetProviderId: 'Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider',
};

/** The same in the file of a server that stands still. */
const inFile = (db: string, sql: string) => change(db, (file) => file.exec(sql));
const singleInFile = (db: string) =>
  inFile(
    db,
    `UPDATE Users SET AuthenticationProviderId = '${single.AuthenticationProviderId}', Password = NULL WHERE Username = 'alice'`,
  );

describe('an administrator whose password is checked by what is gone, by way 1', () => {
  test('is not said to be back in, and nothing is changed, while nobody says so', async () => {
    const jellyfin = await server('12.0');
    await changesPolicy(jellyfin, 'alice', single);
    const said = await rescue(['alice', '--yes', ...where(jellyfin), ...withKey(jellyfin.apiKey)]);
    expect(said.code).toBe(3);
    expect(said.stdout).toContain('Its password is checked by SSOController, which Jellyfin does not have any more');
    expect(said.stdout).toMatch(/2\. PIN file: closed, as its password is checked by SSOController/);
    expect(said.stdout).toContain('If the answer is yes, say so with --own-provider.');
    expect(said.stdout).not.toMatch(/back in|Temporary password/);
    expect(jellyfin.user('alice').Policy).toMatchObject(single);
  });

  test.each([
    ['10.10.7', []],
    ['12.0', [{ Id: 0, UserId: '', DayOfWeek: 'Everyday', StartHour: 0, EndHour: 24 }]],
  ])('%s: is let in with a password of its own, and nobody is before that', async (version, AccessSchedules) => {
    const jellyfin = await server(version);
    await changesPolicy(jellyfin, 'alice', { ...single, AccessSchedules });
    const meanwhile: unknown[] = [];
    jellyfin.onCall(({ path }) => {
      if (path.startsWith('/Users/Password')) meanwhile.push(jellyfin.user('alice').Policy);
    });
    const said = await rescue(['alice', '--yes', '--own-provider', ...where(jellyfin), ...withKey(jellyfin.apiKey)]);
    expect(said.code).toBe(0);
    // Jellyfin's own by then, and no hour of a day is one of these.
    expect(meanwhile).toMatchObject([{ ...own, AccessSchedules: [{ StartHour: 100 }] }]);
    expect(await signIn(jellyfin.url, passwordIn(said))).toBe(200);
    const { Policy } = jellyfin.user('alice');
    expect(Policy).toMatchObject(own);
    const hours = AccessSchedules.map(({ StartHour, EndHour }) => ({ StartHour, EndHour }));
    expect(Policy.AccessSchedules).toMatchObject(hours);
    expect(Policy.AccessSchedules).toHaveLength(hours.length);
  });

  test('is let in by the next run where one was cut short before the password was set', async () => {
    const jellyfin = await server('12.0');
    const never = [{ Id: 0, UserId: '', DayOfWeek: 'Everyday', StartHour: 100, EndHour: 100 }];
    await changesPolicy(jellyfin, 'alice', { AccessSchedules: never });
    const said = await rescue(['alice', '--yes', ...where(jellyfin), ...withKey(jellyfin.apiKey)]);
    expect(said.code).toBe(0);
    expect(await signIn(jellyfin.url, passwordIn(said))).toBe(200);
  });

  test('and who is locked is unlocked all the same', async () => {
    const jellyfin = await server('12.0', { locked: true });
    await changesPolicy(jellyfin, 'alice', { ...single, IsDisabled: false, InvalidLoginAttemptCount: 0 });
    await jellyfin.lock('alice');
    const said = await rescue(['alice', '--yes', '--rung', 'api', ...where(jellyfin), ...withKey(jellyfin.apiKey)]);
    expect(said.code).toBe(3);
    expect(said.stdout).toMatch(/✓ Unlocked\n(.|\n)*✗ Having Jellyfin check the password itself/);
    expect(said.stdout).not.toContain('back in');
    expect(jellyfin.user('alice').Policy.IsDisabled).toBe(false);
  });
});

test('a PIN, without a key: Jellyfin takes it, and it is not said to be the password', async () => {
  const jellyfin = await server('12.0');
  await changesPolicy(jellyfin, 'alice', single);
  jellyfin.revokeKey();
  const said = await rescue(['alice', '--yes', '--rung', 'pin', '--json', ...where(jellyfin)]);
  expect(report(said)).toMatchObject({ outcome: 'notYet', code: 'pinNotPassword', pinIsPassword: false });
  expect(said.stderr).not.toMatch(/Beware|back in/);
});

describe('by way 4', () => {
  test('such an account is let in with a password in the file, which is tried', async () => {
    const process = await ownServer('10.11.8', 'stopped');
    singleInFile(process.db);
    process.start();
    const args = ['alice', '--yes', '--rung', 'db', '--url', process.url, '--server-dir', process.dir];
    const said = await rescueProcess([...args, '--own-provider', ...commands(process)]);
    expect(said.stdout).toContain('You are back in');
    expect(said.code).toBe(0);
    expect(await signIn(process.url, passwordIn(said))).toBe(200);
  });

  test('only unlocked while nobody says so: it is said what checks its password', async () => {
    const process = await ownServer('12.0', 'stopped');
    singleInFile(process.db);
    const said = await rescueProcess(['alice', '--yes', '--server-is-stopped', '--server-dir', process.dir]);
    expect(said.code).toBe(3);
    expect(said.stdout).toContain('Its password is still checked by SSOController, not by Jellyfin.');
    expect(said.stdout).not.toContain('Temporary password');
    const again = await rescueProcess([
      'alice',
      '--yes',
      '--own-provider',
      '--server-is-stopped',
      '--server-dir',
      process.dir,
    ]);
    expect(again.code).toBe(0);
    process.start();
    expect(await signIn(process.url, passwordIn(again))).toBe(200);
  });
});

describe('an account that has lost the right, and nobody has it', () => {
  const takeRight = `UPDATE Permissions SET Value = 0 WHERE Kind = 0`;

  /** Jellyfin itself takes it from nobody who is the last. */
  async function nobodyIsAdministrator(version: string) {
    const process = await ownServer(version, 'stopped');
    inFile(process.db, takeRight);
    return process;
  }

  const isAdministrator = (db: string) => {
    let found: unknown;
    const sql = `SELECT Value FROM Permissions WHERE Kind = 0 AND UserId = (SELECT Id FROM Users WHERE Username = 'alice')`;
    change(db, (file) => (found = file.prepare(sql).pluck().get()));
    return found === 1;
  };

  test('is not rescued without a word, and gets it in the file when somebody says so', async () => {
    const process = await nobodyIsAdministrator('12.0');
    const there = ['--server-is-stopped', '--server-dir', process.dir];
    const said = await rescueProcess(['alice', '--yes', ...there]);
    expect(said.code).toBe(3);
    expect(said.stdout).toContain("Beware: no account that could sign in is an administrator's.");
    expect(isAdministrator(process.db)).toBe(false);
    expect((await rescueProcess(['alice', '--yes', '--administrator', ...there])).code).toBe(0);
    expect(isAdministrator(process.db)).toBe(true);
  });

  test('gets it by a key, once it has its password', async () => {
    const jellyfin = await server('10.11.11');
    const key = withKey(jellyfin.apiKey);
    await changesPolicy(jellyfin, 'alice', { IsAdministrator: false });
    const withOthers = await rescue(['alice', '--yes', ...where(jellyfin), ...key]);
    expect(withOthers.stdout).toContain("alice is not an administrator's account. Administrators: root");
    expect(withOthers.code).toBe(0);
    inFile(`${jellyfin.serverDir}/data/jellyfin.db`, takeRight);
    const said = await rescue(['alice', '--yes', ...where(jellyfin), ...key]);
    expect(said.code).toBe(3);
    expect(said.stdout).toContain('If the answer is yes, say so with --administrator.');
    const given = await rescue(['alice', '--yes', '--administrator', ...where(jellyfin), ...key]);
    expect(given.code).toBe(0);
    expect(given.stdout).toMatch(/Temporary password(.|\n)*✓ It is an administrator's account now/);
    expect(jellyfin.user('alice').Policy.IsAdministrator).toBe(true);
  });
});
