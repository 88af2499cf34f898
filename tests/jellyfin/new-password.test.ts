import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { lockState } from '../../src/services/accounts/account.js';
import type { PreWriteCheck } from '../../src/services/accounts/jellyfin-port.js';
import { closeHouses, codeOf, errorOf, type House, openHouse, versions } from './house.js';
import { callsJellyfin, deletesAccount } from '../support/in-jellyfin.js';

afterEach(closeHouses);

const read = 'GET /Users/{id}';

const writePolicy = 'POST /Users/{id}/Policy';

test('two changes of one account are made one after the other, each by what it is then', async () => {
  const { server, jellyfin, asked, id } = await openHouse();
  await server.lock('maya');
  asked();
  await Promise.all([jellyfin.unlock(id('maya')), jellyfin.setPassword(id('maya'), 'new-one-2345')]);
  expect(asked()).toEqual([read, writePolicy, read, read, 'POST /Users/Password', read]);
});

describe('a new password', () => {
  const writePassword = 'POST /Users/Password';

  const password = 'new-one-2345';

  describe.each(versions)('on Jellyfin %s', (version) => {
    test('a locked person signs in with the new password, after four calls', async () => {
      const { server, jellyfin, asked, id } = await openHouse({ version });
      await server.lock('maya');
      asked();
      const { after } = await jellyfin.setPassword(id('maya'), password);
      expect(after).toMatchObject({ isDisabled: false, failedSignIns: 0 });
      expect(asked()).toEqual([read, writePolicy, writePassword, read]);
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

  test('an account that somebody failed to sign in to, and is not locked, gets its password like any other', async () => {
    const { server, jellyfin, asked, notes, id } = await openHouse();
    await server.signIn('maya', 'wrong once');
    asked();
    expect((await jellyfin.setPassword(id('maya'), password)).after.failedSignIns).toBe(1);
    expect([asked(), notes.lines]).toEqual([[read, writePassword, read], []]);
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

  test('while the lock cannot be cleared the password is not touched', async () => {
    const { server, jellyfin, asked, id } = await openHouse();
    await server.lock('maya');
    server.faults.on({ method: 'POST', path: /Policy/, status: 400, times: 1 });
    asked();
    expect(await codeOf(jellyfin.setPassword(id('maya'), password))).toBe('jellyfinRefused');
    expect(asked()).toEqual([read, writePolicy]);
    await jellyfin.unlock(id('maya'));
    expect(await server.signIn('maya', 'old')).toMatchObject({ status: 200 });
  });

  /** Sets Maya's password and does something when the server has it, before the bot looks back. */
  async function setMeanwhile({ server, jellyfin, id }: House, act: () => Promise<unknown>, permit?: PreWriteCheck) {
    const writing = server.faults.hold({ method: 'POST', path: /Password/ });
    const setting = jellyfin.setPassword(id('maya'), password, permit);
    // Whoever waits for its outcome comes later.
    setting.catch(() => undefined);
    await writing.arrived;
    const lookingBack = server.faults.hold({ method: 'GET', path: /Users\/[0-9a-f]{32}$/ });
    writing.release();
    await lookingBack.arrived;
    await act();
    lookingBack.release();
    return { setting };
  }

  test('an account that is locked anew while its password is set is opened again', async () => {
    const house = await openHouse();
    await house.server.lock('maya');
    house.asked();
    const { setting } = await setMeanwhile(house, () => house.server.lock('maya'));
    expect(lockState((await setting).after)).toBe('open');
    const bots = house.asked().filter((call) => !call.includes('AuthenticateByName'));
    expect(bots).toEqual([read, writePolicy, writePassword, read, writePolicy, read]);
    expect(await house.server.signIn('maya', password)).toMatchObject({ status: 200 });
  });

  test('an account that is disabled while its password is set stays so, and its old password is not called good', async () => {
    const house = await openHouse();
    const policy = { ...house.server.user('maya').Policy, IsDisabled: true };
    const { setting } = await setMeanwhile(house, () =>
      callsJellyfin(house.server, 'POST', `/Users/${house.id('maya')}/Policy`, policy),
    );
    expect(await errorOf(setting)).toMatchObject({ code: 'passwordUncertain', cause: { code: 'disabledByAdmin' } });
    expect(house.server.user('maya').Policy.IsDisabled).toBe(true);
    expect(house.notes.lines.at(-1)?.fields).toMatchObject({ err: { code: 'disabledByAdmin' } });
  });

  test('an account that may not be changed any more once its password is set has lost its old one all the same', async () => {
    const house = await openHouse();
    const policy = { ...house.server.user('maya').Policy, IsAdministrator: true };
    const act = () => callsJellyfin(house.server, 'POST', `/Users/${house.id('maya')}/Policy`, policy);
    const { setting } = await setMeanwhile(house, act, ({ isAdministrator }) => {
      if (isAdministrator) throw new AppError('adminAccount');
    });
    expect(await errorOf(setting)).toMatchObject({ code: 'passwordUncertain', cause: { code: 'adminAccount' } });
  });

  test('an account that became an administrator’s when its password was not confirmed is not written to once more', async () => {
    const { server, jellyfin, asked, id } = await openHouse();
    server.faults.on({ method: 'POST', path: /Password/, status: 500, times: 1 });
    const policy = { ...server.user('maya').Policy, IsAdministrator: true };
    const setting = jellyfin.setPassword(id('maya'), password, async ({ isAdministrator }) => {
      await callsJellyfin(server, 'POST', `/Users/${id('maya')}/Policy`, policy);
      if (isAdministrator) throw new AppError('adminAccount');
    });
    expect(await errorOf(setting)).toMatchObject({ code: 'passwordUncertain', cause: { code: 'adminAccount' } });
    expect(asked().filter((call) => call === writePassword)).toHaveLength(1);
    expect(await server.signIn('maya', 'old')).toMatchObject({ status: 200 });
  });

  test('a lock that does not go although the server said so is no reason to call the old password good', async () => {
    const { server, jellyfin, id } = await openHouse();
    await server.lock('maya');
    server.faults.on({ method: 'POST', path: /Policy/, status: 204 });
    const error = await errorOf(jellyfin.setPassword(id('maya'), password));
    expect(error).toMatchObject({ code: 'passwordUncertain', cause: { code: 'jellyfinNotApplied' } });
  });

  test('an account that is deleted while its password is set is just gone', async () => {
    const house = await openHouse();
    const { setting } = await setMeanwhile(house, () => deletesAccount(house.server, 'maya'));
    expect(await codeOf(setting)).toBe('accountGone');
  });

  const elsewhere = { AuthenticationProviderId: 'An.Ldap.Plugin' };

  test('where another provider checks passwords none is set, neither by a helper nor to cover one that ran out', async () => {
    const { server, jellyfin, asked, id } = await openHouse({ users: [{ name: 'maya', limit: 3, policy: elsewhere }] });
    await server.lock('maya');
    asked();
    expect(await codeOf(jellyfin.setPassword(id('maya'), password))).toBe('passwordElsewhere');
    expect(await codeOf(jellyfin.replacePassword(id('maya'), password, () => undefined))).toBe('passwordElsewhere');
    expect(asked()).toEqual([read, read]);
  });

  test('one that another provider checks by the time it is set is not called set', async () => {
    const house = await openHouse();
    const policy = { ...house.server.user('maya').Policy, ...elsewhere };
    const { setting } = await setMeanwhile(house, () =>
      callsJellyfin(house.server, 'POST', `/Users/${house.id('maya')}/Policy`, policy),
    );
    expect(await codeOf(setting)).toBe('passwordElsewhere');
  });

  test('what else was changed while it was set is noted, by the names of the fields', async () => {
    const house = await openHouse();
    await house.server.lock('maya');
    const { setting } = await setMeanwhile(house, () => {
      const policy = { ...house.server.user('maya').Policy, MaxActiveSessions: 7 };
      return callsJellyfin(house.server, 'POST', `/Users/${house.id('maya')}/Policy`, policy);
    });
    await setting;
    expect(house.notes.lines.at(-1)?.fields).toMatchObject({ fields: ['MaxActiveSessions'] });
  });

  test('one that covers another is written to no account that may not be changed, at the second try neither', async () => {
    const { server, jellyfin, asked, id } = await openHouse();
    const refused = () => {
      throw new AppError('adminAccount');
    };
    expect(await codeOf(jellyfin.replacePassword(id('maya'), password, refused))).toBe('adminAccount');
    server.faults.on({ method: 'POST', path: /Password/, status: 500, times: 1 });
    let isAdministrator = false;
    asked();
    const replacing = jellyfin.replacePassword(id('maya'), password, () => {
      if (isAdministrator) throw new AppError('adminAccount');
      isAdministrator = true;
    });
    expect(await errorOf(replacing)).toMatchObject({ code: 'passwordUncertain', cause: { code: 'adminAccount' } });
    expect(asked().filter((call) => call === writePassword)).toHaveLength(1);
    await jellyfin.replacePassword(id('maya'), password, () => undefined);
    expect(await server.signIn('maya', password)).toMatchObject({ status: 200 });
  });

  test.each([
    ['a page of a proxy’s', { status: 200, body: '<html>', contentType: 'text/html' }],
    ['a way elsewhere', { status: 302 }],
  ])('one that is answered with %s is not called set', async (_, answer) => {
    const { server, jellyfin, id } = await openHouse();
    server.faults.on({ method: 'POST', path: /Password/, ...answer });
    expect(await codeOf(jellyfin.setPassword(id('maya'), password))).toBe('jellyfinNotJellyfin');
    expect(await server.signIn('maya', 'old')).toMatchObject({ status: 200 });
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
    const resetting = jellyfin.setPassword(id('maya'), password);
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
});

describe('a password that Jellyfin checks itself from now on', () => {
  const password = 'new-one-2345';
  const gone = { AuthenticationProviderId: 'A.Plugin.That.Is.Gone' };
  const putOff = [{ DayOfWeek: 'Everyday', StartHour: 100, EndHour: 100 }];
  const house = () => openHouse({ users: [{ name: 'maya', password: 'old', policy: gone }] });
  const write = { method: 'POST', path: /\/Policy$/ };

  const writePassword = { method: 'POST', path: /^\/Users\/Password/ };
  const readAccount = { method: 'GET', path: /^\/Users\/[0-9a-f]{32}$/ };

  /** What an administrator does right before the last of these calls, made one after the other, is answered. */
  async function changesBefore(server: House['server'], policy: object, ...calls: { method: string; path: RegExp }[]) {
    let release = () => undefined as void;
    for (const call of calls) {
      const hold = server.faults.hold(call);
      release();
      await hold.arrived;
      release = () => hold.release();
    }
    const { Id: id, Policy: is } = server.user('maya');
    await callsJellyfin(server, 'POST', `/Users/${id}/Policy`, { ...is, ...policy });
    release();
  }

  test('is set while nobody can sign in without one, and opened by the last write', async () => {
    const { server, jellyfin, asked, id } = await house();
    asked();
    const { after } = await jellyfin.useOwnPassword(id('maya'), password);
    expect(after.accessSchedules).toEqual([]);
    expect(asked()).toEqual([read, writePolicy, read, 'POST /Users/Password', read, writePolicy, read]);
    expect(await server.signIn('maya', password)).toMatchObject({ status: 200 });
  });

  test('is set on no account that was switched off or may not be changed', async () => {
    const { server, jellyfin, asked, id } = await house();
    asked();
    const refused = jellyfin.useOwnPassword(id('maya'), password, () => {
      throw new AppError('adminAccount');
    });
    expect(await codeOf(refused)).toBe('adminAccount');
    expect(asked()).toEqual([read]);
    expect(server.user('maya').Policy).toMatchObject(gone);
  });

  test('is set by nobody whose account stands open without a password, whatever the server says', async () => {
    const { server, jellyfin, asked, id } = await house();
    server.faults.on({ ...write, status: 204, times: 1 });
    asked();
    expect(await codeOf(jellyfin.useOwnPassword(id('maya'), password))).toBe('passwordUncertain');
    expect(asked()).toEqual([read, writePolicy, read]);
  });

  test('that the server does not take opens no account: it would stand open without one', async () => {
    const { server, jellyfin, asked, id } = await house();
    server.faults.on({ ...writePassword, status: 500, times: 2 });
    asked();
    expect(await codeOf(jellyfin.useOwnPassword(id('maya'), password))).toBe('passwordUncertain');
    expect(asked().filter((call) => call === writePolicy)).toHaveLength(1);
    expect(server.user('maya').Policy).toMatchObject({ AccessSchedules: putOff });
  });

  test('opens no account that was switched off after it was set', async () => {
    const { server, jellyfin, id } = await house();
    const setting = codeOf(jellyfin.useOwnPassword(id('maya'), password));
    await changesBefore(server, { IsDisabled: true, InvalidLoginAttemptCount: 0 }, writePassword, readAccount);
    expect(await setting).toBe('passwordUncertain');
    expect(server.user('maya').Policy).toMatchObject({ IsDisabled: true, AccessSchedules: putOff });
  });

  test('is not called usable where the server says that it opened the account and did not', async () => {
    const { server, jellyfin, id } = await house();
    const writing = server.faults.hold(writePassword);
    const setting = codeOf(jellyfin.useOwnPassword(id('maya'), password));
    await writing.arrived;
    server.faults.on({ ...write, status: 204, times: 1 });
    writing.release();
    expect(await setting).toBe('passwordUncertain');
  });

  test.each([
    ['let Jellyfin check, and did not shut', { AccessSchedules: [] }],
    ['shut, and did not let Jellyfin check', gone],
  ])('is set by nobody whose account the server %s', async (_, policy) => {
    const { server, jellyfin, asked, id } = await house();
    const setting = codeOf(jellyfin.useOwnPassword(id('maya'), password));
    await changesBefore(server, policy, write, readAccount);
    expect(await setting).toBe('passwordUncertain');
    expect(asked()).not.toContain('POST /Users/Password');
  });

  test.each([
    ['of another provider', gone],
    ['that is switched off', { IsDisabled: true, InvalidLoginAttemptCount: 0 }],
  ])('is not called usable where the last look finds an account %s', async (_case, policy) => {
    const { server, jellyfin, id } = await house();
    const setting = errorOf(jellyfin.useOwnPassword(id('maya'), password));
    await changesBefore(server, policy, writePassword, write, readAccount);
    expect(['passwordUncertain', 'passwordElsewhere']).toContain((await setting).code);
  });
});
