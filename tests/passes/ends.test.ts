import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { Account, Restriction } from '../../src/services/accounts/account.js';
import type { RestrictionFields } from '../../src/services/accounts/account.js';
import { PassEnds } from '../../src/services/passes/pass-ends.js';
import { lengthsOf } from '../../src/services/passes/pass.js';
import { Passes } from '../../src/services/passes/passes.js';
import type { NewRequest, Request } from '../../src/services/requests/request.js';
import { opened } from '../db/opened.js';
import { anAccount } from '../support/an-account.js';

const stores = opened();
const [maya, dad, uncle] = ['100000000000000001', '100000000000000002', '100000000000000003'];
const now = 1_800_000_000_000;

/** Longer than anything else takes. */
const later = async () => {
  for (let turns = 0; turns < 5; turns += 1) await turn();
};

let account: Account;
let written: RestrictionFields[];
let owed: string[];
let devices: string[];
let check: (account: Account) => Promise<void>;
let isOwner: () => boolean;
let mayChange: boolean;
let isAway: boolean;
let reads: number;
/** Whether it was an administrator's account for which the right was asked, each time. */
let askedFor: boolean[];
let ends: PassEnds;
let passes: Passes;

beforeEach(() => {
  [isOwner, mayChange, isAway, reads, askedFor] = [() => true, false, false, 0, []];
  [written, owed, devices, check] = [[], [], [], () => Promise.resolve()];
  const restrict = async (_id: string, permit: (account: Account) => unknown) => {
    await turn();
    const fields = (await permit(account)) as RestrictionFields | undefined;
    if (!fields) return;
    written.push(fields);
    account = { ...account, ...fields };
  };
  const getAccount = () => {
    reads += 1;
    return reads > 0 && isAway ? Promise.reject(new AppError('jellyfinTimeout')) : Promise.resolve(account);
  };
  const assertOwn = () => {
    if (!isOwner()) throw new AppError('accountNotYours');
  };
  const finish = ({ id }: Request) => stores.requests.move(id, ['approved'], 'done', { endedAt: now });
  const deps = {
    ...{ stores, now: () => now, jellyfin: { restrict, getAccount } },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    executor: { record: () => undefined, publish: () => undefined, preWriteCheck: () => check, finish },
    outbox: {
      deliver: () => Promise.resolve(),
      owe: (each: { kind: string; recipientId: string }) => owed.push(`${each.kind} to ${each.recipientId}`),
    },
    ownership: { has: () => isOwner(), assertOwn, wasAdministrators: () => true },
    permissions: {
      mayChange: () => Promise.resolve(mayChange),
      assertMayChange: (_actor: object, { isAdministrator }: Account) => {
        askedFor.push(isAdministrator);
        return later().then(() => (mayChange ? undefined : Promise.reject(new AppError('adminAccount'))));
      },
    },
    requests: { asked: (request: Request) => request },
    logReader: { newest: () => Promise.resolve({ id: 1, at: 1 }) },
    watch: {
      devices: { list: () => later().then(() => devices.map((id) => ({ id, name: id, accountId: account.id }))) },
    },
  } as never;
  // One of the two owners is away.
  const how = { madeBy: 'proof', provedOnAdministrator: false, ofAdmin: false, onAdministrator: false } as const;
  const link = { accountId: anAccount().id, accountName: 'maya', linkedAt: 1, suspendedSince: undefined, ...how };
  stores.links.put({ ...link, memberId: maya, asleepSince: undefined });
  stores.links.put({ ...link, memberId: uncle, asleepSince: 7 });
  [ends, passes] = [new PassEnds(deps), new Passes(deps)];
});

function asked(restriction: Restriction, but: Partial<NewRequest> = {}) {
  const { id: accountId, name: accountName } = account;
  const about = { kind: 'pass', state: 'approved', memberId: maya, decidedBy: dad, origin: 'asked' } as const;
  const pass = { restriction, lasts: 'quarter' } as const;
  const request = stores.requests.insert({
    ...about,
    accountId,
    accountName,
    adminAccount: false,
    createdAt: now,
    pass,
    ...but,
  });
  if (!request) throw new Error('no request');
  return request;
}

const twentyMinutesAgo = now - 20 * 60_000;

/** A pass that was opened twenty minutes ago for a quarter of an hour, or by somebody's word is over. */
function over(
  restriction: Restriction,
  before: RestrictionFields,
  endedBy?: string,
  but: Partial<NewRequest> = {},
  openedAt = twentyMinutesAgo,
) {
  const { id: requestId } = asked(restriction, but);
  const devicesBefore = restriction === 'devices' ? { known: ['tv'], log: undefined } : undefined;
  const { id } = stores.passes.begin({
    ...{ requestId, accountId: account.id, restriction, before, devicesBefore },
  }) ?? { id: 0 };
  stores.requests.move(requestId, ['approved'], 'done', { endedAt: openedAt });
  stores.passes.opened(id, openedAt, openedAt + 15 * 60_000);
  if (endedBy) stores.passes.endEarly(id, endedBy);
  return () => stores.passes.byId(id);
}

test.each([
  ['is open as the pass left it', { maxActiveSessions: 0 }, 'putBack', [{ maxActiveSessions: 2 }]],
  ['was put back by somebody', { maxActiveSessions: 2 }, 'putBack', []],
  ['was changed to something else', { maxActiveSessions: 5 }, 'changed', []],
])('a restriction that %s', async (_how, is, end, writes) => {
  account = anAccount(is);
  const pass = over('sessions', { maxActiveSessions: 2 });
  await ends.round();
  expect([pass()?.end, written]).toEqual([end, writes]);
});

test.each([
  ['at its time: nobody hears that somebody ended it', undefined, []],
  ['by an admin: its member hears', dad, [`passEndedEarly to ${maya}`]],
  ['by its member: they know', maya, []],
])('a pass that ends %s', async (_how, endedBy, told) => {
  account = anAccount({ remoteAccess: true });
  over('remote', { remoteAccess: false }, endedBy);
  await ends.round();
  expect([owed, account.remoteAccess]).toEqual([told, false]);
});

test('a device that signed in during the last minute stays on the list', async () => {
  account = anAccount({ allDevices: true, listedDevices: ['tv'] });
  devices = ['tablet'];
  over('devices', { allDevices: false, listedDevices: ['tv'] });
  await ends.round();
  expect(written).toEqual([{ allDevices: false, listedDevices: ['tv', 'tablet'] }]);
});

test('one whose link was taken away meanwhile is not let in', async () => {
  account = anAccount({ remoteAccess: false });
  check = async () => {
    await Promise.resolve();
    throw new AppError('linkGone');
  };
  const request = asked('remote');
  await expect(passes.execute(request)).rejects.toMatchObject({ code: 'linkGone' });
  expect([written, stores.passes.ofRequest(request.id)]).toEqual([[], undefined]);
});

test('what is open by itself is not said to be open for a while', async () => {
  account = anAccount({ remoteAccess: true });
  await expect(passes.execute(asked('remote'))).rejects.toMatchObject({ code: 'passNotNeeded' });
});

test('a pass whose opening was cut short is carried on, and one that is not open yet is none of the open ones', async () => {
  account = anAccount({ remoteAccess: false });
  const request = asked('remote');
  await passes.execute(request);
  expect(passes.ofAccount(account.id)).toHaveLength(1);
  const second = { maxActiveSessions: 3 };
  account = { ...account, ...second };
  const other = asked('sessions');
  const about = { requestId: other.id, accountId: account.id, restriction: 'sessions', before: second } as const;
  stores.passes.begin({ ...about, devicesBefore: undefined });
  expect([passes.ofAccount(account.id).length, passes.open().length]).toEqual([1, 1]);
  // Its restriction was opened before the bot was stopped.
  account = { ...account, maxActiveSessions: 0 };
  written = [];
  expect(await passes.execute(other)).toMatchObject({ state: 'done' });
  expect([written, passes.ofRequest(other.id)?.before]).toEqual([[], second]);
});

test('who asks while theirs is just being opened is told of that request, and not that it is open', async () => {
  account = anAccount({ remoteAccess: false });
  const { id: requestId } = asked('remote');
  const about = { requestId, accountId: account.id, restriction: 'remote', before: { remoteAccess: false } } as const;
  const begun = stores.passes.begin({ ...about, devicesBefore: undefined });
  const actor = { id: maya, rank: 'member' } as never;
  const asks = () => passes.ask(actor, account.id, { restriction: 'remote', lasts: 'quarter' }, undefined);
  expect(await asks()).toMatchObject({ way: 'asked', asked: { id: requestId } });
  stores.passes.opened(begun?.id ?? 0, now, now + 60_000);
  await expect(asks()).rejects.toMatchObject({ code: 'passOpen' });
});

test('one that an admin gave and another ends is told to all owners; one that nobody knows of ends for nobody', async () => {
  account = anAccount({ remoteAccess: true });
  over('remote', { remoteAccess: false }, dad, { origin: 'direct', memberId: dad });
  await ends.round();
  expect(owed).toEqual([`passEndedEarly to ${maya}`, `passEndedEarly to ${uncle}`]);
  await expect(ends.endNow(99, { id: dad, rank: 'admin' } as never)).rejects.toMatchObject({ code: 'accountNotYours' });
});

test.each([
  ['is one now', false, true, false, true],
  ['was one when it was opened', true, false, false, true],
  ['is none', false, false, false, false],
  ['was one when it was last read, and cannot be read', false, false, true, true],
])(
  'whoever ends it for others needs the right to an administrator’s where the account %s',
  async (_how, was, is, away, needs) => {
    account = anAccount({ remoteAccess: true, isAdministrator: is });
    [isOwner, isAway, mayChange] = [() => false, away, true];
    const pass = over('remote', { remoteAccess: false }, undefined, { adminAccount: was });
    await ends.endNow(pass()?.id ?? 0, { id: dad, rank: 'admin' } as never);
    expect([askedFor, pass()?.end]).toEqual([[needs], 'putBack']);
    const other = over('sessions', { maxActiveSessions: 1 });
    mayChange = false;
    const ended = ends.endNow(other()?.id ?? 0, { id: dad, rank: 'admin' } as never);
    await expect(ended).rejects.toMatchObject({ code: 'adminAccount' });
  },
);

test('of what is not theirs nobody hears whether it is there; what has become an administrator’s since is not theirs', async () => {
  account = anAccount({ remoteAccess: false });
  const looks = (rank: string) => passes.look({ id: maya, rank } as never, account.id);
  isOwner = () => false;
  await expect(looks('member')).rejects.toMatchObject({ code: 'accountNotYours' });
  expect(reads).toBe(0);
  isOwner = () => reads === 0;
  await expect(looks('member')).rejects.toMatchObject({ code: 'accountNotYours' });
  await expect(looks('admin')).rejects.toMatchObject({ code: 'adminAccount' });
  isOwner = () => true;
  mayChange = true;
  expect([(await looks('helper')).isAtOnce, (await looks('admin')).isAtOnce]).toEqual([false, true]);
});

test('whoever signed in is noted by the end of a round, before the pass is over', async () => {
  account = anAccount({ allDevices: true });
  const pass = over('devices', { allDevices: false, listedDevices: [] }, undefined, {}, now);
  devices = ['tablet'];
  await ends.round();
  expect(pass()?.signedIn).toEqual([{ id: 'tablet', name: 'tablet' }]);
});

test('for good only what lasts is opened', () => {
  expect(
    (['hours', 'remote', 'devices', 'sessions'] as const).filter((each) => lengthsOf(each).includes('forGood')),
  ).toEqual(['remote', 'devices']);
});
