import { afterEach, describe, expect, test } from 'vitest';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { createKeylessJellyfin } from '../../src/jellyfin/keyless-jellyfin.js';
import { adapter, closeHouses, codeOf, errorOf, Notes, openHouse, versions } from './house.js';
import { closeRawServers, json, type RawRequest, rawServer } from './raw-server.js';

describe('accounts', () => {
  afterEach(closeHouses);

  test.each(versions)(
    'Jellyfin %s: the list has every account with all that matters for signing in',
    async (version) => {
      const policy = {
        EnableRemoteAccess: false,
        MaxActiveSessions: 2,
        AccessSchedules: [{ DayOfWeek: 'Weekend', StartHour: 9.5, EndHour: 20 }],
      };
      const users = [
        { name: 'maya', password: 'old', limit: 3 },
        { name: '**Zoë** @everyone', policy, disabled: true },
      ];
      const { server, jellyfin, asked, id } = await openHouse({ version, users });
      await server.signIn('maya', 'old');
      asked();

      const accounts = await jellyfin.listAccounts();

      expect(asked()).toEqual(['GET /Users']);
      expect(Object.fromEntries(accounts.map((account) => [account.name, account]))).toEqual({
        root: expect.objectContaining({ isAdministrator: true, signInLimit: -1, lastSignIn: undefined }),
        maya: {
          id: id('maya'),
          name: 'maya',
          isAdministrator: false,
          isDisabled: false,
          failedSignIns: 0,
          signInLimit: 3,
          accessSchedules: [],
          remoteAccess: true,
          allDevices: true,
          listedDevices: [],
          maxActiveSessions: 0,
          authenticationProviderId: 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider',
          // 10.11.9 to 10.11.11 forget the first one.
          lastSignIn: version === '10.11.11' ? undefined : expect.any(Date),
          lastSeen: expect.any(Date),
        },
        '**Zoë** @everyone': expect.objectContaining({
          isDisabled: true,
          remoteAccess: false,
          maxActiveSessions: 2,
          accessSchedules: [{ day: 'Weekend', startHour: 9.5, endHour: 20 }],
        }),
      });
      expect(await jellyfin.getAccount(id('maya'))).toEqual(accounts.find(({ name }) => name === 'maya'));
    },
  );
});

describe('failures', () => {
  afterEach(closeHouses);

  const oneUser = /Users\/[0-9a-f]{32}$/;

  test('an account that nobody has is gone', async () => {
    const { jellyfin } = await openHouse();
    expect(await codeOf(jellyfin.getAccount('1'.repeat(32)))).toBe('accountGone');
    expect(await codeOf(jellyfin.unlock('1'.repeat(32)))).toBe('accountGone');
    expect(await codeOf(jellyfin.getAccount('../../System/Info'))).toBe('accountGone');
  });

  test.each([
    ['without a count of failed sign-ins', { InvalidLoginAttemptCount: undefined }],
    ['of which it is not said whether it is disabled', { IsDisabled: undefined }],
  ])('an account %s is not guessed at: whether it is locked, nobody could say', async (_, missing) => {
    const { server, jellyfin, id } = await openHouse();
    const user = server.user('maya');
    const body = JSON.stringify({ ...user, Policy: { ...user.Policy, ...missing } });
    server.faults.on({ path: oneUser, status: 200, body, contentType: 'application/json' });
    expect(await codeOf(jellyfin.getAccount(id('maya')))).toBe('jellyfinBroken');
  });

  test('an id in another spelling is nobody’s, as no link would be found by it', async () => {
    const { jellyfin, id, asked } = await openHouse();
    const dashed = id('maya').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    asked();
    for (const other of [dashed, id('maya').toUpperCase(), `${id('maya')}/..%2f${id('root')}`, ''])
      expect(await codeOf(jellyfin.getAccount(other))).toBe('accountGone');
    expect(asked()).toEqual([]);
  });

  test('a key that was revoked is refused', async () => {
    const { server, jellyfin, id } = await openHouse();
    const maya = id('maya');
    server.revokeKey();
    expect(await codeOf(jellyfin.getAccount(maya))).toBe('jellyfinKeyRefused');
  });

  test("somebody's own token in the key's place is not an administrator's key", async () => {
    const { server, id } = await openHouse();
    const { token = '' } = await server.signIn('maya', 'old');
    const jellyfin = adapter(server.url, token);
    expect(await codeOf(jellyfin.serverInfo())).toBe('jellyfinKeyNotAdmin');
    await server.lock('root');
    expect(await codeOf(jellyfin.unlock(id('root')))).toBe('jellyfinKeyNotAdmin');
  });

  test('a server whose key is an administrator’s tells its name, version and id', async () => {
    const { jellyfin } = await openHouse({ version: '10.11.8' });
    expect(await jellyfin.serverInfo()).toEqual({
      ...{ name: 'loopback', version: '10.11.8' },
      id: expect.stringMatching(/^[\da-f]{32}$/),
    });
  });

  test('a version older than 10.10 is named', async () => {
    const { server, jellyfin } = await openHouse();
    server.setVersion('10.9.11');
    expect(await errorOf(jellyfin.serverInfo())).toMatchObject({
      code: 'jellyfinTooOld',
      params: { version: '10.9.11' },
    });
  });

  test.each([
    ['html', 'jellyfinNotJellyfin'],
    ['wrong-base-path', 'jellyfinWrongPath'],
    ['bad-gateway', 'jellyfinUnreachable'],
  ] as const)('behind a reverse proxy that says %s it is %s', async (face, code) => {
    const { server, jellyfin, id } = await openHouse();
    const maya = id('maya');
    server.behindProxy(face);
    expect(await codeOf(jellyfin.getAccount(maya))).toBe(code);
    expect(await codeOf(jellyfin.listAccounts())).toBe(code);
    expect(await codeOf(jellyfin.serverInfo())).toBe(code);
  });

  test('a missing base path is a wrong path, and with it everything works', async () => {
    const { server, jellyfin, id } = await openHouse({ basePath: '/tv' });
    expect(await jellyfin.getAccount(id('maya'))).toMatchObject({ name: 'maya' });
    const astray = adapter(server.url.replace('/tv', ''), server.apiKey);
    expect(await codeOf(astray.getAccount(id('maya')))).toBe('jellyfinWrongPath');
  });

  test.each([
    [500, 'jellyfinBroken'],
    [400, 'jellyfinRefused'],
    [429, 'jellyfinRefused'],
    [504, 'jellyfinTimeout'],
  ])('a status of %i is %s', async (status, code) => {
    const { server, jellyfin, id } = await openHouse();
    server.faults.on({ path: oneUser, status });
    expect(await codeOf(jellyfin.getAccount(id('maya')))).toBe(code);
  });

  test('a read that is cut off in the middle of the answer is asked once more', async () => {
    const { server, jellyfin, asked, notes, id } = await openHouse();
    server.faults.on({ path: oneUser, cut: 'mid', times: 1 });
    expect(await jellyfin.getAccount(id('maya'))).toMatchObject({ name: 'maya' });
    expect(asked()).toHaveLength(2);
    expect(notes.lines).toHaveLength(1);
  });

  test('a read that is cut off twice is given up', async () => {
    const { server, jellyfin, asked, id } = await openHouse();
    server.faults.on({ path: oneUser, cut: 'mid' });
    expect(await codeOf(jellyfin.getAccount(id('maya')))).toBe('jellyfinUnreachable');
    expect(asked()).toHaveLength(2);
  });

  test('a server that does not answer in time is given up after one and a half times the limit', async () => {
    const { server, jellyfin, id } = await openHouse({ timeoutMs: 200 });
    const held = server.faults.hold({ path: oneUser });
    const begun = performance.now();
    expect(await codeOf(jellyfin.getAccount(id('maya')))).toBe('jellyfinTimeout');
    const tookMs = performance.now() - begun;
    held.release();
    expect(tookMs).toBeGreaterThan(290);
    expect(tookMs).toBeLessThan(2_000);
  });

  test('an address that does not exist is unreachable', async () => {
    expect(await codeOf(adapter('http://jellyfin.invalid:8096', 'key').listAccounts())).toBe('jellyfinUnreachable');
  });

  test('no error and no line of the log carries the key, the password, or the name and password of the address', async () => {
    const { server, id } = await openHouse({ timeoutMs: 200 });
    const secrets = ['pass-word-7777', 'feed-key-7777', 'proxy-pass-7777'];
    const maya = id('maya');
    const faults = [
      { cut: 'before' as const },
      { cut: 'mid' as const },
      { status: 500 },
      { status: 401 },
      { status: 403 },
      { status: 302 },
      { status: 200, body: '<html>' },
      { delayMs: 400 },
    ];
    for (const fault of faults) {
      for (const method of ['GET', 'POST']) {
        const off = server.faults.on({ ...fault, method });
        const notes = new Notes();
        const address = server.url.replace('http://', `http://someone:${secrets[2]}@`);
        const jellyfin = adapter(address, method === 'GET' ? secrets[1]! : server.apiKey, 200, notes);
        const error = await errorOf(jellyfin.setPassword(maya, secrets[0]!));
        off();
        const written = [
          inspect(error, { depth: 20, showHidden: true }),
          inspect(jellyfin, { depth: 20 }),
          inspect(notes, { depth: 20 }),
        ].join();
        for (const secret of [...secrets, server.apiKey]) expect(written).not.toContain(secret);
        expect(error.cause).toBeInstanceOf(Error);
      }
    }
  });
});

describe('raw answers', () => {
  afterEach(closeRawServers);

  test('an answer that is far too large is given up before it fills the memory, and asked for once only', async () => {
    // Files one after the other are one file for gzip.
    const small = Buffer.concat(Array<Buffer>(512).fill(gzipSync(Buffer.alloc(1024 * 1024, 32))));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const { url, requests } = await rawServer((_request, response) => response.writeHead(200, headers).end(small));
    const before = process.memoryUsage().rss;
    expect(await codeOf(adapter(url, 'key').listAccounts())).toBe('jellyfinNotJellyfin');
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    expect(requests).toHaveLength(1);
  });

  const id = 'a'.repeat(32);

  const lockedPolicy = {
    IsAdministrator: false,
    IsDisabled: true,
    InvalidLoginAttemptCount: 3,
    LoginAttemptsBeforeLockout: 3,
    AuthenticationProviderId: 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider',
    FromTheFuture: { Nested: [1, null, 'ü'] },
  };

  /** A Jellyfin with one account, whose policy becomes what `store` makes of the one that is written. */
  function household(store: (written: object) => object): (request: RawRequest) => object | undefined {
    let policy: object = lockedPolicy;
    return (request) => {
      if (request.method === 'GET') return { Id: id, Name: 'maya', Policy: policy };
      policy = store(JSON.parse(request.body) as object);
      return undefined;
    };
  }

  async function unlockWith(store: (written: object) => object) {
    const answer = household(store);
    const notes = new Notes();
    const { url, requests } = await rawServer((request, response) => {
      const data = answer(request);
      if (data) json(response, data);
      else response.writeHead(204).end();
    });
    return { requests, notes, unlocked: adapter(url, 'the-key', 5_000, notes).unlock(id) };
  }

  test('fields that nobody here knows are written back as they came', async () => {
    const { requests, notes, unlocked } = await unlockWith((written) => written);
    await unlocked;
    const written = requests.find(({ method }) => method === 'POST');
    expect(JSON.parse(written?.body ?? '')).toEqual({
      ...lockedPolicy,
      IsDisabled: false,
      InvalidLoginAttemptCount: 0,
    });
    expect(notes.lines).toEqual([]);
  });

  test('the key goes in the one header that every version understands', async () => {
    const { requests, unlocked } = await unlockWith((written) => written);
    await unlocked;
    for (const { authorization } of requests) expect(authorization).toMatch(/^MediaBrowser .*Token="the-key"$/);
  });

  test("somebody else's change at the same time is noted by the names of the fields, and is no failure", async () => {
    const { notes, unlocked } = await unlockWith((written) => ({
      ...written,
      IsAdministrator: true,
      FromTheFuture: 1,
    }));
    await unlocked;
    expect(notes.lines).toMatchObject([{ fields: { fields: ['IsAdministrator', 'FromTheFuture'] } }]);
  });

  test('the permission that the server never tells is not compared', async () => {
    const { notes, unlocked } = await unlockWith((written) => ({ ...written, EnableLyricManagement: false }));
    await unlocked;
    expect(notes.lines).toEqual([]);
  });

  test('a device that fails to sign in right after the unlock does not make it a failure', async () => {
    const { notes, unlocked } = await unlockWith((written) => ({ ...written, InvalidLoginAttemptCount: 1 }));
    expect((await unlocked).after.failedSignIns).toBe(1);
    expect(notes.lines).toHaveLength(1);
  });

  test.each([
    ['the account stayed disabled', { IsDisabled: true }],
    ['the count stayed', { InvalidLoginAttemptCount: 3 }],
    ['the count stayed under a limit that was raised', { InvalidLoginAttemptCount: 3, LoginAttemptsBeforeLockout: 9 }],
  ])('what was written did not come true when %s', async (_case, kept) => {
    const { unlocked } = await unlockWith((written) => ({ ...written, ...kept }));
    expect(await codeOf(unlocked)).toBe('jellyfinNotApplied');
  });

  test.each([
    ['the same host', '/tv/web/', 'jellyfinWrongPath'],
    ['https on the same host', 'https://127.0.0.1/System/Info/Public', 'jellyfinWrongPath'],
    ['another host', 'https://login.example.org/', 'jellyfinNotJellyfin'],
  ])('a redirect to %s is not followed', async (_case, location, code) => {
    const { url, requests } = await rawServer((_request, response) => response.writeHead(302, { location }).end());
    expect(await codeOf(adapter(url, 'key').unlock(id))).toBe(code);
    expect(requests.map(({ path }) => path)).toEqual([`/Users/${id}`, '/System/Info/Public']);
  });

  test.each([
    ['with a page of a proxy’s own', {}, '<html>503</html>', 'jellyfinUnreachable'],
    [
      'of the set-up server, which says when to come back',
      { 'retry-after': '5' },
      '<!DOCTYPE html>',
      'jellyfinStarting',
    ],
    ['with nothing in it', {}, '', 'jellyfinStarting'],
  ])('a 503 %s', async (_case, headers, body, code) => {
    const { url } = await rawServer((_request, response) => response.writeHead(503, headers).end(body));
    expect(await codeOf(adapter(url, 'key').getAccount(id))).toBe(code);
  });

  test('a server that sends a byte now and then does not get round the time limit', async () => {
    const { url } = await rawServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const dripping = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(dripping));
    });
    expect(await codeOf(adapter(url, 'key', 200).getAccount(id))).toBe('jellyfinTimeout');
  });

  const open = { IsDisabled: false, InvalidLoginAttemptCount: 0 };

  test.each([
    ['an id', { Name: 'maya', Policy: open }],
    ['whether it is disabled', { Id: id, Name: 'maya', Policy: { InvalidLoginAttemptCount: 0 } }],
    ['a count of wrong passwords', { Id: id, Name: 'maya', Policy: { IsDisabled: false } }],
    ['a policy', { Id: id, Name: 'maya' }],
  ])('JSON that is a Jellyfin user without %s is never taken for an open account', async (_missing, user) => {
    const { url } = await rawServer(({ path }, response) => {
      if (path.includes('Public'))
        return json(response, { Version: '10.11.8', ServerName: 'home', StartupWizardCompleted: true });
      json(response, path.includes(id) ? user : [{ Id: 'b'.repeat(32), Name: 'leo', Policy: open }, user]);
    });
    expect(await codeOf(adapter(url, 'key').getAccount(id))).toBe('jellyfinBroken');
    expect(await codeOf(adapter(url, 'key').listAccounts())).toBe('jellyfinBroken');
  });

  test('a password that never left, because the server went away after the read, is not called uncertain', async () => {
    const server = await rawServer((_request, response) => {
      server.stopListening();
      response.setHeader('connection', 'close');
      json(response, {
        Id: id,
        Name: 'maya',
        Policy: { ...lockedPolicy, IsDisabled: false, InvalidLoginAttemptCount: 0 },
      });
    });
    expect(await codeOf(adapter(server.url, 'key').setPassword(id, 'new-one'))).toBe('jellyfinUnreachable');
    expect(server.requests).toHaveLength(1);
  });
});

describe('a server that starts', () => {
  afterEach(closeHouses);

  test.each([
    // Nothing listens: that cannot be told from a server that is down.
    ['refused', 'jellyfinUnreachable'],
    ['setup', 'jellyfinStarting'],
    ['503', 'jellyfinStarting'],
  ] as const)('a starting server with the face "%s" is recognised on every path: %s', async (face, code) => {
    const { server, jellyfin, id } = await openHouse();
    await server.lock('maya');
    const maya = id('maya');
    await server.starting(face);
    expect(await codeOf(jellyfin.getAccount(maya))).toBe(code);
    expect(await codeOf(jellyfin.listAccounts())).toBe(code);
    expect(await codeOf(jellyfin.unlock(maya))).toBe(code);
    expect(await codeOf(jellyfin.serverInfo())).toBe(code);
    await server.starting('real');
    expect(await jellyfin.getAccount(maya)).toMatchObject({ name: 'maya' });
  });

  test.each([401, 403, 404, 302])(
    'a %i from a set-up server says nothing about the key or the account',
    async (status) => {
      const { server, jellyfin, id } = await openHouse();
      const maya = id('maya');
      await server.starting('setup');
      server.faults.on({ path: /Users/, status });
      expect(await codeOf(jellyfin.getAccount(maya))).toBe('jellyfinStarting');
    },
  );

  test.each(['10.11.11', '12.0'])('a restart of %s is waited for until it is over, or has failed', async (version) => {
    const { server, notes } = await openHouse({ version });
    const keyless = createKeylessJellyfin({ url: server.url, log: notes });
    await server.starting('setup');
    const back = keyless.back(60_000);
    await server.starting('real');
    expect(await back).toMatchObject({ name: expect.any(String) });
    await server.starting('failed');
    expect(await codeOf(keyless.back(60_000))).toBe('jellyfinStartFailed');
  });

  test('a server whose wizard was never finished is not called starting', async () => {
    const { server, jellyfin } = await openHouse();
    const body = JSON.stringify({ Version: '10.11.8', ServerName: 'new', StartupWizardCompleted: false });
    server.faults.on({ path: /System.Info.Public/, status: 200, contentType: 'application/json', body });
    expect(await codeOf(jellyfin.serverInfo())).toBe('jellyfinNotSetUp');
  });
});
