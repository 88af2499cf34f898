import { adapter, codeOf, Notes } from './house.js';
import { closeRawServers, json, rawServer, type RawRequest } from './raw-server.js';

afterEach(closeRawServers);

const id = 'a'.repeat(32);
const lockedPolicy = {
  IsAdministrator: false,
  IsDisabled: true,
  InvalidLoginAttemptCount: 3,
  LoginAttemptsBeforeLockout: 3,
  AuthenticationProviderId: 'A',
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
  expect(JSON.parse(written?.body ?? '')).toEqual({ ...lockedPolicy, IsDisabled: false, InvalidLoginAttemptCount: 0 });
  expect(notes.lines).toEqual([]);
});

test('the key goes in the one header that every version understands', async () => {
  const { requests, unlocked } = await unlockWith((written) => written);
  await unlocked;
  for (const { authorization } of requests) expect(authorization).toMatch(/^MediaBrowser .*Token="the-key"$/);
});

test("somebody else's change at the same time is noted by the names of the fields, and is no failure", async () => {
  const { notes, unlocked } = await unlockWith((written) => ({ ...written, IsAdministrator: true, FromTheFuture: 1 }));
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
  ['of the set-up server, which says when to come back', { 'retry-after': '5' }, '<!DOCTYPE html>', 'jellyfinStarting'],
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

test('JSON that is not a Jellyfin user is never taken for an open account', async () => {
  const { url } = await rawServer((request, response) => {
    if (!request.path.includes('Public'))
      return json(response, { Id: id, Name: 'maya', Policy: { InvalidLoginAttemptCount: 0 } });
    json(response, { Version: '10.11.8', ServerName: 'home', StartupWizardCompleted: true });
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
