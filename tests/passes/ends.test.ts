import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { Account, Restriction } from '../../src/services/accounts/account.js';
import type { RestrictionFields } from '../../src/services/accounts/account.js';
import { PassEnds } from '../../src/services/passes/pass-ends.js';
import { Passes } from '../../src/services/passes/passes.js';
import type { Request } from '../../src/services/requests/request.js';
import { opened } from '../db/opened.js';
import { anAccount } from '../support/an-account.js';

const stores = opened();
const [maya, dad] = ['100000000000000001', '100000000000000002'];
const now = 1_800_000_000_000;

let account: Account;
let written: RestrictionFields[];
let owed: string[];
let devices: string[];
let check: (account: Account) => Promise<void>;
let ends: PassEnds;
let passes: Passes;

beforeEach(() => {
  [written, owed, devices, check] = [[], [], [], () => Promise.resolve()];
  const restrict = async (_id: string, permit: (account: Account) => unknown) => {
    const fields = (await permit(account)) as RestrictionFields | undefined;
    if (!fields) return;
    written.push(fields);
    account = { ...account, ...fields };
  };
  const finish = ({ id }: Request) => stores.requests.move(id, ['approved'], 'done', { endedAt: now });
  const deps = {
    ...{ stores, now: () => now, jellyfin: { restrict, getAccount: () => Promise.resolve(account) } },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    executor: { record: () => undefined, publish: () => undefined, preWriteCheck: () => check, finish },
    outbox: {
      deliver: () => Promise.resolve(),
      owe: (each: { kind: string; recipientId: string }) => owed.push(`${each.kind} to ${each.recipientId}`),
    },
    ownership: { has: () => true, assertOwn: () => undefined, ofAccount: () => [{ memberId: maya }] },
    permissions: { mayChange: () => Promise.resolve(false), assertMayChange: () => Promise.resolve() },
    requests: { asked: (request: Request) => request },
    logReader: { newest: () => Promise.resolve({ id: 1, at: 1 }) },
    watch: { devices: { list: () => Promise.resolve(devices.map((id) => ({ id, name: id, accountId: account.id }))) } },
  } as never;
  [ends, passes] = [new PassEnds(deps), new Passes(deps)];
});

function asked(restriction: Restriction) {
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
  });
  if (!request) throw new Error('no request');
  return request;
}

/** A pass that was opened twenty minutes ago for a quarter of an hour, or by somebody's word is over. */
function over(restriction: Restriction, before: RestrictionFields, endedBy?: string) {
  const { id: requestId } = asked(restriction);
  const devicesBefore = restriction === 'devices' ? { known: ['tv'], log: undefined } : undefined;
  const openedAt = now - 20 * 60_000;
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
