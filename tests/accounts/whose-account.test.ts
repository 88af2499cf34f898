import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freeAccounts, assertFree, type KeptLink } from '../../src/services/accounts/link.js';
import type { AppError } from '../../src/errors.js';
import { assertHelps, isRestricted, otherProvider, type Wish } from '../../src/services/accounts/account.js';
import { Permissions } from '../../src/services/accounts/permissions.js';
import type { Actor, Rank } from '../../src/services/members/actor.js';
import { Ownership } from '../../src/services/accounts/ownership.js';
import { PasswordChanges } from '../../src/services/accounts/password-changes.js';
import type { LogEntry } from '../../src/services/accounts/activity-log.js';
import { opened } from '../db/opened.js';
import { anAccount } from '../support/an-account.js';

const stores = opened();

const [maya, uncle] = ['100000000000000001', '100000000000000002'];
const id = anAccount().id;

const linked = (memberId: string, but: Partial<KeptLink> = {}) =>
  stores.links.put({
    ...{ memberId, accountId: id, accountName: 'maya', linkedAt: 1, madeBy: 'proof', onAdministrator: false },
    ...{ provedOnAdministrator: false, ofAdmin: false, asleepSince: undefined, suspendedSince: undefined },
    ...but,
  });

function ownership() {
  const turned: [string, boolean][] = [];
  const { links, transaction } = stores;
  const whose = new Ownership({
    ...{ links, transaction, now: () => 7 },
    members: { find: () => Promise.resolve(undefined), lastAsked: () => undefined } as never,
    events: {
      emit: (_name: string, about: { link?: KeptLink; counts?: boolean }) =>
        void turned.push([about.link?.memberId ?? '', about.counts ?? false]),
    } as never,
  });
  return { whose, turned };
}

const mayas = (isAdministrator: boolean) => anAccount({ id, isAdministrator });

test.each<[string, (whose: Ownership, isAdministrator: boolean) => void]>([
  ['read', (whose, isAdministrator) => whose.onAccountRead({ id, account: mayas(isAdministrator) })],
  ['listed', (whose, isAdministrator) => whose.onAccountsListed([mayas(isAdministrator)])],
])('what a link counts for turns once when its account is %s and is another by then', (_how, isSeen) => {
  linked(maya);
  linked(uncle, { madeBy: 'commandLine' });
  const { whose, turned } = ownership();
  isSeen(whose, false);
  expect(turned).toEqual([]);
  isSeen(whose, true);
  isSeen(whose, true);
  // A link of the command line counts on an administrator's account as well.
  expect(turned).toEqual([[maya, false]]);
  expect([whose.has(maya, id), whose.has(uncle, id), whose.wasAdministrators(id)]).toEqual([false, true, true]);
  isSeen(whose, false);
  expect(turned).toEqual([
    [maya, false],
    [maya, true],
  ]);
});

test('an account that is gone, or that is not in a list, turns nothing', () => {
  linked(maya, { onAdministrator: true });
  const { whose, turned } = ownership();
  whose.onAccountRead({ id, account: undefined });
  whose.onAccountsListed([anAccount({ id: 'b'.repeat(32) })]);
  expect([turned, whose.wasAdministrators(id)]).toEqual([[], true]);
});

test('an administrator’s account is its member’s while they hold an admin role', () => {
  linked(maya, { onAdministrator: true, provedOnAdministrator: true });
  linked(uncle, { onAdministrator: true, provedOnAdministrator: true });
  const { whose, turned } = ownership();
  whose.onMemberRead({ id: maya, rank: 'admin' } as never);
  expect([whose.has(maya, id), whose.has(uncle, id)]).toEqual([true, false]);
  whose.onMemberRead({ id: maya, rank: 'helper' } as never);
  expect(whose.has(maya, id)).toBe(false);
  expect(turned).toEqual([
    [maya, true],
    [maya, false],
  ]);
});

test('a proof is one of an administrator’s account as long as that is one: when it was ordinary meanwhile, it is to be proved anew', () => {
  linked(maya, { onAdministrator: true, provedOnAdministrator: true, ofAdmin: true });
  const { whose, turned } = ownership();
  const isSeen = (isAdministrator: boolean) => {
    whose.onAccountsListed([mayas(isAdministrator)]);
    return [whose.has(maya, id), whose.hasUnread(maya, id)];
  };
  expect([true, false, true].map(isSeen)).toEqual([
    [true, true],
    [true, false],
    [false, false],
  ]);
  expect(turned).toEqual([[maya, false]]);
});

test('a proof from before it was kept for what kind of account is one of an administrator’s until the account is read', () => {
  linked(maya, { provedOnAdministrator: true, ofAdmin: true });
  const { whose } = ownership();
  whose.onMemberRead({ id: maya, rank: 'admin' } as never);
  expect(whose.hasUnread(maya, id)).toBe(true);
  whose.onAccountsListed([mayas(false)]);
  expect(whose.hasUnread(maya, id)).toBe(false);
});

test('a link that sleeps is nobody’s, and is not said to want a proof', () => {
  linked(maya, { asleepSince: 5 });
  linked(uncle, { onAdministrator: true, madeBy: 'admin' });
  const { whose } = ownership();
  expect([whose.ofMember(maya), whose.ofAccount(id), whose.find(maya, id)]).toEqual([[], [], undefined]);
  linked('4');
  expect([maya, uncle, '4', '3'].map((each) => whose.toBeTold(each, id))).toEqual([
    ...['later', 'later', 'now', undefined],
  ]);
  stores.links.remove('4', id);
  expect(() => whose.assertOwn(maya, id)).toThrow(expect.objectContaining({ code: 'accountNotYours' }) as Error);
  expect(() => whose.assertOwn(uncle, id)).toThrow(expect.objectContaining({ code: 'linkUnproved' }) as Error);
  expect(() => whose.assertOwn('3', id)).toThrow(expect.objectContaining({ code: 'accountNotYours' }) as Error);
});

test('an account that cannot be read is only whose link would count on an administrator’s, too', () => {
  linked(maya, { madeBy: 'admin' });
  linked(uncle, { madeBy: 'commandLine' });
  const { whose } = ownership();
  expect([maya, uncle, '3'].map((each) => whose.hasUnread(each, id))).toEqual([false, true, false]);
});

test('a list of free accounts has none that is linked or an administrator’s; what was picked in it may be linked by then', async () => {
  linked(maya);
  const accounts = [
    ...[anAccount(), anAccount({ id: 'c'.repeat(32), name: 'zoe' }), anAccount({ id: 'b'.repeat(32), name: 'gran' })],
    anAccount({ id: 'd'.repeat(32), name: 'boss', isAdministrator: true }),
  ];
  const free = await freeAccounts({ latest: () => Promise.resolve({ accounts }) }, stores.links);
  expect(free.map(({ name }) => name)).toEqual(['gran', 'zoe']);
  expect(() => assertFree(stores.links, maya, id)).not.toThrow();
  const taken = { code: 'accountTaken', params: { by: `<@${maya}>` } };
  expect(() => assertFree(stores.links, uncle, id)).toThrow(expect.objectContaining(taken) as Error);
});

test('only a password that somebody else changed suspends sign-ins by proof, and the log is read on from there', async () => {
  linked(maya);
  const { whose } = ownership();
  const entry = (kind: LogEntry['kind'], accountId: string | undefined, at: number) =>
    ({ id: at, kind, accountId, at, text: '', address: undefined }) as LogEntry;
  let fresh: LogEntry[] = [];
  const cursors: unknown[] = [];
  const changes = new PasswordChanges({
    logReader: { read: () => Promise.resolve({ fresh, around: fresh, cursor: { id: 9, at: 9 } }) },
    passwordLog: { cursor: () => undefined, setCursor: (at) => cursors.push(at), isBotsOwn: (_id, { at }) => at === 3 },
    ...{ ownership: whose, transaction: stores.transaction },
  });
  const suspended = () => stores.links.between(maya, id)?.suspendedSince;
  fresh = [entry('signedIn', id, 1), entry('failed', id, 2), entry('passwordChanged', id, 3)];
  await changes.read();
  expect(suspended()).toBeUndefined();
  fresh = [entry('passwordChanged', undefined, 4), entry('passwordChanged', 'b'.repeat(32), 5)];
  await changes.read();
  expect(suspended()).toBeUndefined();
  fresh = [entry('passwordChanged', id, 6)];
  await changes.read();
  expect([suspended(), cursors.length]).toEqual([7, 3]);
});

test('an owner whose link is taken away while Discord is asked for them keeps no other from being told', async () => {
  [maya, uncle].forEach((each) => linked(each));
  const { links, transaction } = stores;
  const find = (memberId: string) => {
    links.remove(uncle, id);
    return Promise.resolve(memberId && { rank: 'member' });
  };
  const whose = new Ownership({ links, transaction, now: () => 7, members: { find }, events: {} } as never);
  expect(await whose.ownersNow(id)).toEqual([{ memberId: maya, rank: 'member' }]);
});

test('who owns an account now is in the server, and has a link that counts; one who left and is back does again', async () => {
  const asked: string[] = [];
  linked('1');
  linked('2', { asleepSince: 5 });
  linked('3');
  linked('4', { onAdministrator: true });
  linked('5', { asleepSince: 5 });
  const { links, transaction } = stores;
  const find = (memberId: string) => {
    asked.push(memberId);
    // As the bot does with everybody whom Discord knows.
    if (memberId === '2') links.wake(memberId);
    return Promise.resolve(['3', '5'].includes(memberId) ? undefined : { rank: 'member' });
  };
  const whose = new Ownership({ links, transaction, now: () => 7, members: { find }, events: {} } as never);
  expect(await whose.ownersNow(id)).toEqual(['1', '2'].map((memberId) => ({ memberId, rank: 'member' })));
  expect(asked).toEqual(['1', '2', '3', '4', '5']);
});

test('the admins who own an administrator’s account are asked where nobody else can be; where nobody can be an admin, whoever proved theirs', () => {
  const proved = { onAdministrator: true, provedOnAdministrator: true } as const;
  linked(maya, { madeBy: 'commandLine', ofAdmin: true });
  linked('3', { ...proved, ofAdmin: true });
  linked('4', proved);
  linked('5', { ...proved, madeBy: 'admin', provedOnAdministrator: false, ofAdmin: true });
  linked('6', { ...proved, ofAdmin: true, asleepSince: 5 });
  const { whose } = ownership();
  expect([whose.administratorsOwners(false), whose.administratorsOwners(true)]).toEqual([['3'], ['3', '4']]);
});

test('somebody who proves an account while its last password is being read is not taken for one who proved it before', async () => {
  const { whose } = ownership();
  const changed = { id: 6, kind: 'passwordChanged', accountId: id, at: 6, text: '', address: undefined } as const;
  let [read, answer] = [0, () => undefined as unknown];
  const slow = new Promise<void>((done) => (answer = () => done()));
  const changes = new PasswordChanges({
    logReader: {
      read: async (cursor) => {
        if (++read === 1) await slow;
        return { fresh: cursor ? [] : [changed], around: [], cursor: { id: 6, at: 6 } };
      },
    },
    passwordLog: { cursor: () => kept, setCursor: (at) => void (kept = at), isBotsOwn: () => false },
    ...{ ownership: whose, transaction: stores.transaction },
  });
  let kept: { id: number; at: number } | undefined;
  const both = [changes.read(), changes.read().then(() => linked(maya))];
  await turn();
  answer();
  await Promise.all(both);
  expect(stores.links.between(maya, id)?.suspendedSince).toBeUndefined();
});

test('an admin whose account was an administrator’s, and is one they did not prove, is none of the server', async () => {
  linked(maya, { ofAdmin: true, madeBy: 'admin' });
  const { whose } = ownership();
  const byId = () => {
    whose.onAccountsListed([mayas(true)]);
    return Promise.resolve(mayas(true));
  };
  expect(await new Permissions(whose, { byId }).isServerAdmin({ id: maya, rank: 'admin' })).toBe(false);
});

test('an admin changes an administrator’s account who owns one, and every ordinary one', async () => {
  linked(maya, { ofAdmin: true, onAdministrator: true, provedOnAdministrator: true });
  linked(uncle, { ofAdmin: true, accountId: 'b'.repeat(32) });
  const byId = (each: string) => Promise.resolve(anAccount({ id: each, isAdministrator: each === id }));
  const permissions = new Permissions(ownership().whose, { byId });
  const may = async (memberId: string) => {
    const actor = { id: memberId, rank: 'admin' } as Actor;
    return [await permissions.mayChange(actor, mayas(true)), await permissions.mayChange(actor, mayas(false))];
  };
  expect([await may(maya), await may(uncle)]).toEqual([
    [true, true],
    [false, true],
  ]);
});

test('a member may change no account, a helper none of an administrator’s', async () => {
  const permissions = new Permissions(ownership().whose, { byId: () => Promise.resolve(mayas(true)) });
  const may = (rank: Rank, isAdministrator: boolean) =>
    permissions.assertMayChange({ id: maya, rank } as Actor, mayas(isAdministrator)).then(
      () => 'may',
      ({ code }: AppError) => code,
    );
  expect(await Promise.all([may('member', false), may('member', true)])).toEqual(['notAllowed', 'notAllowed']);
  expect(await Promise.all([may('helper', false), may('helper', true)])).toEqual(['may', 'adminAccount']);
});

test('an account without a provider is Jellyfin’s own', () => {
  expect(
    ['', 'Jellyfin.Plugin.LDAP_Auth.LdapProvider'].map((each) => otherProvider({ authenticationProviderId: each })),
  ).toEqual([undefined, 'LdapProvider']);
});

const elsewhere = { authenticationProviderId: 'Ldap' };
const off = { isDisabled: true, failedSignIns: 0 };
test.each<[Wish, Parameters<typeof anAccount>[0], string | undefined]>([
  ['enable', {}, 'notDisabled'],
  ['enable', off, undefined],
  ['provider', { ...off, ...elsewhere }, undefined],
  ['reset', off, 'disabledByAdmin'],
  ['reset', elsewhere, 'passwordElsewhere'],
  ['reset', { ...elsewhere, isDisabled: true, failedSignIns: 3 }, 'passwordElsewhere'],
  ['reset', {}, undefined],
  ['unlock', off, 'disabledByAdmin'],
  ['unlock', { ...elsewhere, isDisabled: true, failedSignIns: 3 }, undefined],
  ['unlock', elsewhere, 'passwordElsewhere'],
  ['unlock', {}, 'notLocked'],
])('who wishes for %s where the account is %o hears %s', (wish, but, code) => {
  let heard: string | undefined;
  try {
    assertHelps(wish, anAccount(but));
  } catch (error) {
    heard = (error as AppError).code;
  }
  expect(heard).toBe(code);
});

test('administrators may use any device; hours that were put off are no hours of an administrator’s', () => {
  const hours = (startHour: number) => [{ day: 'Everyday', startHour, endHour: startHour + 1 }];
  const is = (but: object) => (['hours', 'devices'] as const).filter((each) => isRestricted(anAccount(but), each));
  expect([{ allDevices: false }, { allDevices: false, isAdministrator: true }].map(is)).toEqual([['devices'], []]);
  expect([7, 107].map((each) => is({ accessSchedules: hours(each) }))).toEqual([['hours'], []]);
});
