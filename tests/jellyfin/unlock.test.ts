import { afterEach, describe, expect, test } from 'vitest';
import { lockState } from '../../src/services/accounts/account.js';
import { closeHouses, codeOf, openHouse, versions } from './house.js';
import { callsJellyfin } from '../support/in-jellyfin.js';

afterEach(closeHouses);

const read = 'GET /Users/{id}';

const writePolicy = 'POST /Users/{id}/Policy';

describe('an unlock', () => {
  describe.each(versions)('on Jellyfin %s', (version) => {
    test('a locked account is open again after three calls, and the right password signs in', async () => {
      const { server, jellyfin, asked, id } = await openHouse({ version });
      await server.lock('maya');
      asked();

      const { before, after } = await jellyfin.unlock(id('maya'));

      // 10.11.9 to 10.11.11 never lock: there the count has passed the limit all the same.
      expect(lockState(before)).toBe(version === '10.11.11' ? 'overLimit' : 'locked');
      expect(after).toMatchObject({ name: 'maya', isDisabled: false, failedSignIns: 0, signInLimit: 3 });
      expect(asked()).toEqual([read, writePolicy, read]);
      expect(await server.signIn('maya', 'old')).toMatchObject({ status: 200 });
    });

    test('a locked administrator is unlocked', async () => {
      const { server, jellyfin, id } = await openHouse({ version });
      await server.lock('root');
      const { after } = await jellyfin.unlock(id('root'));
      expect(after).toMatchObject({ isAdministrator: true, isDisabled: false, failedSignIns: 0 });
    });

    test('an account that an administrator disabled stays as it is', async () => {
      const users = [{ name: 'erin', disabled: true, limit: 3 }];
      const { server, jellyfin, asked, id } = await openHouse({ version, users });
      expect(await codeOf(jellyfin.unlock(id('erin')))).toBe('disabledByAdmin');
      expect(asked()).toEqual([read]);
      expect(server.user('erin').Policy.IsDisabled).toBe(true);
    });
  });

  test('nothing is written to an account that is open', async () => {
    const { server, jellyfin, asked, id } = await openHouse();
    await server.signIn('maya', 'wrong once');
    asked();
    const { after } = await jellyfin.unlock(id('maya'));
    expect(after.failedSignIns).toBe(1);
    expect(asked()).toEqual([read]);
  });

  test('every other field of the policy survives', async () => {
    const policy = {
      MaxActiveSessions: 4,
      BlockedTags: ['scary'],
      EnableContentDownloading: false,
      AccessSchedules: [{ DayOfWeek: 'Everyday', StartHour: 0, EndHour: 24 }],
    };
    const { server, jellyfin, notes, id } = await openHouse({ users: [{ name: 'maya', limit: 3, policy }] });
    await server.lock('maya');
    const before = server.user('maya').Policy;
    await jellyfin.unlock(id('maya'));
    const { AccessSchedules, ...after } = server.user('maya').Policy;
    expect({ ...after, AccessSchedules: AccessSchedules.length }).toEqual({
      ...before,
      AccessSchedules: 1,
      IsDisabled: false,
      InvalidLoginAttemptCount: 0,
    });
    expect(notes.lines).toEqual([]);
  });

  test('a policy that fails because somebody else writes is read and written again', async () => {
    const { server, jellyfin, asked, id } = await openHouse();
    await server.lock('maya');
    server.faults.on({ method: 'POST', path: /Policy/, status: 500, body: 'Error processing request.', times: 2 });
    asked();
    const { after } = await jellyfin.unlock(id('maya'));
    expect(lockState(after)).toBe('open');
    expect(asked()).toEqual([read, writePolicy, read, writePolicy, read, writePolicy, read]);
  });

  test('a policy that fails for good is given up after three tries', async () => {
    const { server, jellyfin, asked, id } = await openHouse();
    await server.lock('maya');
    server.faults.on({ method: 'POST', path: /Policy/, status: 500 });
    asked();
    expect(await codeOf(jellyfin.unlock(id('maya')))).toBe('jellyfinBroken');
    expect(asked().filter((call) => call === writePolicy)).toHaveLength(3);
  });

  test('an account that is disabled between two tries is left alone', async () => {
    const { server, jellyfin, id } = await openHouse({ users: [{ name: 'maya', limit: 3 }] });
    await server.lock('maya');
    const policyWrite = server.faults.hold({ method: 'POST', path: /Policy/ });
    server.faults.on({ method: 'POST', path: /Policy/, status: 500, times: 1 });
    const unlocking = codeOf(jellyfin.unlock(id('maya')));
    await policyWrite.arrived;
    // The administrator, at the same moment: opens the account, and then decides against it.
    const user = server.user('maya');
    const admin = { ...user.Policy, IsDisabled: true, InvalidLoginAttemptCount: 0 };
    const held = server.faults.hold({ method: 'GET', path: /Users\/[0-9a-f]{32}$/ });
    policyWrite.release();
    await held.arrived;
    await callsJellyfin(server, 'POST', `/Users/${user.Id}/Policy`, admin);
    held.release();
    expect(await unlocking).toBe('disabledByAdmin');
    expect(server.user('maya').Policy.IsDisabled).toBe(true);
  });

  test('a write whose answer is cut off counts when the account says so', async () => {
    const { server, jellyfin, asked, id } = await openHouse();
    await server.lock('maya');
    server.faults.on({ method: 'POST', path: /Policy/, cut: 'after' });
    asked();
    const { after } = await jellyfin.unlock(id('maya'));
    expect(lockState(after)).toBe('open');
    expect(asked()).toEqual([read, writePolicy, read]);
  });

  test('a write that is cut off before it is done fails, and is not repeated', async () => {
    const { server, jellyfin, asked, id } = await openHouse();
    await server.lock('maya');
    server.faults.on({ method: 'POST', path: /Policy/, cut: 'before' });
    asked();
    expect(await codeOf(jellyfin.unlock(id('maya')))).toBe('jellyfinUnreachable');
    expect(asked()).toEqual([read, writePolicy, read]);
  });

  test('a server that says done and did nothing is not believed', async () => {
    const { server, jellyfin, id } = await openHouse();
    await server.lock('maya');
    server.faults.on({ method: 'POST', path: /Policy/, status: 204 });
    expect(await codeOf(jellyfin.unlock(id('maya')))).toBe('jellyfinNotApplied');
  });

  test('a permit sees the account as just read and stops the change before anything is written', async () => {
    const { server, jellyfin, asked, id } = await openHouse();
    await server.lock('root');
    asked();
    const refused = jellyfin.unlock(id('root'), (account) => {
      if (account.isAdministrator) throw new RangeError('an administrator');
    });
    await expect(refused).rejects.toThrow(RangeError);
    expect(asked()).toEqual([read]);
  });
});
