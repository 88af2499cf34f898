import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { type Jellyfin, startJellyfin, type UserAnswer } from '../../../sandbox/jellyfin/index.js';
import { ask } from '../../../sandbox/jellyfin/ask.js';
import { fixAsTheGuideSays } from './guide-fix.js';

describe('locks', () => {
  let jellyfin: Jellyfin;

  afterEach(() => jellyfin.close());

  async function withLockedMaya(version: string): Promise<void> {
    jellyfin = await startJellyfin({ version });
    jellyfin.addUser('maya', { password: 'right', limit: 3 });
    await jellyfin.lock('maya');
  }

  function maya(): [disabled: boolean, count: number] {
    const { IsDisabled, InvalidLoginAttemptCount } = jellyfin.user('maya').Policy;
    return [IsDisabled, InvalidLoginAttemptCount];
  }

  describe('three failed sign-ins at a limit of three', () => {
    test.each([
      { version: '10.10.7', locked: [true, 3], right: 403, restarted: [true, 3], thenRight: 403 },
      { version: '10.11.8', locked: [true, 3], right: 403, restarted: [false, 3], thenRight: 200 },
      { version: '10.11.11', locked: [false, 3], right: 200, restarted: [false, 3], thenRight: 200 },
      { version: '12.0', locked: [true, 4], right: 403, restarted: [true, 4], thenRight: 403 },
    ])('lock $version in its own way, and a restart leaves of it what it leaves there', async (expected) => {
      await withLockedMaya(expected.version);
      expect(maya()).toEqual(expected.locked);
      expect((await jellyfin.signIn('maya', 'right')).status).toBe(expected.right);
      await jellyfin.restart();
      expect(maya()).toEqual(expected.restarted);
      expect((await jellyfin.signIn('maya', 'right')).status).toBe(expected.thenRight);
    });
  });
});

describe('memory', () => {
  let jellyfin: Jellyfin;

  afterEach(() => jellyfin.close());

  async function start(version: string): Promise<void> {
    jellyfin = await startJellyfin({ version, users: [{ name: 'maya', password: 'right', limit: 3 }] });
  }

  function storedLock(): [disabled: number, count: number] {
    const db = new Database(jellyfin.dbPath, { readonly: true });
    const row = db
      .prepare<[], { value: number; count: number }>(
        `SELECT p.Value AS value, u.InvalidLoginAttemptCount AS count FROM Users u
       JOIN Permissions p ON p.UserId = u.Id AND p.Kind = 2 WHERE u.Username = 'maya'`,
      )
      .get();
    db.close();
    return [row?.value ?? -1, row?.count ?? -1];
  }

  function writePolicy(user: UserAnswer): Promise<{ status: number; body: string }> {
    return ask(`${jellyfin.url}/Users/${user.Id}/Policy`, {
      method: 'POST',
      headers: { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` },
      body: JSON.stringify({ ...user.Policy, IsDisabled: false, InvalidLoginAttemptCount: 0 }),
    });
  }

  describe('the database of a locked account', () => {
    test.each([
      ['10.10.7', [1, 3]],
      ['10.11.8', [0, 3]],
      ['10.11.11', [0, 3]],
      ['12.0', [1, 4]],
    ])('says in %s what that version writes', async (version, stored) => {
      await start(version);
      await jellyfin.lock('maya');
      expect(storedLock()).toEqual(stored);
    });

    test.each([
      ['10.10.7', [1, 3]],
      ['10.11.8', [0, 3]],
    ])('can be changed under a running %s without any effect, and is written over', async (version, writtenOver) => {
      await start(version);
      await jellyfin.lock('maya');
      fixAsTheGuideSays(jellyfin.dbPath, 'maya');
      expect(storedLock()).toEqual([0, 0]);
      expect((await jellyfin.signIn('maya', 'right')).status).toBe(403);
      await ask(`${jellyfin.url}/Users/Password?userId=${jellyfin.user('maya').Id}`, {
        method: 'POST',
        headers: { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` },
        body: JSON.stringify({ NewPw: 'new' }),
      });
      expect(storedLock()).toEqual(writtenOver);
      await writePolicy(jellyfin.user('maya'));
      expect((await jellyfin.signIn('maya', 'new')).status).toBe(200);
    });

    test('can be changed under a running 12.0, which believes it at once', async () => {
      await start('12.0');
      await jellyfin.lock('maya');
      expect(fixAsTheGuideSays(jellyfin.dbPath, 'maya')).toBe(2);
      expect((await jellyfin.signIn('maya', 'right')).status).toBe(200);
    });
  });

  describe('two policy writes at once for one account', () => {
    test.each([
      ['10.10.7', [204, 204]],
      ['10.11.8', [204, 500]],
      ['10.11.11', [204, 204]],
      ['12.0', [204, 204]],
    ])('end in %s as they do on that version', async (version, statuses) => {
      await start(version);
      const maya = jellyfin.user('maya');
      const answers = await Promise.all([writePolicy(maya), writePolicy(maya)]);
      expect(answers.map(({ status }) => status).sort()).toEqual(statuses);
      expect((await writePolicy(maya)).status).toBe(204);
    });
  });
});

describe('trouble', () => {
  let jellyfin: Jellyfin;

  beforeEach(async () => {
    jellyfin = await startJellyfin({ version: '10.11.11', users: [{ name: 'maya', password: 'right' }] });
  });

  afterEach(() => jellyfin.close());

  function setPassword(password: string): ReturnType<typeof ask> {
    return ask(`${jellyfin.url}/Users/Password?userId=${jellyfin.user('maya').Id}`, {
      method: 'POST',
      headers: { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` },
      body: JSON.stringify({ NewPw: password }),
    });
  }

  const info = (): ReturnType<typeof ask> => ask(`${jellyfin.url}/System/Info/Public`);

  describe('a cut connection', () => {
    test.each([
      ['before', 'right'],
      ['after', 'new'],
      ['mid', 'new'],
    ] as const)('%s the answer leaves the password at "%s"', async (cut, password) => {
      jellyfin.faults.on({ method: 'POST', path: /Password/, times: 1, cut });
      await expect(setPassword('new')).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect((await jellyfin.signIn('maya', password)).status).toBe(200);
    });
  });

  test('a fault answers instead of the server as often as it was told to, and nothing happens on the server', async () => {
    jellyfin.faults.on({ path: /Password/, times: 2, status: 502, body: '<html>', contentType: 'text/html' });
    expect(await setPassword('new')).toEqual({ status: 502, contentType: 'text/html', body: '<html>' });
    expect((await setPassword('new')).status).toBe(502);
    expect((await jellyfin.signIn('maya', 'right')).status).toBe(200);
    expect((await setPassword('new')).status).toBe(204);
  });

  test('a held call waits at the door until it is released', async () => {
    const hold = jellyfin.faults.hold({ path: /Password/ });
    const answer = setPassword('new');
    await hold.arrived;
    expect((await jellyfin.signIn('maya', 'right')).status).toBe(200);
    hold.release();
    expect((await answer).status).toBe(204);
    expect((await jellyfin.signIn('maya', 'new')).status).toBe(200);
  });

  test('the four faces of a starting server are shown on one and the same port', async () => {
    const { url } = jellyfin;
    await jellyfin.starting('refused');
    await expect(info()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await jellyfin.starting('setup');
    expect(JSON.parse((await info()).body)).toMatchObject({ version: '10.11.11', startupWizardCompleted: false });
    await jellyfin.starting('503');
    expect(await info()).toMatchObject({ status: 503, body: 'Jellyfin Server is loading. Please try again shortly.' });
    await jellyfin.starting('real');
    expect(JSON.parse((await info()).body)).toMatchObject({ Version: '10.11.11', StartupWizardCompleted: true });
    expect(jellyfin.url).toBe(url);
  });

  test('a reverse proxy can stand in front, with pages of its own', async () => {
    jellyfin.behindProxy('bad-gateway');
    expect(await info()).toMatchObject({ status: 502, contentType: 'text/html' });
    jellyfin.behindProxy('html');
    expect(await info()).toMatchObject({ status: 200, contentType: 'text/html' });
    jellyfin.behindProxy('none');
    expect((await info()).contentType).toBe('application/json; charset=utf-8');
  });

  test('a server with a base path answers beneath it and redirects everywhere else', async () => {
    const below = await startJellyfin({ version: '12.0', basePath: '/jellyfin' });
    expect((await ask(`${below.url}/System/Info/Public`)).status).toBe(200);
    expect((await ask(`${new URL(below.url).origin}/System/Info/Public`)).status).toBe(302);
    await below.close();
  });

  test('every call is told of with who made it, and no token in it', async () => {
    const heard: string[] = [];
    jellyfin.onCall(({ method, path, status, by }) => heard.push(`${method} ${path} ${status} ${by}`));
    const { token = '' } = await jellyfin.signIn('maya', 'right');
    await ask(`${jellyfin.url}/Users/Me?ApiKey=${token}`);
    await ask(`${jellyfin.url}/Auth/Keys/${jellyfin.apiKey}`, {
      method: 'DELETE',
      headers: { 'x-emby-token': jellyfin.apiKey },
    });
    await ask(`${jellyfin.url}/Users`, { headers: { 'x-emby-token': jellyfin.apiKey } });
    expect(heard).toEqual([
      'POST /Users/AuthenticateByName 200 none',
      'GET /Users/Me?ApiKey=… 200 maya',
      'DELETE /Auth/Keys/… 204 Latchkey',
      'GET /Users 401 none',
    ]);
  });

  // By the recordings `q-pinfiles-…` of a real server of each version.
  describe.each([
    ['a note', '0.txt', 'a note to myself\n', { wrong: 500, right: 500, signIn: 401, stays: true }],
    ['a note', 'z.txt', 'a note to myself\n', { wrong: 500, right: 500, signIn: 200, stays: true }],
    ['an empty file', '0.json~', '', { wrong: 500, right: 500, signIn: 401, stays: true }],
    ['an empty file', 'z.json~', '', { wrong: 500, right: 500, signIn: 200, stays: true }],
    ['null', '0.json', 'null', { wrong: 404, right: 404, signIn: 401, stays: true }],
    ['an empty object', '0.json', '{}', { wrong: 404, right: 200, signIn: 200, stays: false }],
    [
      'an old one',
      '0.txt',
      '{"Pin":"1","ExpirationDate":"2020-01-01T00:00:00Z"}',
      { wrong: 404, right: 200, signIn: 200, stays: false },
    ],
    [
      'one that is for another',
      '0.bak',
      '{"Pin":"1","UserName":"bob","ExpirationDate":"2999-01-01T00:00:00Z"}',
      { wrong: 404, right: 200, signIn: 200, stays: true },
    ],
    ['a folder', '-old', undefined, { wrong: 404, right: 200, signIn: 200, stays: true }],
  ] as const)('a PIN beside %s called passwordreset%s', (_what, name, content, expected) => {
    test('is taken or not as on a real server', async () => {
      const post = (path: string, body: object) =>
        ask(`${jellyfin.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
      await post('/Users/ForgotPassword', { EnteredUsername: 'maya' });
      const [file = ''] = readdirSync(jellyfin.serverDir).filter((each) => each.startsWith('passwordreset'));
      const { Pin: pin } = JSON.parse(readFileSync(join(jellyfin.serverDir, file), 'utf8')) as { Pin: string };
      const beside = join(jellyfin.serverDir, `passwordreset${name}`);
      if (content === undefined) mkdirSync(beside);
      else writeFileSync(beside, content);
      const wrong = (await post('/Users/ForgotPassword/Pin', { Pin: '00-00-00-00' })).status;
      const right = (await post('/Users/ForgotPassword/Pin', { Pin: pin })).status;
      const signIn = (await jellyfin.signIn('maya', pin)).status;
      expect({ wrong, right, signIn, stays: existsSync(beside) }).toEqual(expected);
    });
  });

  test('somebody with as many sessions as allowed is refused another, with the 403 that says nothing', async () => {
    jellyfin.addUser('bob', { password: 'right', policy: { MaxActiveSessions: 1 } });
    expect((await jellyfin.signIn('bob', 'right', { device: 'TV' })).status).toBe(200);
    expect((await jellyfin.signIn('bob', 'right', { device: 'phone' })).status).toBe(403);
    // Its own session counts, too (recording `q-maxsess-mia-tv-again-refused`).
    expect((await jellyfin.signIn('bob', 'right', { device: 'TV' })).status).toBe(403);
  });

  test('two thousand accounts are there at once, and listed', async () => {
    jellyfin.addManyUsers(2000);
    const users = await ask(`${jellyfin.url}/Users`, {
      headers: { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` },
    });
    expect((JSON.parse(users.body) as object[]).length).toBe(2002);
  });
});
