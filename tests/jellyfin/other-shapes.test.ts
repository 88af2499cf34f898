import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { createJellyfin } from '../../src/jellyfin/create-jellyfin.js';
import { createKeylessJellyfin } from '../../src/jellyfin/keyless-jellyfin.js';
import { Secret } from '../../src/secret.js';
import { Notes } from './house.js';
import { closeRawServers, json, rawServer } from './raw-server.js';

afterEach(closeRawServers);

const id = 'a'.repeat(32);

const user = { Id: id, Name: 'maya', Policy: { IsDisabled: false, InvalidLoginAttemptCount: 0 } };

const signIn = { AccessToken: 'token', User: { Id: id, Name: 'maya', Policy: { IsAdministrator: true } } };

/** A server that answers all calls alike, and everything that reads such an answer. */
async function answering(body: unknown) {
  const { url } = await rawServer((_request, response) => json(response, body));
  const connection = { url, timeoutMs: 20_000, log: new Notes() };
  const { jellyfin, quickConnect, log, devices, refusalLog } = createJellyfin({
    ...connection,
    keys: { current: new Secret('key') },
  });
  const keyless = createKeylessJellyfin(connection);
  return {
    account: () => jellyfin.getAccount(id),
    accounts: () => jellyfin.listAccounts(),
    providers: () => jellyfin.listProviders(),
    time: () => log.time(),
    log: () => log.page({ startIndex: 0, limit: 10 }),
    logs: () => refusalLog.look('maya'),
    devices: () => devices.list(),
    code: () => quickConnect.begin('device'),
    confirmed: () => quickConnect.isConfirmed(new Secret('secret')),
    session: () => quickConnect.open(new Secret('secret'), 'device'),
    introduction: () => keyless.introduction(),
    pin: () => keyless.forgotPassword('maya'),
    signIn: () => keyless.signIn('maya', 'password'),
    key: async () => (await keyless.signIn('maya', 'password')).makeKey(),
  };
}

type Read = keyof Awaited<ReturnType<typeof answering>>;

/** What an answer lacks, by who reads it. */
const wrong: Record<Read, readonly unknown[]> = {
  account: [
    { ...user, Id: 1 },
    { ...user, Id: 'b'.repeat(32) },
    { ...user, Policy: null },
    { ...user, Policy: [] },
  ],
  accounts: [[null], [user, {}], {}],
  providers: [[null], [{ Id: 7 }], {}],
  time: [{ ResponseTransmissionTime: 1 }, { ResponseTransmissionTime: 'soon' }],
  log: [...[null, {}, { Id: 1, Date: 1 }, { Id: '1', Date: '2026-01-01T00:00:00Z' }, { Id: 1, Date: 'soon' }]].map(
    (entry) => ({ Items: [entry] }),
  ),
  logs: [[null], [{ Name: 7 }], {}],
  devices: [null, {}, { Id: 1, LastUserId: id }, { Id: 'phone' }].map((device) => ({ Items: [device] })),
  code: [
    { Code: '123456' },
    { Secret: 'secret' },
    { Code: 123456, Secret: 'secret' },
    { Code: '`[tap](https://evil.example)', Secret: 'secret' },
  ],
  confirmed: [{ Authenticated: 'yes' }],
  session: [
    { ...signIn, AccessToken: undefined },
    { ...signIn, User: undefined },
  ],
  introduction: [{ ProductName: 'Jellyfin Server' }],
  pin: [{ Action: 1 }],
  signIn: [
    { ...signIn, AccessToken: 1 },
    { AccessToken: 'token' },
    { ...signIn, User: { Id: 1 } },
    { ...signIn, User: { Name: 'maya' } },
  ],
  key: [signIn, { ...signIn, Items: 'x' }, { ...signIn, Items: [] }, { ...signIn, Items: [null, { AccessToken: 1 }] }],
};

/** The official client itself looks for the token in the answer to a sign-in, and takes none at all for a mistake of ours. */
const ofSignIns: readonly string[] = ['session', 'signIn', 'key'];

describe.each(Object.entries(wrong))('an answer of another shape to %s', (name, bodies) => {
  test.each(
    [
      ...(ofSignIns.includes(name) ? [] : [null]),
      ...(['accounts', 'providers', 'logs'].includes(name) ? [] : [[]]),
      {},
      'text',
      { Items: null },
      ...bodies,
    ].map((body) => [JSON.stringify(body), body]),
  )('%s is told as what it is, and not half understood', async (_, body) => {
    const reads = await answering(body);
    await expect(reads[name as Read]()).rejects.toBeInstanceOf(AppError);
  });
});

test.each([[null], [[]], ['text'], [7]])('settings that are %j are none to go by, or to write back', async (body) => {
  const { url } = await rawServer((_request, response) => json(response, body));
  const options = { url, keys: { current: new Secret('key') }, log: new Notes() };
  const { branding, signInRules } = createJellyfin(options);
  await expect(branding.read()).rejects.toBeInstanceOf(AppError);
  await expect(signInRules.takesOldApps()).rejects.toBeInstanceOf(AppError);
});

test('an account of which it is not said that it is ordinary is taken for an administrator’s', async () => {
  const said = async (IsAdministrator: unknown) =>
    (await (await answering({ ...user, Policy: { ...user.Policy, IsAdministrator } })).account()).isAdministrator;
  expect(await Promise.all([false, true, 'true', 1, null, undefined].map(said))).toEqual([
    ...[false, true, true, true, true, true],
  ]);
});

test.each([
  ['that would be more than one line of the settings', 'abc\nJELLYFIN_START_COMMAND=touch /tmp/theirs'],
  ['with which the settings could not be read any more', 'a'.repeat(70_000)],
])('a key %s is not taken for one', async (_, made) => {
  let key: unknown;
  const { url } = await rawServer(({ method, path }, response) => {
    if (path.includes('AuthenticateByName')) return json(response, signIn);
    if (method === 'POST') key = { AccessToken: made };
    json(response, { Items: key === undefined ? [] : [key] });
  });
  const session = await createKeylessJellyfin({ url, log: new Notes() }).signIn('maya', 'password');
  await expect(session.makeKey()).rejects.toMatchObject({ code: 'keyUnread' });
});

test('a list of a thousand accounts is read, and one that never ends is not', async () => {
  const list = (count: number, letters: number) =>
    Array.from({ length: count }, () => ({ ...user, Configuration: { x: 'x'.repeat(letters) } }));
  expect(await (await answering(list(1000, 3000))).accounts()).toHaveLength(1000);
  await expect((await answering(list(34, 1024 * 1024))).accounts()).rejects.toThrow(AppError);
});

test.each([
  ['is gone already is not there, which is what was wanted', [400, 404], undefined],
  ['the server cannot sign out is not taken for one that is gone', [500, 403], AppError],
])('a device that %s', async (_, answers, wanted) => {
  for (const status of answers) {
    const { url } = await rawServer((_request, response) => json(response, {}, status));
    const { devices } = createJellyfin({
      url,
      keys: { current: new Secret('key') },
      log: new Notes(),
      timeoutMs: 20_000,
    });
    const signingOut = devices.signOut('tv');
    if (wanted) await expect(signingOut).rejects.toThrow(wanted);
    else expect(await signingOut).toBeUndefined();
  }
});
