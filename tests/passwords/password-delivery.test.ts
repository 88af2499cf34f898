import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { Account } from '../../src/services/accounts/account.js';
import { PasswordDelivery } from '../../src/services/passwords/password-delivery.js';
import type { NewRequest, Request } from '../../src/services/requests/request.js';
import { opened } from '../db/opened.js';
import { fakeMessenger } from '../notices/fake-messenger.js';
import { anAccount } from '../support/an-account.js';

const stores = opened();
const account = anAccount();
const [maya, dad] = ['100000000000000001', '100000000000000002'];
const now = 1_800_000_000_000;
const at = { channelId: 'dm maya', messageId: '7' };

let discord: ReturnType<typeof fakeMessenger>;
let buttons: string[] | undefined;
let cancelled: string[];
let delivery: PasswordDelivery;
/** Of the account's former provider; whether its hours are put off; how often its password was made Jellyfin's own. */
let provider: 'gone' | 'back';
let isPutOff: boolean;
let takenOver: number;

beforeEach(() => {
  [discord, buttons, cancelled] = [fakeMessenger(), [], []];
  const { kept, log, messenger } = discord;
  // It answers a moment later: what was not waited for is seen not to be done.
  const { edit } = messenger;
  messenger.edit = (...edited) => turn().then(() => edit(...edited));
  [provider, isPutOff, takenOver] = ['gone', false, 0];
  delivery = new PasswordDelivery({
    ...{ stores, kept, log, now: () => now, newPassword: () => 'aaaa-bbbb-cccc', config: { tempPasswordTtlMs: 1000 } },
    messenger: { ...messenger, read: () => Promise.resolve(buttons && { buttons }) },
    events: { emit: () => undefined },
    endings: {
      cancelNeedless: (kind: string) => {
        cancelled.push(kind);
        return kind === 'unlock' ? [{ memberId: dad }] : [];
      },
    },
    owners: { hearsElsewhere: (_done: object, memberId: string) => cancelled.push(`told ${memberId}`) },
    executor: { finish: (request: Request) => request, preWriteCheck: () => () => Promise.resolve() },
    causes: {
      assertProviderGone: async () => {
        await turn();
        if (provider === 'back') throw new AppError('providerThere');
      },
    },
    jellyfin: {
      useOwnPassword: async (_id: string, _password: string, check: (account: Account) => Promise<void>) => {
        const hours = isPutOff ? [{ day: 'Everyday', startHour: 107, endHour: 108 }] : [];
        await check(anAccount({ accessSchedules: hours }));
        takenOver += 1;
        return { after: account };
      },
    },
    logReader: { newest: () => Promise.resolve(undefined) },
    passwordMessages: {
      passwordNotShown: () => ({ not: 'shown' }),
      passwordScrubbed: (_request: object, why: string) => ({ scrubbed: why }),
    },
  } as never);
});

function asked(but: Partial<NewRequest> = {}): Request {
  const { id: accountId, name: accountName } = account;
  const about = { kind: 'reset', memberId: maya, accountId, accountName, adminAccount: false } as const;
  const how = { state: 'approved', origin: 'asked', decidedBy: dad, createdAt: now, notice: at } as const;
  const request = stores.requests.insert({ ...about, ...how, ...but });
  if (!request) throw new Error('no request');
  return request;
}

test.each<[string, Partial<NewRequest>, string[]]>([
  ['a new password', {}, ['unlock', 'provider', `told ${dad}`]],
  ['one that somebody renewed', { origin: 'direct', decidedBy: maya }, ['unlock', 'provider', `told ${dad}`]],
  ['one that was asked for an administrator’s account', { adminAccount: true }, ['unlock', 'provider', `told ${dad}`]],
  ['a rescue of an own account, which clears no lock,', { adminAccount: true, origin: 'direct', decidedBy: maya }, []],
])('%s ends the wishes that it makes needless, and none else', (_which, but, ended) => {
  delivery.onDone(asked(but));
  expect(cancelled).toEqual(ended);
});

const begins = ({ id: requestId }: Request, begunAt = now) =>
  stores.tempPasswords.begin({
    ...{ requestId, accountId: account.id, memberId: maya, begunAt, expiresAt: begunAt + 1000 },
  });

test('of one that failed the message says so, but an earlier password that still works stays in it', async () => {
  const request = asked();
  const failed = (failure: Request['failure']) => delivery.onFailed({ ...request, failure });
  await failed('jellyfinTimeout');
  expect(discord.since()).toEqual(['edited 7: {"not":"shown"}']);
  buttons = ['resetpw:in:1'];
  await failed('jellyfinTimeout');
  await failed('passwordUncertain');
  expect(discord.since()).toEqual([]);
  // A second one was begun: the earlier may be gone all the same.
  begins(request);
  await failed('jellyfinTimeout');
  expect(discord.since()).toEqual([]);
  await failed('passwordUncertain');
  expect(discord.since()).toEqual(['edited 7: {"not":"shown"}']);
  buttons = undefined;
  await failed('passwordUncertain');
  expect(discord.since()).toEqual([]);
});

test('a password that a PIN was to become may be set although the answer was lost', async () => {
  const request = asked();
  const lost = new AppError('jellyfinTimeout');
  await expect(delivery.set(request, () => Promise.reject(lost))).rejects.toBe(lost);
  expect(stores.tempPasswords.mayBeSet(request.id)).toBe(true);
});

test('the passwords before the newest one are hidden, each in its message, and not the newest', async () => {
  const message = (messageId: string) => ({ channelId: 'dm maya', messageId });
  const [first, second, third] = [asked(), asked({ memberId: dad }), asked({ memberId: '3' })];
  for (const [index, each] of [first, second, third].entries()) {
    begins(each, now + index);
    stores.tempPasswords.shown(each.id, now + index, message(`${index + 1}`));
  }
  let isMade = false;
  const made = delivery.locks.run(account.id, async () => {
    for (let turns = 0; turns < 5; turns += 1) await turn();
    isMade = discord.since().length === 0;
  });
  await delivery.scrubAllSuperseded();
  await made;
  expect(isMade).toBe(true);
  expect(discord.since()).toEqual(['edited 1: {"scrubbed":"superseded"}', 'edited 2: {"scrubbed":"superseded"}']);
  expect(stores.tempPasswords.outstanding().map(({ requestId }) => requestId)).toEqual([third.id]);
  expect(stores.tempPasswords.toScrub()).toEqual([]);
});

test('one that stands in its message already, as the bot was stopped then, has taken the place of the earlier one once that is said', async () => {
  const [first, second] = [asked(), asked({ memberId: dad })];
  begins(first);
  stores.tempPasswords.shown(first.id, now, { channelId: 'dm maya', messageId: '1' });
  begins(second, now + 1);
  buttons = [`resetpw:in:${second.id}`];
  await delivery.execute(second);
  expect(discord.since()).toEqual(['edited 1: {"scrubbed":"superseded"}']);
});

test.each([
  ['whose provider is gone', 'gone', false, false, 1],
  ['whose provider is back', 'back', false, false, 0],
  ['whose provider is back, and which an earlier attempt keeps closed', 'back', true, false, 1],
  ['whose provider is back, where this request has begun before', 'back', false, true, 1],
] as const)('an account %s is taken over while that is right', async (_how, is, putOff, isBegun, times) => {
  [provider, isPutOff] = [is, putOff];
  const request = asked({ kind: 'provider' });
  if (isBegun) begins(request);
  await delivery.set(request).catch(() => undefined);
  expect(takenOver).toBe(times);
});

test('a message that Discord does not let be edited now is hidden by a later round', async () => {
  const [first, second] = [asked(), asked({ memberId: dad })];
  for (const [index, each] of [first, second].entries()) {
    begins(each, now + index);
    stores.tempPasswords.shown(each.id, now + index, { channelId: 'dm maya', messageId: `${index}` });
  }
  discord.answers.edited = 'editLimitReached';
  await delivery.scrubAllSuperseded();
  expect(stores.tempPasswords.toScrub().map(({ requestId }) => requestId)).toEqual([first.id]);
});

test('what is no answer of Jellyfin’s is tried again, and takes no password for not set', async () => {
  const request = asked();
  const bug = new Error('a bug');
  const lost = (error: Error) => delivery.set({ ...request, kind: 'reset' }, () => Promise.reject(error));
  await expect(lost(bug)).rejects.toBe(bug);
  expect(stores.tempPasswords.mayBeSet(request.id)).toBe(true);
  await expect(lost(bug)).rejects.toBe(bug);
  await expect(lost(new AppError('jellyfinTimeout'))).rejects.toMatchObject({ code: 'passwordUncertain' });
});
