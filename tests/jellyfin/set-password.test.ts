import { lockState } from '../../src/services/account.js';
import { closeHouses, codeOf, openHouse, versions } from './house.js';

const read = 'GET /Users/{id}';
const writePassword = 'POST /Users/Password';
const writePolicy = 'POST /Users/{id}/Policy';
const password = 'new-one-2345';

afterEach(closeHouses);

describe.each(versions)('on Jellyfin %s', (version) => {
  test('a locked person signs in with the new password, after five calls', async () => {
    const { server, jellyfin, asked, id } = await openHouse({ version });
    await server.lock('maya');
    asked();
    const { after } = await jellyfin.setPassword(id('maya'), password);
    expect(after).toMatchObject({ isDisabled: false, failedSignIns: 0 });
    expect(asked()).toEqual([read, writePassword, read, writePolicy, read]);
    expect(await server.signIn('maya', 'old')).toMatchObject({ status: 401 });
    expect(await server.signIn('maya', password)).toMatchObject({ status: 200 });
  });
});

test('an open account costs three calls, and its policy is not written', async () => {
  const { jellyfin, asked, id } = await openHouse();
  asked();
  await jellyfin.setPassword(id('maya'), password);
  expect(asked()).toEqual([read, writePassword, read]);
});

test('a disabled account keeps its password', async () => {
  const users = [{ name: 'erin', password: 'old', disabled: true }];
  const { jellyfin, asked, id } = await openHouse({ users });
  expect(await codeOf(jellyfin.setPassword(id('erin'), password))).toBe('disabledByAdmin');
  expect(asked()).toEqual([read]);
});

test.each([
  ['is cut off after it was done', { cut: 'after' as const, times: 1 }],
  ['is cut off before it was done', { cut: 'before' as const, times: 1 }],
  ['ends in a server error', { status: 500, times: 1 }],
])('a password that %s is written once more, the same', async (_case, fault) => {
  const { server, jellyfin, asked, notes, id } = await openHouse();
  server.faults.on({ method: 'POST', path: /Password/, ...fault });
  asked();
  await jellyfin.setPassword(id('maya'), password);
  expect(asked()).toEqual([read, writePassword, read, writePassword, read]);
  expect(await server.signIn('maya', password)).toMatchObject({ status: 200 });
  expect(notes.lines.at(-1)?.message).toContain('writing it once more');
});

test('a password that stays unconfirmed is called uncertain, not failed', async () => {
  const { server, jellyfin, asked, id } = await openHouse();
  server.faults.on({ method: 'POST', path: /Password/, cut: 'after' });
  asked();
  expect(await codeOf(jellyfin.setPassword(id('maya'), password))).toBe('passwordUncertain');
  expect(asked().filter((call) => call === writePassword)).toHaveLength(2);
});

test('a password that is set while the server then falls silent is called uncertain', async () => {
  const { server, jellyfin, id } = await openHouse();
  const reading = server.faults.hold({ method: 'POST', path: /Password/ });
  const setting = codeOf(jellyfin.setPassword(id('maya'), password));
  await reading.arrived;
  server.faults.on({ method: 'GET', cut: 'before' });
  reading.release();
  expect(await setting).toBe('passwordUncertain');
});

test('a server that is down before anything was sent is just down', async () => {
  const { server, jellyfin, id } = await openHouse();
  const maya = id('maya');
  await server.shutdown();
  expect(await codeOf(jellyfin.setPassword(maya, password))).toBe('jellyfinUnreachable');
});

test('an unlock and a reset of one account take turns, and those of two accounts do not wait for each other', async () => {
  const users = [
    { name: 'maya', password: 'old', limit: 3 },
    { name: 'bob', password: 'old', limit: 3 },
  ];
  const { server, jellyfin, asked, id } = await openHouse({ users });
  await server.lock('maya');
  await server.lock('bob');
  asked();
  const mayas = server.faults.hold({ method: 'POST', path: new RegExp(`${id('maya')}/Policy`) });
  const unlocking = jellyfin.unlock(id('maya'));
  await mayas.arrived;
  const resetting = jellyfin.setPassword(id('maya').toUpperCase(), password);
  await jellyfin.unlock(id('bob'));
  // Everything so far is bob's but maya's first read: her reset waits for her unlock.
  expect(asked()).toEqual([read, read, writePolicy, read]);
  mayas.release();
  expect(lockState((await unlocking).after)).toBe('open');
  await resetting;
  expect(asked()).toEqual([writePolicy, read, read, writePassword, read]);
});

test('a change that fails does not stop the next one', async () => {
  const { server, jellyfin, id } = await openHouse();
  await server.lock('maya');
  server.faults.on({ method: 'POST', path: /Policy/, status: 400, times: 1 });
  const first = codeOf(jellyfin.unlock(id('maya')));
  const second = jellyfin.unlock(id('maya'));
  expect(await first).toBe('jellyfinRefused');
  expect(lockState((await second).after)).toBe('open');
});
