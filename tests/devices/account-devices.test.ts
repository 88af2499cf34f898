import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { Device } from '../../src/services/accounts/device.js';
import { AccountDevices } from '../../src/services/devices/account-devices.js';
import type { Actor, Rank } from '../../src/services/members/actor.js';
import { anAccount } from '../support/an-account.js';

const account = anAccount();
const device = (id: string, accountId = account.id): Device => ({ id, name: id, app: '', accountId, lastSeen: 1 });

let isOwner: boolean;
let mayChange: boolean;
let asked: string[];
let emitted: number;
let signedIn: Device[];
let devices: AccountDevices;

beforeEach(() => {
  [isOwner, mayChange, asked, emitted] = [true, false, [], 0];
  signedIn = [device('tv'), device('phone'), device('phone', 'leo')];
  const list = () => {
    asked.push('list');
    return turn().then(() => [...signedIn]);
  };
  devices = new AccountDevices({
    watch: {
      devices: {
        list,
        connected: () => Promise.resolve([device('tv'), device('phone', 'leo')]),
        signOut: async (id: string) => {
          for (let turns = 0; turns < 9; turns += 1) await turn();
          signedIn = signedIn.filter((each) => each.id !== id);
        },
      },
    },
    jellyfin: { getAccount: () => Promise.resolve(account) },
    ownership: {
      has: () => isOwner,
      assertOwn: () => {
        if (!isOwner) throw new AppError('accountNotYours');
      },
    },
    permissions: {
      assertMayChange: () => turn().then(() => (mayChange ? undefined : Promise.reject(new AppError('adminAccount')))),
    },
    stores: { audit: { record: () => undefined }, transaction: (work: () => void) => void work() },
    events: { emit: () => (emitted += 1) },
  } as never);
});

const actor = (rank: Rank) => ({ id: 'maya', rank }) as Actor;
const found = async (rank: Rank) => (await devices.of(actor(rank), account.id)).devices;
const key = async (name: string) => (await found('member')).find((each) => each.name === name)?.key ?? '';

test('an account’s devices are its own, and say where it is connected itself, and who else is on them', async () => {
  expect(await found('member')).toMatchObject([
    { id: 'tv', isConnected: true, isShared: false },
    { id: 'phone', isConnected: false, isShared: true },
  ]);
});

test('for what is not a member’s Jellyfin is not even asked; an owner who helps sees theirs, though it is an administrator’s', async () => {
  isOwner = false;
  await expect(found('member')).rejects.toMatchObject({ code: 'accountNotYours' });
  expect(asked).toEqual([]);
  await expect(found('helper')).rejects.toMatchObject({ code: 'adminAccount' });
  mayChange = true;
  expect(await found('helper')).toHaveLength(2);
  [isOwner, mayChange] = [true, false];
  expect(await found('helper')).toHaveLength(2);
});

test('one that is signed out is seen to be, and only the last is everywhere', async () => {
  expect((await devices.signOut(actor('member'), account.id, await key('phone'))).devices).toMatchObject([
    { id: 'tv' },
  ]);
  expect(emitted).toBe(0);
  await devices.signOutEverywhere(actor('member'), account.id);
  expect([emitted, await found('member')]).toEqual([1, []]);
});
