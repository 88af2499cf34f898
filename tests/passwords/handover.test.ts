import { expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { NewRequest } from '../../src/services/requests/request.js';
import { dad, hour, maya, minute, servicesHouse } from '../support/services.js';

const house = servicesHouse();

function approved(but: Partial<NewRequest> = {}) {
  const { id: accountId, name: accountName } = house.account;
  const about = { kind: 'reset', memberId: maya, accountId, accountName, adminAccount: false } as const;
  const how = { state: 'approved', origin: 'asked', decidedBy: dad, createdAt: house.state.now } as const;
  const request = house.stores.requests.insert({ ...about, ...how, ...but });
  if (!request) throw new Error('no request');
  return request;
}

const now = (id: number) => house.stores.requests.byId(id);
const shows = (id: number) => house.passwordHandover.show(id, house.actor(maya));

/** A password that was sent to Maya in a direct message. */
async function sent() {
  house.link(maya);
  await house.resets.reset(house.actor(dad), house.account.id, undefined);
  await house.idle();
  house.since();
  return house.stores.requests.openOf(maya)[0]?.id ?? 1;
}

test('who presses twice sees one password: the second press reads that it was shown', async () => {
  house.link(maya);
  const { id } = approved({ delivery: 'button' });
  const [first, second] = [await shows(id), shows(id)];
  await first.delivered();
  await expect(second).rejects.toMatchObject({ code: 'requestDecided', params: { state: 'done' } });
  expect(house.since().filter((each) => each === 'password')).toHaveLength(1);
});

test('what was read just before the link was taken away is not said to be a request that went well', async () => {
  house.link(maya);
  const { id } = approved({ delivery: 'button' });
  const shown = await shows(id);
  await house.links.unlink(house.actor(dad), maya, house.account.id);
  await shown.delivered();
  expect(now(id)).toMatchObject({ state: 'failed', failure: 'linkGone' });
});

test('a password that is fetched at the very end of its time is not said to have been never fetched', async () => {
  house.link(maya);
  const { id } = approved({ delivery: 'button' });
  const shown = await shows(id);
  house.state.now += 25 * hour;
  const round = house.upkeep.round();
  await shown.delivered();
  await round;
  await house.idle();
  expect(now(id)?.state).toBe('done');
  expect(house.history().filter((each) => each.includes(' reset '))).toEqual(['dad reset done']);
});

test('a helper whose password could not be made can begin anew, and the card says why', async () => {
  house.state.before = (call) => {
    if (call === 'password') throw new AppError('jellyfinTimeout');
  };
  const give = () => house.resets.reset(house.actor(dad), house.account.id, undefined);
  await expect(give()).rejects.toMatchObject({ code: 'jellyfinTimeout' });
  expect(now(1)).toMatchObject({ state: 'failed', failure: 'jellyfinTimeout' });
});

test('behind a button it waits for the next press, and another may be asked for only when that one is over', async () => {
  house.link(maya);
  const { id } = approved({ delivery: 'button' });
  house.state.before = (call) => {
    if (call === 'password') throw new AppError('jellyfinTimeout');
  };
  await expect(shows(id)).rejects.toMatchObject({ code: 'jellyfinTimeout' });
  expect(now(id)?.state).toBe('approved');
});

test('that they have set their own is noted once, and hides nothing that was hidden before', async () => {
  const id = await sent();
  const request = now(id);
  if (!request) throw new Error('no request');
  house.passwordHandover.ownSet(request);
  house.state.now += minute;
  house.passwordHandover.ownSet(request);
  expect(house.history().filter((each) => each.endsWith('own set'))).toHaveLength(1);
});

test('one that is on its way in a direct message is not shown in an answer as well', async () => {
  const id = await sent();
  approved();
  await expect(house.passwordHandover.renewHere(id, house.actor(maya))).rejects.toMatchObject({
    code: 'passwordBeingShown',
  });
  expect(house.since()).toEqual([]);
});

test('who waits for an admin’s word reads that, and not that a password is just being shown', async () => {
  const id = await sent();
  await house.requests.ask('reset', house.actor(maya), house.account.id, undefined);
  await expect(house.passwordHandover.renewHere(id, house.actor(maya))).rejects.toMatchObject({ code: 'resetWaiting' });
});

test('one that nobody could be shown here fails, and its place is free', async () => {
  const id = await sent();
  house.state.before = (call) => {
    if (call === 'password') throw new AppError('jellyfinTimeout');
  };
  await expect(house.passwordHandover.renewHere(id, house.actor(maya))).rejects.toMatchObject({
    code: 'jellyfinTimeout',
  });
  expect(house.stores.requests.openOf(maya)).toEqual([]);
});
