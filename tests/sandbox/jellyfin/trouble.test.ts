import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ask } from '../../../sandbox/jellyfin/ask.js';
import { startJellyfin, type Jellyfin } from '../../../sandbox/jellyfin/index.js';

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

test('one PIN file that cannot be read makes every PIN fail', async () => {
  const forgot = { method: 'POST', body: JSON.stringify({ EnteredUsername: 'maya' }) };
  expect((await ask(`${jellyfin.url}/Users/ForgotPassword`, forgot)).status).toBe(200);
  writeFileSync(join(jellyfin.serverDir, 'passwordreset0.json'), '{"Pin":"1"}}');
  const redeem = await ask(`${jellyfin.url}/Users/ForgotPassword/Pin`, {
    method: 'POST',
    body: '{"Pin":"00-00-00-00"}',
  });
  expect(redeem.status).toBe(500);
});

test('somebody with as many sessions as allowed is refused another, with the 403 that says nothing', async () => {
  jellyfin.addUser('bob', { password: 'right', policy: { MaxActiveSessions: 1 } });
  expect((await jellyfin.signIn('bob', 'right', { device: 'TV' })).status).toBe(200);
  expect((await jellyfin.signIn('bob', 'right', { device: 'phone' })).status).toBe(403);
  expect((await jellyfin.signIn('bob', 'right', { device: 'TV' })).status).toBe(200);
});

test('two thousand accounts are there at once, and listed', async () => {
  jellyfin.addManyUsers(2000);
  const users = await ask(`${jellyfin.url}/Users`, {
    headers: { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` },
  });
  expect((JSON.parse(users.body) as object[]).length).toBe(2002);
}, 60_000);
