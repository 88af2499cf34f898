import { closeHouses, codeOf, openHouse } from './house.js';

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

test('a server whose wizard was never finished is not called starting', async () => {
  const { server, jellyfin } = await openHouse();
  const body = JSON.stringify({ Version: '10.11.8', ServerName: 'new', StartupWizardCompleted: false });
  server.faults.on({ path: /System.Info.Public/, status: 200, contentType: 'application/json', body });
  expect(await codeOf(jellyfin.serverInfo())).toBe('jellyfinNotSetUp');
});
