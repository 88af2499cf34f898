import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { Account } from '../../src/services/accounts/account.js';
import type { NewRequest, Request } from '../../src/services/requests/request.js';
import { dad, hour, maya, minute, servicesHouse, uncle } from '../support/services.js';

const house = servicesHouse();

const approved = (but: Partial<NewRequest> = {}) => house.approved({ kind: 'reset', ...but });

/** That one's password, which holds for an hour. */
function begun({ id: requestId, memberId, accountId }: Request) {
  const { now: begunAt } = house.state;
  house.stores.tempPasswords.begin({ requestId, accountId, memberId, begunAt, expiresAt: begunAt + hour });
  return { requestId, memberId };
}

/** They have set their own. */
function setsOwn(id: number) {
  house.passwordHandover.ownSet(approvedOf(id));
}

const now = (id: number) => house.stores.requests.byId(id);
function approvedOf(id: number) {
  const request = now(id);
  if (!request) throw new Error('no request');
  return request;
}
const shows = (id: number) => house.passwordHandover.show(id, house.actor(maya));

/** A password that was sent to Maya in a direct message. */
async function sent() {
  house.link(maya);
  await house.resets.reset(house.actor(dad), house.account.id, undefined);
  await house.idle();
  house.since();
  return house.stores.requests.openOf(maya)[0]?.id ?? 1;
}

test('what stands behind no button is not shown, nor what is not theirs any more', async () => {
  house.link(maya);
  const [sentTo, behind] = [approved(), approved({ kind: 'provider', delivery: 'button' })];
  await expect(shows(sentTo.id)).rejects.toMatchObject({ code: 'requestDecided' });
  house.stores.links.remove(maya, house.account.id);
  await expect(shows(behind.id)).rejects.toMatchObject({ code: 'linkGone' });
  expect(house.since()).toEqual([]);
});

test.each<[string, Partial<Account>, string | undefined]>([
  ['an administrator’s', { isAdministrator: true, authenticationProviderId: 'Ldap' }, 'providerAdministrator'],
  ['switched off', { isDisabled: true, failedSignIns: 0, authenticationProviderId: 'Ldap' }, 'disabledByAdmin'],
  ['one whose password Jellyfin checks', {}, 'providerThere'],
  ['one whose provider is gone', { authenticationProviderId: 'Ldap' }, undefined],
  [
    'kept closed by an earlier attempt',
    { accessSchedules: [{ day: 'Everyday', startHour: 107, endHour: 108 }] },
    undefined,
  ],
])('an account that is %s is taken over where that is right', async (_how, but, code) => {
  house.turns(but);
  const account = house.resets.toTakeOver(house.account.id);
  if (code === undefined) expect(await account).toMatchObject(but);
  else await expect(account).rejects.toMatchObject({ code });
});

test('a password that is over is not said to have been replaced by its owner', async () => {
  const { id } = approved();
  begun(approvedOf(id));
  house.stores.tempPasswords.note(id, { end: 'expired', endedAt: house.state.now });
  setsOwn(id);
  await house.idle();
  expect(house.history().filter((each) => each.endsWith('own set'))).toEqual([]);
});

test('of two who are given a password for one account at once, each reads one that works when it comes', async () => {
  [maya, uncle].forEach((each) => house.link(each));
  const two = [maya, uncle].map((memberId) => approved({ memberId, state: 'pending', decidedBy: undefined }));
  await Promise.all(two.map(({ id, version }) => house.requests.approve(id, house.actor(dad), version)));
  await house.idle();
  const kinds = house.since().filter((each) => /^password$|passwordShown/.test(each));
  expect(kinds).toEqual(['password', 'edited passwordShown', 'password', 'edited passwordShown']);
});

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
  for (let n = 0; n < 10; n += 1) await turn();
  await shown.delivered();
  await round;
  await house.idle();
  expect(now(id)?.state).toBe('done');
  expect(house.history().filter((each) => each.includes(' reset '))).toEqual(['dad reset done']);
});

test('a helper whose password could not be made can begin anew, and the card says why', async () => {
  house.fails('password', new AppError('jellyfinTimeout'));
  const give = () => house.resets.reset(house.actor(dad), house.account.id, undefined);
  await expect(give()).rejects.toMatchObject({ code: 'jellyfinTimeout' });
  expect(now(1)).toMatchObject({ state: 'failed', failure: 'jellyfinTimeout' });
});

test('behind a button it waits for the next press, and another may be asked for only when that one is over', async () => {
  house.link(maya);
  const { id } = approved({ delivery: 'button' });
  house.fails('password', new AppError('jellyfinTimeout'));
  await expect(shows(id)).rejects.toMatchObject({ code: 'jellyfinTimeout' });
  expect(now(id)?.state).toBe('approved');
});

test('that they have set their own is noted once, and hides nothing that was hidden before', async () => {
  const id = await sent();
  setsOwn(id);
  house.state.now += minute;
  setsOwn(id);
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
  house.fails('password', new AppError('jellyfinTimeout'));
  await expect(house.passwordHandover.renewHere(id, house.actor(maya))).rejects.toMatchObject({
    code: 'jellyfinTimeout',
  });
  expect(house.stores.requests.openOf(maya)).toEqual([]);
});

test('what was shown is told, hidden and on its card by the time that it is known to have arrived', async () => {
  const old = await sent();
  house.link(uncle);
  const { id } = approved({ delivery: 'button', memberId: uncle });
  const shown = await house.passwordHandover.show(id, house.actor(uncle));
  house.since();
  await shown.delivered();
  expect(house.since()).toEqual(['edited passwordScrubbed', 'sent card to admins']);
  expect(house.stores.tempPasswords.byRequest(old)?.end).toBe('superseded');
});

test('an answer to a helper that was lost is on its card, and nobody has the password', async () => {
  const given = await house.resets.reset(house.actor(dad), house.account.id, undefined);
  if (given.way !== 'handed') throw new Error(given.way);
  await given.handed.lost();
  expect(now(1)).toMatchObject({ state: 'failed', failure: 'answerLost' });
});

test('a bot that starts ends the answers that its predecessor was about to give, and leaves buttons as they are', async () => {
  const [answer, button] = [approved({ delivery: 'answer' }), approved({ delivery: 'button', memberId: uncle })];
  house.stores.requests.move(approved({ delivery: 'answer', memberId: dad }).id, ['approved'], 'done', {
    deliveryStatus: 'due',
  });
  house.passwordHandover.failAbandonedAnswers();
  expect([now(answer.id)?.state, now(button.id)?.state, now(3)?.state]).toEqual(['failed', 'approved', 'done']);
});

test('a password that nobody came to see is over, told and shown by the end of the round', async () => {
  house.link(maya);
  const { id } = approved({ delivery: 'button' });
  house.stores.requests.move(id, ['approved'], 'approved', { decidedAt: house.state.now });
  house.state.now += 25 * hour;
  await house.upkeep.round();
  expect(now(id)).toMatchObject({ state: 'failed', failure: 'notCollected' });
  expect(house.since()).toEqual(['sent card to admins', 'sent outcome to maya', 'edited card']);
});

describe('a password that waits', () => {
  const unused = (who = maya) => house.passwordHandover.unused(who, house.account);

  test('is theirs who got it, until it is used, hidden or over', async () => {
    const id = await sent();
    expect([unused()?.requestId, unused(uncle)]).toEqual([id, undefined]);
    expect(house.passwordHandover.unused(maya, { ...house.account, lastSignIn: new Date(house.state.now) })).toBe(
      undefined,
    );
    house.state.now += 24 * hour;
    expect(unused()).toBeUndefined();
    house.state.now -= hour;
    setsOwn(id);
    expect(unused()).toBeUndefined();
  });

  test('is made anew for nobody whose link is gone, nor by somebody else, and nothing is begun', async () => {
    const id = await sent();
    const renews = (who = maya) => [
      house.passwordHandover.renew(id, house.actor(who)),
      house.passwordHandover.renewHere(id, house.actor(who)),
    ];
    for (const each of renews(uncle)) await expect(each).rejects.toMatchObject({ code: 'requestNotYours' });
    house.stores.links.remove(maya, house.account.id);
    for (const each of renews()) await expect(each).rejects.toMatchObject({ code: 'linkGone' });
    expect(house.stores.requests.byId(id + 1)).toBeUndefined();
  });

  test('is not made anew once its time is over, or in a place where it was never shown', async () => {
    const id = await sent();
    house.state.now += 24 * hour;
    const renews = (which = id) => house.passwordHandover.renew(which, house.actor(maya));
    await expect(renews()).rejects.toMatchObject({ code: 'passwordOld' });
    house.state.now -= 24 * hour;
    const { id: other } = approved({ delivery: 'button' });
    await (await shows(other)).delivered();
    await expect(renews(other)).rejects.toMatchObject({ code: 'passwordOld' });
  });

  test('is asked for once more after it was hidden: Jellyfin wants it when they set their own', async () => {
    const id = await sent();
    setsOwn(id);
    await expect(house.passwordHandover.renewHere(id, house.actor(maya))).rejects.toMatchObject({
      code: 'passwordOld',
    });
    house.discord.messenger.read = () => Promise.resolve({ at: { channelId: '1', messageId: '1' }, buttons: [] });
    expect(await house.passwordHandover.renew(id, house.actor(maya))).toMatchObject({ state: 'done' });
  });

  test('whose answer was lost is shown by the same request', async () => {
    const id = await sent();
    await (await house.passwordHandover.renewHere(id, house.actor(maya))).lost();
    const again = await house.passwordHandover.renewHere(id, house.actor(maya));
    expect(again.result.request.id).toBe(id + 1);
    await again.delivered();
    expect(now(id + 1)?.state).toBe('done');
  });
});

describe('a reminder', () => {
  const owes = (but: Partial<NewRequest>) => {
    const { requestId, memberId } = begun(approved(but));
    house.outbox.owe({ kind: 'passwordReminder1', subjectId: `${requestId}`, recipientId: memberId });
    return requestId;
  };
  const reminds = async (but: Partial<NewRequest>) => {
    owes({ memberId: dad, ...but });
    await house.outbox.round();
    return house.since();
  };

  test('comes to an admin who rescued another administrator’s account, and to nobody who asked for what was theirs', async () => {
    expect(await reminds({ adminAccount: true, origin: 'direct' })).toEqual(['sent notice to dad']);
    expect(await reminds({ adminAccount: true, origin: 'asked', memberId: uncle })).toEqual([]);
    expect(await reminds({ origin: 'direct', memberId: maya, decidedBy: maya })).toEqual([]);
    house.link(maya);
    expect(await reminds({ kind: 'provider', memberId: maya })).toEqual(['sent notice to maya']);
  });

  test('of a password that has ended is not sent, and one that stands is taken back', async () => {
    house.link(maya);
    const end = (id: number) => house.stores.tempPasswords.note(id, { end: 'replaced', endedAt: house.state.now });
    await reminds({ memberId: maya });
    end(1);
    await house.outbox.round();
    expect(house.since()).toEqual(['edited reminderOver']);
    end(owes({ kind: 'provider' }));
    await house.outbox.round();
    expect(house.since()).toEqual([]);
  });
});

test('who asks again while an admin is asked already reads that, and not of an older password that waits', async () => {
  await sent();
  const { request } = await house.requests.ask('reset', house.actor(maya), house.account.id, undefined);
  const asks = (read?: typeof house.account) => house.resets.ask(house.actor(maya), house.account.id, undefined, read);
  for (const read of [undefined, house.account])
    expect(await asks(read)).toMatchObject({ way: 'asked', asked: { request: { id: request.id }, isNew: false } });
  await house.requests.cancel(request.id, house.actor(maya));
  expect(await asks()).toMatchObject({ way: 'waits' });
});

test('what nobody used is taken away, hidden and told by the end of the round, and what a newer one replaced is hidden', async () => {
  house.state.log.push({ id: 1, at: 1, kind: 'other', accountId: undefined, text: '', address: undefined });
  const id = await sent();
  house.state.now += 24 * hour;
  await house.upkeep.round();
  expect(house.since()).toEqual(['taken away', 'edited passwordScrubbed']);
  expect(house.stores.tempPasswords.byRequest(id)?.endedAt).toBe(house.state.now);
  house.link(uncle);
  const other = { channelId: 'dm uncle', messageId: '9' };
  for (const memberId of [maya, uncle]) {
    const { requestId } = begun(approved({ memberId, kind: 'provider' }));
    house.stores.tempPasswords.shown(requestId, house.state.now, other);
    house.stores.requests.move(requestId, ['approved'], 'done', { deliveryStatus: 'told' });
    other.messageId += memberId;
  }
  await house.upkeep.round();
  expect(house.since().filter((each) => each.includes('Scrubbed'))).toEqual(['edited passwordScrubbed']);
});
