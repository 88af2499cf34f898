import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { Permissions } from '../../src/services/accounts/permissions.js';
import { RequestExecutor } from '../../src/services/requests/request-executor.js';
import type { Rank } from '../../src/services/members/actor.js';
import type { NewRequest, Request } from '../../src/services/requests/request.js';
import { opened } from '../db/opened.js';
import { anAccount } from '../support/an-account.js';

const stores = opened();
const [maya, dad] = ['100000000000000001', '100000000000000002'];
const account = anAccount();

let did: string[];
let isOwner: boolean;
let isServerAdmin: boolean;
let dadsRank: Rank | undefined;
let executor: RequestExecutor;
let execute: (request: Request) => Promise<Request>;
let onFailed: () => Promise<void>;

/** Takes a while, and says when it began and ended. */
async function slowly(what: string) {
  did.push(`${what}…`);
  for (let i = 0; i < 3; i += 1) await Promise.resolve();
  did.push(what);
}

beforeEach(() => {
  [did, isOwner, isServerAdmin, dadsRank] = [[], true, true, 'admin'];
  executor = new RequestExecutor({
    ...{ stores, now: () => 20_000, log: { info: () => undefined, warn: () => undefined, error: () => undefined } },
    ownership: { find: () => (isOwner ? {} : undefined) },
    members: {
      find: (id: string) =>
        slowly('asked for roles').then(() => (id === dad && dadsRank ? { rank: dadsRank } : undefined)),
    },
    permissions: new Permissions(
      { has: () => true, ofMember: () => (isServerAdmin ? [{ accountId: 'an administrator’s' }] : []) } as never,
      { byId: () => Promise.resolve(anAccount({ isAdministrator: true })) },
    ),
    cards: { refresh: (request: Request) => slowly(`card: ${request.state}`).then(() => request) },
    owners: { owe: () => undefined },
    outbox: {
      settle: () => undefined,
      deliver: async ([kind]: string[]) => {
        if (kind !== 'outcome') return;
        await slowly('told');
      },
    },
  } as never);
  execute = (request) => Promise.resolve(executor.finish(request, 'due'));
  onFailed = () => slowly('message cleared');
  executor.register('unlock', {
    changesAccount: true,
    execute: (request) => slowly('unlocked').then(() => execute(request)),
    onFailed: () => onFailed(),
  });
});

function approved(but: Partial<NewRequest> = {}): Request {
  const { id: accountId, name: accountName } = account;
  const about = { kind: 'unlock', memberId: maya, accountId, accountName, adminAccount: false } as const;
  const how = { state: 'approved', origin: 'asked', decidedBy: dad, createdAt: 10_000 } as const;
  const request = stores.requests.insert({ ...about, ...how, ...but });
  if (!request) throw new Error('no request');
  return request;
}

test('the card says that it is being done before it is, and how it ended after its member was told', async () => {
  await executor.execute(approved());
  const [working, , unlocking, unlocked, telling, told, over] = did;
  expect([working, unlocking, unlocked, telling, told, over]).toEqual([
    ...['card: approved…', 'unlocked…', 'unlocked', 'told…', 'told', 'card: done…'],
  ]);
});

test('what failed is cleared from their messages before they are told; what was done is not', async () => {
  execute = () => Promise.reject(new AppError('jellyfinTimeout'));
  await executor.execute(approved());
  expect(did.slice(4, 8)).toEqual(['message cleared…', 'message cleared', 'told…', 'told']);
  execute = (request) => Promise.resolve(executor.finish(request, 'due'));
  did = [];
  await executor.execute(approved());
  expect(did).not.toContain('message cleared…');
});

test('who is told already of what failed has nothing cleared once more', async () => {
  const failed = executor.fail(approved(), new AppError('jellyfinTimeout'), 'told');
  await executor.publish(failed);
  expect(did).toEqual(['card: failed…', 'card: failed']);
});

test('where a message could not be cleared, nobody is told yet', async () => {
  execute = () => Promise.reject(new AppError('jellyfinTimeout'));
  onFailed = async () => {
    await Promise.resolve();
    throw new Error('Discord is away');
  };
  await executor.execute(approved());
  expect(did.filter((each) => each.startsWith('told'))).toEqual([]);
});

test('an approval that is carried out twice at the same moment is done once', async () => {
  const request = approved();
  await Promise.all([executor.resume(request), executor.resume(request)]);
  expect(did.filter((each) => each === 'unlocked')).toHaveLength(1);
});

test('for an administrator’s account its member’s roles are asked for first', async () => {
  await executor.execute(approved({ adminAccount: true }));
  expect(did.slice(2, 5)).toEqual(['asked for roles…', 'asked for roles', 'unlocked…']);
});

test.each<[string, Rank | undefined, Partial<NewRequest>, boolean]>([
  ['an admin who is a helper now', 'helper', {}, true],
  ['who has left', undefined, {}, false],
  ['who has no role any more', 'member', {}, false],
  ['an admin who is a helper now, and it is the admins’ to decide', 'helper', { linksOnApproval: true }, false],
  ['an admin who owns no administrator’s account any more', 'admin', { adminAccount: true }, false],
  ['the same, for an ordinary account', 'admin', {}, true],
  ['its own member', 'member', { decidedBy: maya }, true],
])('what is carried out later is asked again of who approved it: %s', async (_who, rank, but, isDone) => {
  [dadsRank, isServerAdmin] = [rank, false];
  const { state, failure } = await executor.resume(approved(but));
  expect([state, failure]).toEqual(isDone ? ['done', undefined] : ['failed', 'deciderGone']);
});

test('several are published, and all are by the time that is said', async () => {
  const requests = [approved(), approved({ memberId: dad })];
  await executor.publishAll(requests);
  expect(did.filter((each) => each === 'card: approved')).toHaveLength(2);
});

test('without a link only a server admin’s own act goes on, and a pass that an admin gives', async () => {
  isOwner = false;
  const own = { kind: 'reset', adminAccount: true, origin: 'direct', decidedBy: maya } as const;
  const goesOn = (but: Partial<NewRequest> = {}, rank: 'admin' | 'helper' = 'admin') =>
    executor.isStillTheirs({ ...own, memberId: maya, accountId: account.id, ...but } as Request, rank);
  expect(await goesOn()).toBe(true);
  // They hold no admin role any more.
  expect(await goesOn({}, 'helper')).toBe(false);
  expect(await goesOn({ adminAccount: false })).toBe(false);
  expect(await goesOn({ decidedBy: dad })).toBe(false);
  expect(await goesOn({ origin: 'asked' })).toBe(false);
  expect(await goesOn({ kind: 'pass', adminAccount: false, decidedBy: dad }, 'helper')).toBe(true);
  expect(await goesOn({ kind: 'pass', adminAccount: false, origin: 'asked' })).toBe(false);
  isServerAdmin = false;
  expect(await goesOn()).toBe(false);
});
