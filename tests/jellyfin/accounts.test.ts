import { closeHouses, openHouse, versions } from './house.js';

afterEach(closeHouses);

test.each(versions)('Jellyfin %s: the list has every account with all that matters for signing in', async (version) => {
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
});
