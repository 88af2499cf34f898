import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AppError, type ErrorCode } from '../../src/errors.js';
import type { Device } from '../../src/services/accounts/device.js';
import { locked, maya, minute, servicesHouse, uncle } from '../support/services.js';

const house = servicesHouse();

const device = (id: string, accountId = house.account.id): Device => ({
  id,
  name: id,
  app: '',
  accountId,
  lastSeen: 1,
});

const signsIn = (who: string, code: string, typedAt = house.state.now) =>
  house.signIns.authorise(house.actor(who), house.account.id, code, typedAt);

const denies = (who: string, id: number) => house.signIns.deny(house.actor(who), id);

/** Jellyfin lets a new device in with the next code. */
function comesIn(id: string) {
  house.rightBefore('authorise', () => house.state.devices.push(device(id)));
}

test('the same code pressed twice at once is used once; after its ten minutes it is too old, and does not count as done', async () => {
  house.link(maya);
  const pressedAt = house.state.now;
  await Promise.all([signsIn(maya, '123456'), signsIn(maya, '123456')]);
  expect(house.since().filter((each) => each === 'let in 123456')).toHaveLength(1);
  house.state.now += 9 * minute;
  await signsIn(maya, '123456', pressedAt);
  await signsIn(maya, '654321', pressedAt);
  expect(house.since().filter((each) => each.startsWith('let in'))).toEqual(['let in 654321']);
  house.state.now += minute;
  await expect(signsIn(maya, '123456', pressedAt)).rejects.toMatchObject({ code: 'codeExpired' });
});

test('a code that is pressed again while Jellyfin takes its time over the first press is used once', async () => {
  house.link(maya);
  house.state.before = async (call) => {
    if (call.startsWith('authorise')) for (let turns = 0; turns < 9; turns += 1) await turn();
  };
  await Promise.all([signsIn(maya, '123456'), signsIn(maya, '123456')]);
  expect(house.since().filter((each) => each === 'let in 123456')).toHaveLength(1);
});

test('a code that another owner has used is asked for all the same, as it may be another device’s', async () => {
  [maya, uncle].forEach((each) => house.link(each));
  await signsIn(maya, '123456');
  await signsIn(uncle, '123456');
  expect(house.since().filter((each) => each === 'let in 123456')).toHaveLength(2);
});

const refused = (code: ErrorCode) => [code, new AppError(code), true] as const;

test.each<readonly [string, Error, boolean]>([
  ...(['codeWrong', 'codeUsed', 'codeNotLetIn', 'quickConnectOff', 'accountGone'] as const).map(refused),
  ...(['jellyfinKeyRefused', 'jellyfinKeyNotAdmin'] as const).map(refused),
  ['a timeout', new AppError('jellyfinTimeout'), false],
  ['what a proxy may say', new AppError('jellyfinStarting'), false],
  ['a fault of the bot’s own', new Error('a bug'), false],
])(
  'where Jellyfin answers with %s, owners are told of a device unless nothing was done',
  async (_what, error, isNone) => {
    [maya, uncle].forEach((each) => house.link(each));
    house.fails('authorise', error);
    await expect(signsIn(maya, '123456')).rejects.toBe(error);
    house.state.now += 2 * minute;
    await house.outbox.round();
    expect(house.since()).toEqual(isNone ? [] : ['sent signedIn to maya', 'sent signedIn to uncle']);
  },
);

test('a sign-in that is not known any more is denied by nobody', async () => {
  house.link(maya);
  await expect(denies(maya, 7)).rejects.toMatchObject({ code: 'requestGone' });
});

test('two owners who deny the same device are one message to the admins, and one line in the history', async () => {
  [maya, uncle].forEach((each) => house.link(each));
  comesIn('tv');
  await signsIn(maya, '123456');
  expect(await Promise.all([denies(maya, 1), denies(uncle, 1)])).toEqual([
    expect.objectContaining({ devices: ['tv'], areAdminsTold: true }),
    expect.objectContaining({ devices: ['tv'] }),
  ]);
  await house.idle();
  expect(house.since().filter((each) => each === 'sent signInDenied to admins')).toHaveLength(1);
  expect(house.history().filter((each) => each.endsWith('not me'))).toEqual(['maya signin not me']);
});

test('what came in after the next sign-in is that one’s, also where it has another’s name', async () => {
  house.link(maya);
  house.state.devices.push(device('phone'), device('tv of another', 'b'.repeat(32)));
  for (const each of ['first', 'second']) {
    comesIn(each);
    await signsIn(maya, each);
  }
  house.since();
  expect((await denies(maya, 1)).devices).toEqual(['first']);
  // The second came in before anything else was seen: it is the only new one there.
  expect((await denies(maya, 2)).devices).toEqual(['second']);
  expect(house.state.devices.map(({ id }) => id)).toEqual(['phone', 'tv of another']);
});

test('a denied device that Jellyfin keeps is tried again each minute, until it is gone; the others’ turn comes all the same', async () => {
  house.link(maya);
  for (const each of ['first', 'second']) {
    comesIn(each);
    await signsIn(maya, each);
  }
  house.fails('sign out', new AppError('jellyfinTimeout'));
  for (const id of [1, 2]) await expect(denies(maya, id)).rejects.toMatchObject({ code: 'jellyfinTimeout' });
  house.fails('sign out first', new AppError('jellyfinTimeout'));
  await house.signIns.round();
  expect(house.state.devices.map(({ id }) => id)).toEqual(['first']);
  house.state.before = () => undefined;
  await house.signIns.round();
  await house.signIns.round();
  expect(house.since().filter((each) => each.startsWith('signed out'))).toEqual([
    'signed out second',
    'signed out first',
  ]);
});

test('who lost the account while it was read denies nothing', async () => {
  [maya, uncle].forEach((each) => house.link(each));
  comesIn('tv');
  await signsIn(uncle, '123456');
  house.rightBefore('read', () => house.stores.links.remove(maya, house.account.id));
  await expect(denies(maya, 1)).rejects.toMatchObject({ code: 'accountNotYours' });
  expect(house.state.devices).toHaveLength(1);
});

test('who lost the account, or whose account was switched off, while it was read, lets nothing in', async () => {
  house.link(maya);
  house.turns({ isDisabled: true });
  await expect(signsIn(maya, '123456')).rejects.toMatchObject({ code: 'disabledByAdmin' });
  house.turns(locked);
  expect((await signsIn(maya, '123456')).isDisabled).toBe(true);
  house.turns({ isDisabled: false, failedSignIns: 0 });
  house.rightBefore('read', () => house.stores.links.remove(maya, house.account.id));
  await expect(signsIn(maya, '123456')).rejects.toMatchObject({ code: 'accountNotYours' });
  expect(house.since()).toEqual([]);
});

test('while the answer may still come nobody is told of the device; a minute later everybody is', async () => {
  house.link(maya);
  house.fails('authorise', new AppError('jellyfinTimeout'));
  await expect(signsIn(maya, '123456')).rejects.toMatchObject({ code: 'jellyfinTimeout' });
  house.state.now += minute - 1;
  await house.outbox.round();
  expect(house.since()).toEqual([]);
  house.state.now += 1;
  await house.outbox.round();
  expect(house.since()).toEqual(['sent signedIn to maya']);
});

test('nobody is told of a device who owns the account no more, or has left', async () => {
  [maya, uncle].forEach((each) => house.link(each));
  house.rightBefore('authorise', () => house.stores.links.remove(uncle, house.account.id));
  await signsIn(maya, '123456');
  await house.idle();
  expect(house.since()).toEqual(['let in 123456', 'sent signedIn to maya']);
  house.link(uncle);
  house.state.ranks.delete(uncle);
  await signsIn(maya, '654321');
  await house.idle();
  // The admins hear that the link sleeps of whoever is found to have left.
  expect(house.since()).toEqual(['let in 654321', 'sent signedIn to maya', 'sent news to admins']);
});

test('owners whose links sleep are told once these are awake, and Discord is not asked for them each minute until then', async () => {
  [maya, uncle].forEach((each) => house.link(each));
  house.fails('discord openDm', new Error('down'));
  await signsIn(maya, '123456');
  await house.idle();
  const asked: string[] = [];
  house.state.before = (call) => void asked.push(call);
  const turns = async (isAdministrator: boolean) => {
    house.turns({ isAdministrator });
    await house.accounts.byId(house.account.id);
    await house.outbox.round();
    return house.since().filter((each) => each.startsWith('sent signedIn'));
  };
  expect(await turns(true)).toEqual([]);
  asked.splice(0);
  await house.outbox.round();
  expect(asked.filter((call) => call.startsWith('find'))).toEqual([]);
  expect(await turns(false)).toEqual(['sent signedIn to maya', 'sent signedIn to uncle']);
});

test('whoever loses the account while Jellyfin lets their device in has it signed out; who owns it by then hears of it', async () => {
  house.link(maya);
  house.rightBefore('authorise', () => {
    house.state.devices.push(device('television'));
    house.stores.links.remove(maya, house.account.id);
    house.link(uncle);
  });
  await expect(signsIn(maya, '123456')).rejects.toMatchObject({ code: 'accountNotYours' });
  await house.idle();
  expect(house.since()).toEqual(
    expect.arrayContaining(['let in 123456', 'signed out television', 'sent signedIn to uncle']),
  );
  expect(house.history()).toEqual(['maya signin begun']);
  // That owner's word is passed on as any other, though there is nothing left to sign out.
  expect(await denies(uncle, 1)).toMatchObject({ devices: [] });
  await house.idle();
  expect(house.history()).toContain('uncle signin not me');
  expect(house.since()).toEqual(['sent signInDenied to admins']);
});

test('and by a later round where the list of devices cannot be asked for by then', async () => {
  house.link(maya);
  house.rightBefore('authorise', () => {
    house.state.devices.push(device('television'));
    house.stores.links.remove(maya, house.account.id);
    house.fails('devices', new AppError('jellyfinTimeout'));
  });
  await expect(signsIn(maya, '123456')).rejects.toMatchObject({ code: 'accountNotYours' });
  expect(house.since()).toEqual(['let in 123456']);
  house.state.before = () => undefined;
  await house.signIns.round();
  expect(house.since()).toEqual(['signed out television']);
});

test('what the log says of passwords is read before the account is: who proved it before lets nothing in', async () => {
  house.link(maya, { madeBy: 'proof' });
  const { state } = house;
  state.log.push({ id: 1, at: state.now, kind: 'other', accountId: undefined, text: '', address: undefined });
  await house.signIns.look(house.actor(maya), house.account.id);
  state.log.push({ ...state.log[0]!, id: 2, kind: 'passwordChanged', accountId: house.account.id });
  await expect(signsIn(maya, '123456')).rejects.toMatchObject({ code: 'signInSuspended' });
});

test('a sign-in of which nothing is known any more is told to nobody', async () => {
  house.outbox.owe({ kind: 'deviceSignedIn', subjectId: '7', recipientId: maya });
  await house.outbox.round();
  expect([house.since(), house.warned]).toEqual([[], []]);
});
