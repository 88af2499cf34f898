import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { Events } from '../../src/services/events.js';
import { closeHouses, codeOf, openHouse } from './house.js';

afterEach(closeHouses);

const read = 'GET /Users/{id}';

const writePolicy = 'POST /Users/{id}/Policy';

describe('an account that is switched on', () => {
  const users = [{ name: 'erin', password: 'old', disabled: true }];

  test('is read back, and a server that says done and did nothing is not believed', async () => {
    const { server, jellyfin, asked, id } = await openHouse({ users });
    server.faults.on({ method: 'POST', path: /Policy/, status: 204, times: 1 });
    expect(await codeOf(jellyfin.enable(id('erin')))).toBe('jellyfinNotApplied');
    asked();
    expect((await jellyfin.enable(id('erin'))).after.isDisabled).toBe(false);
    expect(asked()).toEqual([read, writePolicy, read]);
  });

  test('is not written where it is open by now', async () => {
    const { jellyfin, asked, id } = await openHouse();
    asked();
    await jellyfin.enable(id('maya'));
    expect(asked()).toEqual([read]);
  });

  test('is left alone where it may not be changed', async () => {
    const { server, jellyfin, id } = await openHouse({ users });
    const refused = jellyfin.enable(id('erin'), () => {
      throw new AppError('adminAccount');
    });
    expect(await codeOf(refused)).toBe('adminAccount');
    expect(server.user('erin').Policy.IsDisabled).toBe(true);
  });
});

test('an administrator’s right is read back, and a server that says done and did nothing is not believed', async () => {
  const { server, jellyfin, id } = await openHouse();
  server.faults.on({ method: 'POST', path: /Policy/, status: 204, times: 1 });
  expect(await codeOf(jellyfin.makeAdministrator(id('maya')))).toBe('jellyfinNotApplied');
  expect((await jellyfin.makeAdministrator(id('maya'))).after.isAdministrator).toBe(true);
});

test('an administrator’s right is given to no account that was switched off or may not be changed, and to none twice', async () => {
  const { jellyfin, asked, id } = await openHouse({ users: [{ name: 'erin', disabled: true }] });
  asked();
  expect(await codeOf(jellyfin.makeAdministrator(id('erin')))).toBe('disabledByAdmin');
  const refused = jellyfin.makeAdministrator(id('root'), () => {
    throw new AppError('adminAccount');
  });
  expect(await codeOf(refused)).toBe('adminAccount');
  await jellyfin.makeAdministrator(id('root'));
  expect(asked()).not.toContain(writePolicy);
});

test('who is told of accounts hears of each that is read, and that one is gone only where Jellyfin says so', async () => {
  const heard: unknown[] = [];
  const events = { emit: (name: string, what: unknown) => void heard.push([name, what]) } as unknown as Events;
  const { server, jellyfin, id } = await openHouse({ events });
  const maya = await jellyfin.getAccount(id('maya'));
  expect(heard.splice(0)).toEqual([['accountRead', { id: id('maya'), account: maya }]]);
  const all = await jellyfin.listAccounts();
  expect(heard.splice(0)).toEqual([['accountsListed', all]]);
  await codeOf(jellyfin.getAccount('1'.repeat(32)));
  expect(heard.splice(0)).toEqual([['accountRead', { id: '1'.repeat(32), account: undefined }]]);
  server.faults.on({ path: /^\/Users\//, status: 500 });
  await codeOf(jellyfin.getAccount(id('maya')));
  expect(heard).toEqual([]);
});
