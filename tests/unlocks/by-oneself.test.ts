import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { anAccount } from '../support/an-account.js';
import { dad, locked, maya, servicesHouse, uncle } from '../support/services.js';

const house = servicesHouse();

const unlocks = (who = maya) => house.unlocks.unlock(house.actor(who), house.account.id, undefined);

async function byOneself() {
  house.turns(locked);
  const unlocked = await unlocks();
  if (unlocked.way !== 'by oneself') throw new Error(unlocked.way);
  return unlocked;
}

describe('where the household allows it', () => {
  beforeEach(() => {
    house.config.selfUnlock = 'allow';
    house.link(maya);
  });

  test('an owner reads in the answer how it went, and gets a message where the answer was lost', async () => {
    await (await byOneself()).delivered();
    expect(house.since()).toEqual(['unlock', 'sent card to admins']);
    await (await byOneself()).lost();
    expect(house.since()).toEqual(['unlock', 'sent outcome to maya', 'sent card to admins']);
    expect(house.history()).toEqual([
      ...['maya self unlock begun', 'maya unlock done', 'maya self unlock begun', 'maya unlock done'],
    ]);
  });

  test('nothing is locked, or only at the limit, or switched off, or its password is another’s', async () => {
    expect(await unlocks()).toEqual({ way: 'not locked' });
    house.turns({ failedSignIns: 3 });
    expect((await unlocks()).way).toBe('by oneself');
    house.turns({ isDisabled: true, failedSignIns: 0 });
    await expect(unlocks()).rejects.toMatchObject({ code: 'disabledByAdmin' });
    house.turns({ isDisabled: false, authenticationProviderId: 'Ldap' });
    await expect(unlocks()).rejects.toMatchObject({ code: 'passwordElsewhere' });
  });

  test('the fourth of a day is asked of the helpers, and says when', async () => {
    for (let n = 0; n < 3; n += 1) await (await byOneself()).delivered();
    house.turns(locked);
    expect(await unlocks()).toMatchObject({ way: 'asked', limit: { count: 3 } });
    expect(house.unlocks.mayOwnerUnlock({ ...house.account, ...locked })).toBe(false);
  });

  test('an administrator’s own account is asked for, and that is no limit', async () => {
    house.link(maya, { madeBy: 'commandLine' });
    house.turns({ ...locked, isAdministrator: true });
    expect(await unlocks()).toMatchObject({ way: 'asked', limit: undefined });
    expect(house.since()).toEqual(['sent card to admins']);
  });

  test('what they have asked for already is answered with it; what is just being done is not done twice', async () => {
    house.turns(locked);
    const { request } = await house.requests.ask('unlock', house.actor(maya), house.account.id, undefined);
    const { result } = await byOneself();
    expect(result).toMatchObject({ id: request.id, state: 'done' });
    house.turns(locked);
    let going = () => undefined as void;
    house.state.before = (call) => (call === 'unlock' ? new Promise<void>((go) => (going = go)) : undefined);
    const first = unlocks();
    for (let n = 0; n < 5; n += 1) await turn();
    expect(await unlocks()).toMatchObject({ way: 'asked', asked: { isNew: false } });
    expect(house.stores.rateLimits.between(house.account.id, 'self unlock', 0, house.state.now)).toHaveLength(2);
    going();
    expect((await first).way).toBe('by oneself');
  });

  test('one for whom nobody would ask now is not done either: who asks too often waits', async () => {
    const other = anAccount({ id: 'b'.repeat(32), name: 'leo', ...locked });
    for (let n = 0; n < 5; n += 1) {
      const { request } = await house.requests.askForLink(house.actor(maya), undefined);
      await house.requests.cancel(request.id, house.actor(maya));
    }
    house.state.accounts.set(other.id, other);
    await expect(byOneself()).rejects.toMatchObject({ code: 'tooManyRequests' });
    expect(house.unlocks.mayOwnerUnlock({ ...house.account, ...locked })).toBe(true);
  });

  test.each([
    ['locked', locked, true],
    ['open, at the limit', { failedSignIns: 3 }, true],
    ['open', {}, false],
    ['switched off', { isDisabled: true }, false],
    ['an administrator’s', { ...locked, isAdministrator: true }, false],
  ])('whether an owner may: %s', (_how, is, may) => {
    expect(house.unlocks.mayOwnerUnlock(anAccount(is))).toBe(may);
    house.config.selfUnlock = 'ask';
    expect(house.unlocks.mayOwnerUnlock(anAccount(is))).toBe(false);
  });

  test('whoever owns no account opens none', async () => {
    house.turns(locked);
    await expect(unlocks(uncle)).rejects.toMatchObject({ code: 'accountNotYours' });
    expect(house.since()).toEqual([]);
  });
});

test('where it does not, an owner asks', async () => {
  house.link(maya);
  house.turns(locked);
  expect((await unlocks()).way).toBe('asked');
  expect(house.since()).toEqual(['sent card to admins']);
});

test('a helper hears why it could not be done; only for an own account of an administrator it is asked', async () => {
  house.turns(locked);
  house.link(dad, { madeBy: 'commandLine' });
  for (const error of [new AppError('jellyfinTimeout'), new Error('a bug')]) {
    house.fails('unlock', error);
    await expect(unlocks(dad)).rejects.toBe(error);
  }
  house.state.before = () => undefined;
  house.turns({ ...locked, isAdministrator: true });
  house.state.ranks.set(uncle, 'helper');
  await expect(unlocks(uncle)).rejects.toMatchObject({ code: 'adminAccount' });
  house.link(uncle, { madeBy: 'commandLine' });
  expect((await unlocks(uncle)).way).toBe('asked');
});

test('an unlock that is done is noted before and after, once, and says what was before', async () => {
  house.turns(locked);
  expect(await unlocks(dad)).toMatchObject({ way: 'at once', isOwn: false, before: locked });
  expect(house.history()).toEqual(['dad unlock begun', 'dad unlock done']);
});

test('who has asked for an unlock hears that a rescue has opened it before that is said', async () => {
  house.link(maya);
  house.turns(locked);
  await unlocks();
  house.since();
  await house.unlocks.openedByRescue(house.account.id, dad);
  expect(house.since()).toEqual(['sent outcome to maya', 'edited card']);
});
