import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { dad, hour, locked, maya, servicesHouse, uncle } from '../support/services.js';

const house = servicesHouse();
const leoId = 'b'.repeat(32);
const day = 24 * hour;

/** What the admins read after a night. */
async function night() {
  await house.linking.follow.run();
  const news = house.since().includes('sent news to admins') ? (house.drawn.news?.[1] as { kind: string }[]) : [];
  return news.map(({ kind }) => kind);
}

/** Longer than anything that is not waited for would have. */
const later = async (many = 5) => {
  for (let turns = 0; turns < many; turns += 1) await turn();
};

const linked = () => house.stores.links.all().map(({ memberId, accountId }) => [memberId, accountId]);

beforeEach(() => {
  house.state.accounts.set(leoId, { ...house.account, id: leoId, name: 'leo' });
});

describe('each night', () => {
  test('the admins read in one message who is gone for long, and which account is gone or has another name', async () => {
    const { now } = house.state;
    const { id } = house.account;
    house.link(maya, { asleepSince: now - 31 * day });
    house.link(uncle, { asleepSince: now - 5 * day });
    house.link(dad);
    house.link(dad, { accountId: leoId, accountName: 'leo' });
    house.state.ranks.delete(maya);
    house.state.ranks.delete(uncle);
    house.turns({ name: 'mia' });
    house.state.accounts.delete(leoId);
    const asked: string[] = [];
    house.state.before = (call) => {
      asked.push(call);
      return later();
    };
    expect((await night()).sort()).toEqual(['deleted', 'dropped', 'renamed', 'renamed']);
    // By itself only that which the list does not have.
    expect(asked.filter((call) => call === 'read')).toHaveLength(1);
    expect(linked()).toEqual(
      expect.arrayContaining([
        [uncle, id],
        [dad, id],
      ]),
    );
    expect(await night()).toEqual([]);
  });

  test('what somebody who left has asked for is withdrawn on its card before the night is over; who is there keeps theirs', async () => {
    const asked = [];
    for (const who of [maya, dad]) {
      house.link(who);
      house.turns(locked);
      asked.push((await house.requests.ask('unlock', house.actor(who), house.account.id, undefined)).request.id);
    }
    await house.idle();
    house.since();
    house.state.ranks.delete(maya);
    house.state.before = (call) => (/^find|edit/.test(call) ? later(30) : undefined);
    await house.linking.follow.run();
    expect(asked.map((id) => house.stores.requests.byId(id)?.state)).toEqual(['cancelled', 'pending']);
    expect(house.since().filter((each) => each === 'edited card').length).toBeGreaterThan(0);
  });

  test('of a link that is dropped what was asked for is withdrawn before the night is over, as well as the passwords that were changed are read', async () => {
    house.link(maya, { madeBy: 'proof' });
    house.link(uncle, { accountId: leoId, accountName: 'leo' });
    house.state.accounts.set(leoId, { ...house.account, ...locked, id: leoId, name: 'leo' });
    await house.requests.ask('unlock', house.actor(uncle), leoId, undefined);
    await house.idle();
    house.since();
    await house.linking.follow.run();
    house.state.accounts.delete(leoId);
    const about = { id: 1, at: house.state.now, text: '', address: undefined } as const;
    house.state.log.push({ ...about, kind: 'passwordChanged', accountId: house.account.id });
    house.state.before = () => later();
    await house.linking.follow.run();
    expect(house.since()).toEqual(expect.arrayContaining(['edited card', 'sent news to admins']));
    expect(house.stores.links.between(maya, house.account.id)?.suspendedSince).toBe(house.state.now);
  });

  test('where two of three accounts are gone, it is the same server', async () => {
    house.link(maya);
    house.link(uncle, { accountId: leoId, accountName: 'leo' });
    house.link(uncle, { accountId: 'c'.repeat(32), accountName: 'kid' });
    house.state.accounts.delete(leoId);
    expect([await night(), linked().length]).toEqual([['deleted', 'deleted'], 1]);
  });

  test('the only account that anybody is linked to may be deleted; where all of several are gone, it is another server, which is said once', async () => {
    house.link(maya);
    house.link(uncle, { accountId: leoId, accountName: 'leo' });
    house.state.accounts.clear();
    expect([await night(), await night(), linked().length]).toEqual([['otherServer'], [], 2]);
    house.stores.links.remove(uncle, leoId);
    expect([await night(), linked()]).toEqual([['deleted'], []]);
  });

  test('nobody is asked for accounts where nobody is linked; one that a list leaves out is asked for by itself', async () => {
    const asked: string[] = [];
    house.state.before = (call) => asked.push(call);
    await night();
    expect(asked.filter((call) => call === 'list')).toEqual([]);
    house.link(maya);
    house.link(uncle, { accountId: leoId, accountName: 'leo' });
    house.rightBefore('list', () => {
      const leo = house.state.accounts.get(leoId);
      house.state.accounts.delete(leoId);
      house.rightBefore('read', () => leo && house.state.accounts.set(leoId, leo));
    });
    expect([await night(), linked().length]).toEqual([[], 2]);
  });

  test('a server that does not answer, and whatever else fails, keeps nothing else from being looked at', async () => {
    house.link(maya, { asleepSince: house.state.now - 31 * day });
    house.link(dad);
    house.state.ranks.delete(maya);
    house.fails('list', new AppError('jellyfinTimeout'));
    expect(await night()).toEqual(['dropped']);
    house.fails('list', new Error('a bug'));
    house.turns({ name: 'mia' });
    expect(await night()).toEqual([]);
    house.fails('find', new Error('Discord is away'));
    expect(await night()).toEqual(['renamed']);
  });
});

test('that a link counts no more is told to its member and the admins, that it counts again to nobody; a new name to the admins', async () => {
  house.link(maya);
  const isRead = async () => {
    await house.accounts.byId(house.account.id);
    await house.idle();
    return house.since().sort();
  };
  house.turns({ isAdministrator: true });
  expect(await isRead()).toEqual(['sent news to admins', 'sent unproved to maya']);
  house.turns({ isAdministrator: false });
  expect([await isRead(), house.ownership.has(maya, house.account.id)]).toEqual([[], true]);
  house.turns({ name: 'mia' });
  expect([await isRead(), await isRead()]).toEqual([['sent news to admins'], []]);
});

describe('an admin who links a member', () => {
  const links = () => house.links.link(house.actor(dad), maya, house.account.id);

  test.each<[string, () => void]>([
    ['memberUnknown', () => house.state.ranks.delete(maya)],
    ['linkAdminAccount', () => house.turns({ isAdministrator: true })],
    ['alreadyLinked', () => house.link(maya)],
  ])('hears %s where that is so', async (code, is) => {
    is();
    await expect(links()).rejects.toMatchObject({ code });
  });

  test('answers their wish to be linked, and no other’s, nor another wish of theirs', async () => {
    const link = { kind: 'link', state: 'pending', decidedBy: undefined, accountId: '', accountName: '' } as const;
    const others = [
      house.approved({ ...link, memberId: uncle }),
      house.approved({ kind: 'reset', state: 'pending', decidedBy: undefined, memberId: maya }),
    ];
    const own = house.approved({ ...link, memberId: maya });
    await links();
    await house.idle();
    const states = [own, ...others].map(({ id }) => house.stores.requests.byId(id)?.state);
    expect(states).toEqual(['done', 'pending', 'pending']);
  });
});

test('whoever loses a link has what they asked for withdrawn by the time that this is answered', async () => {
  house.link(maya);
  house.turns(locked);
  const { request } = await house.requests.ask('unlock', house.actor(maya), house.account.id, undefined);
  await house.idle();
  house.since();
  house.state.before = () => later();
  await house.links.unlink(house.actor(dad), maya, house.account.id);
  expect(house.stores.requests.byId(request.id)?.state).toBe('cancelled');
  expect(house.since()).toContain('edited card');
});

test('the link of an administrator’s account is taken away by an admin who owns one, and by no other', async () => {
  house.turns({ isAdministrator: true });
  house.link(maya, { madeBy: 'commandLine', onAdministrator: true });
  const unlinks = () => house.links.unlink(house.actor(dad), maya, 'maya');
  await expect(unlinks()).rejects.toMatchObject({ code: 'adminAccount' });
  house.link(dad, { madeBy: 'commandLine', onAdministrator: true, ofAdmin: true });
  expect(await unlinks()).toMatchObject({ isAdministrator: true });
});
