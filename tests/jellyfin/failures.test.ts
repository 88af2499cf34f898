import { inspect } from 'node:util';
import { adapter, closeHouses, codeOf, errorOf, Notes, openHouse } from './house.js';

afterEach(closeHouses);

const oneUser = /Users\/[0-9a-f]{32}$/;

test('an account that nobody has is gone', async () => {
  const { jellyfin } = await openHouse();
  expect(await codeOf(jellyfin.getAccount('1'.repeat(32)))).toBe('accountGone');
  expect(await codeOf(jellyfin.unlock('1'.repeat(32)))).toBe('accountGone');
  expect(await codeOf(jellyfin.getAccount('../../System/Info'))).toBe('accountGone');
});

test('an id is understood with dashes and in upper case', async () => {
  const { jellyfin, id } = await openHouse();
  const dashed = id('maya')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    .toUpperCase();
  expect(await jellyfin.getAccount(dashed)).toMatchObject({ id: id('maya'), name: 'maya' });
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

test('a server whose key is an administrator’s tells its name and version', async () => {
  const { jellyfin } = await openHouse({ version: '10.11.8' });
  expect(await jellyfin.serverInfo()).toEqual({ name: 'loopback', version: '10.11.8' });
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
