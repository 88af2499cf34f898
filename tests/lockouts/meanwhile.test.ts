import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { LogEntry } from '../../src/services/accounts/activity-log.js';
import { anAccount } from '../support/an-account.js';
import { dad, hour, locked, maya, minute, servicesHouse, uncle } from '../support/services.js';

const house = servicesHouse();
const open = { isDisabled: false, failedSignIns: 0 };

function logs(kind: LogEntry['kind'], text = '', address = '192.168.1.20', accountId = house.account.id) {
  const { log, now: at } = house.state;
  const failed = kind === 'failed';
  log.push({ id: log.length + 1, at, kind, text, address, accountId: failed ? undefined : accountId });
}

/** Three wrong passwords for Maya's account, which lock it, and a look at the log. */
async function isLocked(text = 'Failed login attempt from maya') {
  for (let n = 0; n < 3; n += 1) logs('failed', text);
  logs('locked');
  house.turns(locked);
  await house.lockouts.round();
}

const presses = (who: string, notice = 1) => house.notMe.press(notice, house.actor(who));
const shownFacts = () => house.drawn.denied?.[1];

beforeEach(async () => {
  logs('other');
  await house.lockouts.round();
  house.link(maya);
});

test('where another’s wrong passwords may be among them, nobody’s addresses are told', async () => {
  house.state.accounts.set('b', anAccount({ id: 'b'.repeat(32), name: 'anmeldung' }));
  await isLocked('Anmeldung von maya fehlgeschlagen');
  expect(house.stores.lockouts.locked()).toEqual([expect.objectContaining({ tries: [], address: undefined })]);
});

test('each try that is told keeps its time and its address, and no sentence of the log’s', async () => {
  await isLocked();
  const { now: at } = house.state;
  const tried = { at, address: '192.168.1.20', text: '' };
  expect(house.stores.lockouts.locked()[0]?.tries).toEqual([tried, tried, tried]);
});

test('an account that was opened, or deleted, before it was read is not said to have been locked', async () => {
  logs('locked');
  await house.lockouts.round();
  logs('locked');
  house.state.accounts.clear();
  await house.lockouts.round();
  expect([house.stores.lockouts.locked(), house.stores.lockouts.unconfirmed(), house.since()]).toEqual([[], [], []]);
});

test.each(['pass', 'link', 'enable'] as const)('a wish of another kind (%s) leaves the lock its card', async (kind) => {
  house.approved({ kind, state: 'pending', decidedBy: undefined });
  await isLocked();
  expect(house.since()).toContain('sent card to admins');
});

test.each(['unlock', 'reset'] as const)(
  'a wish (%s) is the lock’s card; one that is taken back leaves it one',
  async (kind) => {
    const { id } = house.approved({ kind, state: 'pending', decidedBy: undefined });
    await isLocked();
    expect(house.since()).toEqual([]);
    house.stores.requests.move(id, ['pending'], 'cancelled', {});
    await house.lockouts.round();
    expect([house.since(), house.warned]).toEqual([['sent card to admins'], []]);
  },
);

test('owners are told where one of them hears it, whoever cannot be written to', async () => {
  house.link(uncle);
  house.discord.answers.closed = [`dm ${uncle}`];
  await isLocked();
  expect(house.stores.lockouts.locked()).toEqual([expect.objectContaining({ owners: 'told' })]);
});

test('who has asked for it already is not told, and the other owner is; who wants to hear nothing hears nothing', async () => {
  house.link(uncle);
  await house.requests.ask('reset', house.actor(maya), house.account.id, undefined);
  house.since();
  await isLocked();
  expect(house.since()).toEqual(['sent toOwner to uncle', 'edited card']);
  house.turns(open);
  await house.lockouts.round();
  house.since();
  house.stores.memberPreferences.setLockouts(uncle, false);
  house.state.now += hour;
  await isLocked();
  expect(house.since().filter((each) => each.includes('uncle'))).toEqual([]);
});

test('an owner of an administrator’s account is offered to ask, even where owners unlock by themselves', async () => {
  house.config.selfUnlock = 'allow';
  await isLocked();
  expect(house.drawn.toOwner?.at(-1)).toBe('now');
  house.turns(open);
  await house.lockouts.round();
  house.turns({ isAdministrator: true });
  house.link(maya, { madeBy: 'commandLine', onAdministrator: true });
  house.state.now += hour;
  await isLocked();
  expect(house.drawn.toOwner?.at(-1)).toBe('ask');
});

test('It wasn’t me is the owner’s own to say, while they own the account, and once', async () => {
  house.link(uncle);
  await isLocked();
  await expect(presses(maya, 9)).rejects.toMatchObject({ code: 'requestGone' });
  await expect(presses(uncle, 1)).rejects.toMatchObject({ code: 'requestNotYours' });
  const said = await presses(maya);
  expect([said.isLocked, [...said.told]]).toEqual([true, [['lockout', true]]]);
  await presses(maya);
  await house.idle();
  expect(house.history().filter((each) => each.endsWith('not me'))).toEqual(['maya lockout not me']);
  house.turns(open);
  await house.lockouts.round();
  expect((await presses(maya)).isLocked).toBe(false);
  house.stores.links.remove(maya, house.account.id);
  await expect(presses(maya)).rejects.toMatchObject({ code: 'accountNotYours' });
});

test('the admins read the sign-ins of that account, and of no other; what the server cannot say now is put in later', async () => {
  const other = 'b'.repeat(32);
  logs('signedIn', 'maya is online', '10.0.0.1');
  logs('signedIn', '', '10.0.0.2', other);
  house.state.devices.push(
    { id: 'tv', name: 'tv', app: '', accountId: house.account.id, lastSeen: 1 },
    { id: 'phone', name: 'phone', app: '', accountId: other, lastSeen: 1 },
  );
  await isLocked();
  house.fails('page', new AppError('jellyfinTimeout'));
  await presses(maya);
  expect([house.since().at(-1), shownFacts()]).toEqual(['sent denied to admins', undefined]);
  await house.lockouts.round();
  expect(house.since()).toEqual([]);
  house.state.before = () => undefined;
  await house.lockouts.round();
  expect(house.since()).toEqual(['edited denied']);
  expect(shownFacts()).toMatchObject({
    tries: [{}, {}, {}],
    signIns: [{ address: '10.0.0.1' }],
    devices: [{ id: 'tv' }],
  });
  await house.lockouts.round();
  expect(house.since()).toEqual([]);
});

test('what is known of a denial is for admins to read', async () => {
  await isLocked();
  await presses(maya);
  expect(await house.denials.facts(1, house.actor(maya))).toBe('hidden');
  expect(await house.denials.facts(1, house.actor(dad))).toMatchObject({ tries: [{}, {}, {}] });
  expect(await house.denials.facts(7, house.actor(dad))).toBeUndefined();
  house.fails('page', new AppError('jellyfinTimeout'));
  expect(await house.denials.facts(1, house.actor(dad))).toBeUndefined();
});

test('a server that does not answer is not asked for each account as well', async () => {
  await isLocked();
  const asked: string[] = [];
  const fails = (code: 'jellyfinTimeout' | 'jellyfinUnreachable') => {
    house.state.before = (call) => {
      asked.push(call);
      if (call === 'time') throw new AppError(code);
    };
    return house.lockouts.round();
  };
  await fails('jellyfinTimeout');
  expect(asked).toEqual(['time']);
  await fails('jellyfinUnreachable');
  expect(asked).toEqual(['time', 'time', 'read']);
});

test('where the bot itself fails at the log, its locks are looked at all the same', async () => {
  await isLocked();
  house.turns(open);
  house.fails('time', new Error('a bug'));
  await house.lockouts.round();
  expect([house.stores.lockouts.locked(), house.discord.troubles]).toEqual([[], ['a look at lockouts failed']]);
});

test('an account that was just read is not read again in the same round', async () => {
  const read: string[] = [];
  house.state.before = (call) => call === 'read' && read.push(call);
  await isLocked();
  expect(read).toHaveLength(1);
});

test.each([
  ['opened in Jellyfin', open, undefined, 'open'],
  ['opened by an admin here', open, dad, 'unlocked'],
  ['switched off', { isDisabled: true, failedSignIns: 0 }, undefined, 'disabled'],
] as const)('one that was %s is over', async (_how, is, by, end) => {
  await isLocked();
  house.turns(is);
  if (by) house.stores.lockouts.unlockedBy(house.account.id, by);
  await house.lockouts.round();
  expect(house.history().at(-1)).toBe(`latchkey lockout ${end}`);
  await house.lockouts.round();
  expect(house.history().filter((each) => each.startsWith('latchkey lockout'))).toHaveLength(2);
});

test('failed sign-ins are counted for the day on which they were, and locks as well', async () => {
  await isLocked();
  await house.lockouts.round();
  const counted = house.stores.db.prepare('SELECT * FROM sign_in_days').all();
  expect(counted).toEqual([{ day: new Date(house.state.now).toISOString().slice(0, 10), failed: 3, locked: 1 }]);
});

test('what else the log says of a locked account is no second lock; nothing is wrong with one that lasts', async () => {
  await isLocked();
  logs('signedIn');
  logs('other');
  house.state.now += minute;
  await house.lockouts.round();
  await house.lockouts.round();
  expect(house.stores.db.prepare('SELECT count(*) FROM lockouts').pluck().get()).toBe(1);
  expect(house.warned).toEqual([]);
});

test('owners and admins know of a lock before its round is over; two rounds at once tell once', async () => {
  house.link(uncle);
  await Promise.all([isLocked(), house.lockouts.round()]);
  expect(house.since()).toEqual(['sent toOwner to maya', 'sent toOwner to uncle', 'sent card to admins']);
});

test('who opened it here is on the card when that is said; a link that comes or goes is told of as well', async () => {
  await isLocked();
  house.since();
  house.link(uncle);
  house.events.emit('ownersChanged', { accountId: house.account.id, change: 'gained' });
  await house.idle();
  expect(house.since()).toEqual(['sent toOwner to uncle', 'edited card']);
  house.stores.links.remove(uncle, house.account.id);
  house.events.emit('ownersChanged', { accountId: house.account.id, change: 'lost' });
  await house.idle();
  expect(house.since()).toEqual(['edited notTheirs', 'edited card']);
  await house.unlocks.unlock(house.actor(dad), house.account.id, undefined);
  await house.idle();
  expect(house.since()).toEqual(['unlock', 'edited over', 'edited card']);
  expect(house.stores.lockouts.locked()).toEqual([]);
});

test('who has said that it was not them is not offered to say so once the lock is over', async () => {
  await isLocked();
  await presses(maya);
  house.turns(open);
  await house.lockouts.round();
  expect(house.drawn.over?.at(-1)).toBe(false);
  house.turns(locked);
  house.state.now += hour;
  await isLocked();
  house.turns(open);
  await house.lockouts.round();
  expect(house.drawn.over?.at(-1)).toBe(true);
});

test('who signed an account out everywhere is on the message of who denied it, before the bot ends', async () => {
  await isLocked();
  await presses(maya);
  await house.idle();
  house.since();
  house.events.emit('signedOutEverywhere', { accountId: house.account.id, actorId: dad });
  await house.idle();
  expect(house.since()).toEqual(['edited denied']);
});

test('a new owner of an account that was opened meanwhile is told nothing', async () => {
  await isLocked();
  house.turns(open);
  house.since();
  house.link(uncle);
  house.events.emit('ownersChanged', { accountId: house.account.id, change: 'gained' });
  await house.idle();
  expect(house.since()).toEqual(['edited over', 'edited card']);
});

describe('where locks end by themselves', () => {
  beforeEach(() => {
    house.config.lockoutEndsAfterMs = hour;
  });

  test('the bot opens it at its time, and ends what waits for that before the round is over', async () => {
    await isLocked();
    house.turns(locked);
    const { request } = await house.requests.ask('unlock', house.actor(maya), house.account.id, undefined);
    await house.idle();
    house.since();
    house.state.now += hour;
    await house.lockouts.round();
    expect(house.stores.requests.byId(request.id)).toMatchObject({ state: 'done', decidedBy: 'latchkey' });
    expect(house.since()).toEqual(['unlock', 'sent outcome to maya', 'edited card', 'edited over', 'edited card']);
    expect(house.history().slice(-3)).toEqual([
      ...['latchkey lockout unlocked', 'latchkey unlock done', 'latchkey unlock done'],
    ]);
  });

  test('one that somebody opened in Jellyfin itself, just then, is not said to be the bot’s doing', async () => {
    await isLocked();
    house.turns(open);
    house.state.now += hour;
    await house.lockouts.round();
    expect(house.history().at(-1)).toBe('latchkey lockout open');
    expect(house.since()).not.toContain('unlock');
  });

  test('an administrator’s does not, and nobody is told that it would', async () => {
    house.turns({ isAdministrator: true });
    await isLocked();
    expect(house.stores.lockouts.locked()).toEqual([expect.objectContaining({ opensAt: undefined })]);
  });

  test('one whose account became an administrator’s does not any more; where somebody opens it then, it was not the bot', async () => {
    await isLocked();
    house.state.now += 2 * hour;
    house.state.before = (call) => (call === 'unlock' ? house.turns({ isAdministrator: true }) : undefined);
    await house.lockouts.round();
    await house.lockouts.round();
    expect(house.stores.lockouts.locked()).toEqual([expect.objectContaining({ opensAt: undefined })]);
    house.turns(open);
    await house.lockouts.round();
    expect(house.history().at(-1)).toBe('latchkey lockout open');
  });

  test('by a clock that went back it lasts no longer than from now on', async () => {
    await isLocked();
    house.state.now -= 9 * hour;
    await house.lockouts.round();
    expect(house.stores.lockouts.locked()).toEqual([expect.objectContaining({ opensAt: house.state.now + hour })]);
  });

  test('one that has become an administrator’s, or was switched off, right before is left alone', async () => {
    for (const but of [{ isAdministrator: true }, { failedSignIns: 0 }]) {
      house.turns({ ...locked, isAdministrator: false });
      await isLocked();
      house.since();
      house.state.now += 5 * hour;
      house.state.before = (call) => (call === 'unlock' ? house.turns(but) : undefined);
      await house.lockouts.round();
      house.state.before = () => undefined;
      await house.lockouts.round();
      expect([house.since(), house.history()]).toEqual([
        expect.not.arrayContaining(['unlock']),
        expect.not.arrayContaining(['latchkey unlock done']),
      ]);
    }
  });
});

test('It wasn’t me has told the admins by the time that it is answered, once, whatever round goes on beside it', async () => {
  await isLocked();
  house.since();
  await Promise.all([presses(maya), house.lockouts.round()]);
  expect(house.since().filter((each) => each.startsWith('sent denied'))).toHaveLength(1);
  await house.lockouts.round();
  expect([house.since(), house.warned]).toEqual([[], []]);
});

test.each([
  ['is', true, true],
  ['was when it was locked', true, false],
  ['has become', false, true],
])(
  'of an account that %s an administrator’s the channel, where helpers read as well, has no more than its name',
  async (_how, was, is) => {
    house.link(maya, { madeBy: 'commandLine' });
    house.turns({ isAdministrator: was });
    await isLocked();
    house.turns({ isAdministrator: is });
    await house.lockouts.round();
    await presses(maya);
    expect(shownFacts()).toBe('hidden');
  },
);

test('who owns it no more reads nothing of it by the end of the round; what Discord does not take is in the log, and comes later', async () => {
  await isLocked();
  house.since();
  house.stores.links.remove(maya, house.account.id);
  await house.lockouts.round();
  expect(house.since()).toEqual(['edited notTheirs']);
  house.link(maya);
  house.state.now += hour;
  house.turns(open);
  await house.lockouts.round();
  await isLocked();
  house.turns(open);
  house.fails('discord edit', new Error('away'));
  await house.lockouts.round();
  expect(house.warned).toEqual([
    'the owner of a locked account could not be told yet',
    'the card about lockouts could not be brought up to date yet',
  ]);
  house.state.before = () => undefined;
  house.since();
  await house.lockouts.round();
  expect(house.since()).toEqual(['edited over', 'edited card']);
});

test('a card that was begun, and on which nothing is yet, is not sent', async () => {
  house.stores.lockoutCards.begin(house.state.now);
  await house.lockouts.round();
  expect([house.since(), house.drawn.card]).toEqual([[], undefined]);
});
