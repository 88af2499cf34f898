import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { CardFacts } from '../../src/services/requests/request-deps.js';
import type { NewRequest, Request } from '../../src/services/requests/request.js';
import { anAccount } from '../support/an-account.js';
import { dad, hour, locked, maya, minute, servicesHouse, uncle } from '../support/services.js';

const house = servicesHouse();

const now = (id: number) => house.stores.requests.byId(id);
const facts = () => house.drawn.card?.[1] as CardFacts;
const approves = (id: number, version = now(id)?.version ?? 0) => house.requests.approve(id, house.actor(dad), version);

/** Waits with a card in the admin channel. */
async function asked(kind: 'unlock' | 'reset' = 'unlock', who = maya): Promise<Request> {
  if (!house.stores.links.between(who, house.account.id)) house.link(who);
  house.turns(locked);
  const { request } = await house.requests.ask(kind, house.actor(who), house.account.id, undefined);
  await house.idle();
  house.since();
  return request;
}

const inserted = (but: Partial<NewRequest> = {}) => house.approved({ kind: 'unlock', ...but });

test('who has left is looked for before an approval is noted', async () => {
  const { id } = await asked();
  house.state.ranks.delete(maya);
  await expect(approves(id)).rejects.toMatchObject({ code: 'memberLeft' });
  expect([now(id)?.state, house.since()]).toEqual(['cancelled', ['sent news to admins', 'edited card']]);
});

test('a request that failed is not tried again for who has left; the card is looked for where it may have been sent', async () => {
  house.link(maya);
  const { id } = inserted({ state: 'pending', decidedBy: undefined });
  house.stores.requests.touch(id);
  house.discord.answers.found = { channelId: 'admins', messageId: '9' };
  await house.requests.deny(id, house.actor(dad), {});
  await house.idle();
  expect(house.since()).toContain('edited card');
  house.stores.db.exec("UPDATE requests SET state = 'failed'");
  house.state.ranks.delete(maya);
  await expect(house.requests.retry(id, house.actor(dad))).rejects.toMatchObject({ code: 'memberLeft' });
});

test('who may not decide about an administrator’s account is known before anything is decided', async () => {
  const { id } = await asked();
  house.stores.db.exec('UPDATE requests SET admin_account = 1');
  for (const act of [() => approves(id), () => house.requests.deny(id, house.actor(dad), {})])
    await expect(act()).rejects.toMatchObject({ code: 'adminAccount' });
  expect(now(id)?.state).toBe('pending');
});

test('what waits for an approval by name is an admin’s to decide, and asks for no right over an account', async () => {
  const { request } = house.requests.askByName('unlock', house.actor(maya), 'maya', undefined);
  await house.idle();
  house.state.ranks.set(uncle, 'helper');
  await expect(house.requests.deny(request.id, house.actor(uncle), {})).rejects.toMatchObject({ code: 'adminsOnly' });
  await house.requests.deny(request.id, house.actor(dad), {});
  expect(now(request.id)?.state).toBe('denied');
});

test('a name that two accounts have offers neither of them', async () => {
  const another = anAccount({ id: 'b'.repeat(32), name: 'MAYA' });
  house.requests.askByName('reset', house.actor(uncle), 'Maya', undefined);
  await house.idle();
  expect(facts().named).toMatchObject({ kind: 'account' });
  house.state.accounts.set(another.id, another);
  house.state.now += minute;
  await house.accounts.listNow();
  house.requests.askByName('unlock', house.actor(uncle), 'Maya', undefined);
  await house.idle();
  expect(facts().named).toEqual({ kind: 'none' });
});

test('a card offers accounts to pick from only where approving links, and while it waits', async () => {
  house.state.accounts.set('b', anAccount({ id: 'b'.repeat(32), name: 'leo' }));
  await asked();
  expect(facts().candidates).toEqual([]);
  const { request } = await house.requests.askForLink(house.actor(uncle), undefined);
  await house.idle();
  expect(facts().candidates.map(({ name }) => name)).toEqual(['leo']);
  await house.requests.deny(request.id, house.actor(dad), {});
  expect(facts()).toMatchObject({ candidates: [], named: undefined, asker: undefined });
});

test('whose password it is as well stands on the card of a new password alone', async () => {
  house.link(uncle);
  await asked('unlock');
  expect(facts().sharedWith).toEqual([]);
  const { id } = await asked('reset');
  expect(facts()).toMatchObject({ sharedWith: [uncle], owners: [] });
  await house.requests.cancel(id, house.actor(maya));
  expect(facts().sharedWith).toEqual([]);
});

test('of two cards that wait in a former channel, one that is decided meanwhile is not sent to the new one', async () => {
  const [first, second] = [await asked(), await asked('reset')];
  house.stores.db.exec("UPDATE requests SET card_channel_id = 'former'");
  house.rightBefore('discord send', () => void house.requests.deny(second.id, house.actor(dad), {}));
  await house.upkeep.resume();
  await house.idle();
  const sent = house.since().filter((each) => each === 'sent card to admins');
  expect(sent).toHaveLength(1);
  expect([now(first.id)?.card?.channelId, now(second.id)?.card?.channelId]).toEqual(['admins', 'former']);
});

test('a reminder that is due rings for what still waits, and not for what was decided meanwhile', async () => {
  const [first, second] = [await asked(), await asked('reset')];
  house.state.now += 13 * hour;
  house.rightBefore('discord send', () => void house.requests.deny(second.id, house.actor(dad), {}));
  await house.upkeep.round();
  await house.idle();
  expect(house.since().filter((each) => each === 'sent card to admins')).toHaveLength(1);
  expect(now(first.id)?.state).toBe('pending');
});

test('one card that Discord does not take keeps no other reminder waiting', async () => {
  await asked();
  await asked('reset');
  house.state.now += 13 * hour;
  house.rightBefore('discord send', () => {
    throw new Error('Discord is away');
  });
  await house.upkeep.round();
  expect(house.since().filter((each) => each === 'sent card to admins')).toHaveLength(1);
});

test('a helper’s own act has no card, and a pass has one always', async () => {
  house.link(maya);
  await house.upkeep.round();
  const { id } = inserted({ origin: 'direct', kind: 'reset', delivery: 'button' });
  await house.upkeep.round();
  expect(now(id)?.card).toBeUndefined();
  const pass = inserted({ origin: 'direct', kind: 'pass', pass: { restriction: 'remote', lasts: 'hour' } });
  await house.upkeep.round();
  expect(now(pass.id)?.card).toBeDefined();
});

test('a card that could not be looked for says so, and is drawn again with what its name stands for', async () => {
  house.fails('list', new AppError('jellyfinUnreachable'));
  const { request } = house.requests.askByName('reset', house.actor(uncle), 'maya', undefined);
  await house.idle();
  expect(facts()).toMatchObject({ named: { kind: 'unknown' }, candidates: [] });
  house.state.before = () => undefined;
  await house.upkeep.round();
  expect(facts().named).toMatchObject({ kind: 'account' });
  expect(now(request.id)?.offeredId).toBe(house.account.id);
});

test('an administrator’s account is named on a card, and not offered', async () => {
  house.turns({ isAdministrator: true });
  const { request } = house.requests.askByName('reset', house.actor(uncle), 'maya', undefined);
  await house.idle();
  expect([facts().named?.kind, now(request.id)?.offeredId]).toEqual(['account', undefined]);
  await expect(approves(request.id)).rejects.toMatchObject({ code: 'linkNoAccount' });
});

test('Try again is refused once the link is gone, while a newer wish waits, and to whoever may not change the account', async () => {
  const { id } = await asked();
  house.rightBefore('unlock', () => {
    throw new AppError('jellyfinTimeout');
  });
  await approves(id);
  const again = (who = dad) => house.requests.retry(id, house.actor(who));
  expect(now(id)?.state).toBe('failed');
  house.turns({ isAdministrator: true });
  await expect(again()).rejects.toMatchObject({ code: 'adminAccount' });
  house.turns({ isAdministrator: false });
  await house.accounts.byId(house.account.id);
  const newer = await asked();
  await expect(again()).rejects.toMatchObject({ code: 'requestNewer' });
  await house.requests.cancel(newer.id, house.actor(maya));
  house.stores.links.remove(maya, house.account.id);
  await expect(again()).rejects.toMatchObject({ code: 'linkGone' });
  house.link(maya);
  await again();
  // Also while Jellyfin cannot be asked for anything.
  house.fails('read', new AppError('jellyfinTimeout'));
  await expect(again()).rejects.toMatchObject({ code: 'requestDecidedBy' });
  expect(now(id)?.state).toBe('done');
});

test('of a try that failed nothing is told any more once another is begun', async () => {
  const { id } = await asked();
  house.discord.answers.closed.push(`dm ${maya}`);
  house.rightBefore('unlock', () => {
    throw new AppError('jellyfinTimeout');
  });
  await approves(id);
  house.rightBefore('unlock', () => new Promise(() => undefined));
  void house.requests.retry(id, house.actor(dad));
  for (let n = 0; n < 10; n += 1) await turn();
  expect(house.outbox.owedTo(maya)).toEqual([]);
});

test('what somebody has asked for is open to be taken back by themselves alone', async () => {
  const { id } = await asked();
  await expect(house.requests.cancel(id, house.actor(uncle))).rejects.toMatchObject({ code: 'requestNotYours' });
  await house.requests.cancel(id, house.actor(maya));
  expect(now(id)).toMatchObject({ state: 'cancelled', decidedBy: undefined });
});

test('what an unlock makes needless ends for each who waits for it, and for nobody else', async () => {
  const other = anAccount({ id: 'b'.repeat(32), name: 'leo' });
  house.link(uncle, { accountId: other.id, accountName: 'leo' });
  house.state.accounts.set(other.id, { ...other, ...locked });
  const leos = await house.requests.ask('unlock', house.actor(uncle), other.id, undefined);
  const { id } = await asked();
  const reset = await asked('reset');
  await house.unlocks.unlock(house.actor(dad), house.account.id, undefined);
  await house.idle();
  expect([now(id)?.state, now(reset.id)?.state, now(leos.request.id)?.state]).toEqual(['done', 'pending', 'pending']);
  expect(house.history().filter((each) => each.includes('unlock '))).toEqual([
    ...['uncle ask unlock asked', 'maya ask unlock asked', 'dad unlock begun', 'dad unlock done', 'dad unlock done'],
  ]);
});

test('a new password makes the wish for an unlock needless: who did not ask for it hears that', async () => {
  const mine = await asked();
  const uncles = await asked('unlock', uncle);
  const reset = await asked('reset');
  await approves(reset.id);
  await house.idle();
  for (const { id } of [mine, uncles])
    expect(now(id)).toMatchObject({ state: 'cancelled', deliveryStatus: 'told', decidedBy: dad });
  expect(house.since().filter((each) => each.startsWith('sent outcome'))).toEqual(['sent outcome to uncle']);
});

test('an approval that was made is carried out, told and shown by the time it is answered', async () => {
  const { id } = await asked();
  await approves(id);
  expect(house.since()).toEqual(['edited card', 'unlock', 'sent outcome to maya', 'edited card']);
  const second = await asked();
  await house.unlocks.unlock(house.actor(dad), house.account.id, undefined);
  expect([house.since().slice(-2), now(second.id)?.state]).toEqual([['sent outcome to maya', 'edited card'], 'done']);
});

test('a card that is up to date is not touched again', async () => {
  await asked();
  await house.upkeep.round();
  await house.upkeep.resume();
  expect(house.since()).toEqual([]);
});

test('an account that has become an administrator’s is not opened on an ordinary approval', async () => {
  const { id } = await asked();
  house.rightBefore('unlock', () => house.turns({ isAdministrator: true }));
  await approves(id);
  expect([now(id)?.failure, house.since()]).toEqual(['adminAccount', expect.not.arrayContaining(['unlock'])]);
});

test('of two whose time is over, one that is decided while the other’s member is told stays as it was decided', async () => {
  const [first, second] = [await asked(), await asked('reset')];
  house.state.now += 25 * hour;
  house.rightBefore('discord openDm', () => void house.requests.cancel(second.id, house.actor(maya)));
  await house.upkeep.round();
  expect([now(first.id)?.state, now(second.id)?.state]).toEqual(['expired', 'cancelled']);
  expect(house.history().filter((each) => each.includes('expire'))).toEqual(['latchkey expire done']);
});

test('what is over is told and shown before the round is, also after a start', async () => {
  await asked();
  house.state.now += 25 * hour;
  await house.upkeep.round();
  expect(house.since()).toEqual(['sent outcome to maya', 'edited card']);
  house.turns(locked);
  const { id } = inserted();
  await house.upkeep.resume();
  expect([now(id)?.state, house.since()]).toEqual(['done', ['unlock', 'sent outcome to maya', 'sent card to admins']]);
});

test('the older card points to the reminder before that is noted: a bot that stops in between begins anew', async () => {
  const { id } = await asked();
  house.state.now += 13 * hour;
  house.fails('discord edit', new Error('Discord is away'));
  const card = now(id)?.card;
  await house.upkeep.round();
  expect(now(id)?.card).toEqual(card);
  house.state.before = () => undefined;
  await house.upkeep.round();
  expect(house.since()).toEqual(['sent card to admins', 'sent card to admins', 'edited movedCard']);
});

test('who has left loses what they asked for, before that is said', async () => {
  const { id } = await asked();
  expect(await house.linking.follow.run()).toBeUndefined();
  expect(now(id)?.state).toBe('pending');
  house.state.ranks.delete(maya);
  await expect(approves(id)).rejects.toMatchObject({ code: 'memberLeft' });
  // Its card says so by then, and the admins know why.
  expect(house.since()).toEqual(['sent news to admins', 'edited card']);
});

test('a card whose sending was cut off is found again by the next change, and not sent a second time', async () => {
  const { send, findOwn } = house.discord.messenger;
  house.discord.messenger.send = async (...sent) => {
    house.discord.answers.found = await send(...sent);
    throw new Error('cut off');
  };
  house.discord.messenger.findOwn = (where, ids) => (ids.length > 0 ? findOwn(where, ids) : Promise.resolve(undefined));
  const { id } = await asked();
  house.discord.messenger.send = send;
  await house.requests.cancel(id, house.actor(maya));
  expect(house.since()).toEqual(['edited card']);
});

test('the admins’ way by direct message is taken when the channel is closed, also for what waited before', async () => {
  const root = anAccount({ id: 'b'.repeat(32), name: 'root', isAdministrator: true });
  house.state.accounts.set(root.id, root);
  const how = { madeBy: 'proof', onAdministrator: true, provedOnAdministrator: true, ofAdmin: true } as const;
  house.link(dad, { accountId: root.id, accountName: root.name, ...how });
  const { id } = await asked();
  house.events.emit('adminChannelRead', { isClosed: true, goneRoleIds: [] });
  house.discord.answers.closed.push('admins');
  house.stores.requests.touch(id);
  await house.upkeep.round();
  await house.idle();
  expect(house.since()).toEqual(['edited card', 'sent unposted to dad']);
});

test('a card by name is shared with nobody but the owners that it names', async () => {
  house.link(uncle);
  const { request } = house.requests.askByName('reset', house.actor(maya), 'maya', undefined);
  await house.idle();
  expect(facts()).toMatchObject({ owners: [uncle], sharedWith: [], named: { kind: 'account' } });
  house.stores.requests.touch(request.id);
  await house.upkeep.round();
  expect(facts()).toMatchObject({ owners: [uncle], sharedWith: [] });
  await house.requests.deny(request.id, house.actor(dad), {});
  expect(facts()).toMatchObject({ owners: [], named: undefined });
});

test('an approved link is one line in the history', async () => {
  const { request } = await house.requests.askForLink(house.actor(maya), undefined);
  await house.requests.approvePicked(request.id, house.actor(dad), house.account.id);
  await house.idle();
  expect(house.history().filter((each) => each.includes(' link '))).toEqual(['maya ask link asked', 'dad link done']);
});

describe('the member’s word about how it ended', () => {
  const tells = async (request: Request) => {
    house.stores.requests.move(request.id, ['approved'], 'failed', { endedAt: house.state.now, deliveryStatus: 'due' });
    await house.upkeep.round();
    return house.since().filter((each) => each.endsWith('to maya'));
  };

  test.each<[string, Partial<NewRequest>, boolean]>([
    ['that they asked for themselves', {}, true],
    ['that a helper tried unasked', { origin: 'direct' }, false],
    ['that waited behind their button', { origin: 'direct', delivery: 'button' }, true],
    ['that they did themselves', { origin: 'direct', decidedBy: maya }, true],
    ['that they asked for and approved themselves', { decidedBy: maya }, true],
  ])('of something %s and that failed', async (_what, but, isTold) => {
    house.link(maya);
    expect(await tells(inserted({ kind: 'reset', ...but }))).toEqual(isTold ? ['sent outcome to maya'] : []);
  });

  test('of what a helper did unasked comes where it worked', async () => {
    const { id } = inserted({ origin: 'direct' });
    house.stores.requests.move(id, ['approved'], 'done', { endedAt: house.state.now, deliveryStatus: 'due' });
    await house.upkeep.round();
    expect(house.since()).toEqual(['sent outcome to maya']);
  });

  test('of an unlock comes although the link is gone; of a link, it does not', async () => {
    for (const kind of ['unlock', 'link'] as const) {
      const { id } = inserted({ kind });
      house.stores.requests.move(id, ['approved'], 'done', { endedAt: house.state.now, deliveryStatus: 'due' });
      await house.upkeep.round();
      expect([kind, house.since().filter((each) => each.endsWith('to maya'))]).toEqual([
        kind,
        kind === 'unlock' ? ['sent outcome to maya'] : [],
      ]);
    }
  });

  test('goes nowhere but to them where they asked nowhere; the card says so, and says when they know', async () => {
    const { id } = await asked();
    house.discord.answers.closed.push(`dm ${maya}`, 'undefined');
    await approves(id);
    expect(house.since()).toEqual(['edited card', 'unlock', 'edited card']);
    const shown = () => (house.drawn.card?.[0] as Request).deliveryStatus;
    expect(shown()).toBe('unreachable');
    house.outbox.owedTo(maya).forEach(({ delivered }) => delivered());
    await house.upkeep.round();
    expect([house.since(), shown()]).toEqual([['edited card'], 'told']);
  });

  test('that a password waits behind a button is no direct message', async () => {
    house.link(maya);
    const { id } = inserted({ kind: 'reset', askedInChannelId: 'general' });
    house.stores.requests.move(id, ['approved'], 'approved', { delivery: 'button', deliveryStatus: 'due' });
    await house.upkeep.round();
    expect(house.since().filter((each) => !each.endsWith('to admins'))).toEqual(['sent outcomeAnnounced to general']);
  });
});

describe('another owner hears', () => {
  const heard = () => house.since().filter((each) => each.endsWith('to uncle'));

  /** A new password for Maya that may be set, of which Uncle is to hear, and cannot yet. */
  async function failedUnheard() {
    [maya, uncle].forEach((each) => house.link(each));
    const { id } = await asked('reset');
    const { openDm } = house.discord.messenger;
    house.discord.messenger.openDm = (to) => (to === uncle ? Promise.reject(new Error('away')) : openDm(to));
    const fails = () =>
      house.rightBefore('password', () => {
        throw new AppError('passwordUncertain');
      });
    fails();
    await approves(id);
    await house.idle();
    house.discord.messenger.openDm = openDm;
    return { id, fails };
  }

  test('once, and of a try that is under way only when it has failed as well', async () => {
    const { id, fails } = await failedUnheard();
    fails();
    house.stores.requests.reopen(id, dad, house.state.now, false);
    await house.outbox.round();
    expect(heard()).toEqual([]);
    await house.upkeep.round();
    await house.outbox.round();
    expect([now(id)?.state, heard()]).toEqual(['failed', ['sent ownerNotice to uncle']]);
  });

  test('nothing of a failure that a later try has mended but the new password', async () => {
    const { id } = await failedUnheard();
    await house.requests.retry(id, house.actor(dad));
    await house.outbox.round();
    expect([now(id)?.state, heard()]).toEqual(['done', ['sent ownerNotice to uncle']]);
    expect(house.drawn.ownerNotice?.at(-1)).toEqual({ isLinked: true, mayBeSet: false });
  });

  test('nothing of what failed and changed nothing', async () => {
    [maya, uncle].forEach((each) => house.link(each));
    const { id } = await asked('reset');
    house.rightBefore('password', () => {
      throw new AppError('jellyfinTimeout');
    });
    await approves(id);
    await house.outbox.round();
    expect(heard()).toEqual([]);
  });
});

test('two wishes for the same at the same moment are one request', async () => {
  house.link(maya);
  house.turns(locked);
  const asks = () => house.requests.ask('unlock', house.actor(maya), house.account.id, undefined);
  const both = await Promise.all([asks(), asks()]);
  expect(both.map(({ request, isNew }) => [request.id, isNew])).toEqual([
    [1, true],
    [1, false],
  ]);
});

test('what was cut short is done by the end of the next round', async () => {
  house.link(maya);
  house.turns(locked);
  const { id } = inserted();
  await house.upkeep.round();
  expect([now(id)?.state, house.since()]).toEqual(['done', ['unlock', 'sent outcome to maya', 'sent card to admins']]);
});

test('a write that Jellyfin wants twice is noted once before it', async () => {
  house.turns(locked);
  const { unlock } = house.jellyfin;
  house.jellyfin.unlock = async (id, permit) => {
    await permit?.(house.account);
    return unlock(id, permit);
  };
  await house.unlocks.unlock(house.actor(dad), house.account.id, undefined);
  expect(house.history()).toEqual(['dad unlock begun', 'dad unlock done']);
});

test('the admins hear of a new password that an admin gave without being asked, in one line', async () => {
  house.link(maya);
  await house.resets.reset(house.actor(dad), house.account.id, undefined);
  await house.outbox.round();
  expect(house.since().filter((each) => each.endsWith('to admins'))).toEqual(['sent adminsNotice to admins']);
});

test('a first card that a bot was sending when it was stopped is found, and not sent again; one that was not sent is, once', async () => {
  house.link(maya);
  const pending = () => inserted({ state: 'pending', kind: 'reset' });
  pending();
  house.discord.answers.found = { channelId: 'admins', messageId: '9' };
  await house.upkeep.resume();
  expect(house.since()).toEqual(['edited card']);
  house.discord.answers.found = undefined;
  inserted({ state: 'pending' });
  await house.upkeep.resume();
  expect(house.since()).toEqual(['sent card to admins']);
});

test('what waits behind its member’s button is not drawn again each minute', async () => {
  house.link(maya);
  inserted({ kind: 'reset', delivery: 'button' });
  await house.upkeep.round();
  house.since();
  await house.upkeep.round();
  expect(house.since()).toEqual([]);
});

test('a reminder rings nowhere while the channel is closed, and the card that stands there stays as it is', async () => {
  await asked();
  house.state.now += 13 * hour;
  house.discord.answers.closed.push('admins');
  await house.upkeep.round();
  expect([house.since(), house.warned]).toEqual([[], []]);
});
