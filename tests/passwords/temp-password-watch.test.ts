import { beforeEach, describe, expect, test } from 'vitest';
import { AppError, type ErrorCode } from '../../src/errors.js';
import { KeyedMutex } from '../../src/keyed-mutex.js';
import type { Account } from '../../src/services/accounts/account.js';
import type { LogEntry } from '../../src/services/accounts/activity-log.js';
import { TempPasswordWatch } from '../../src/services/passwords/temp-password-watch.js';
import type { NewRequest } from '../../src/services/requests/request.js';
import { opened } from '../db/opened.js';
import { fakeMessenger } from '../notices/fake-messenger.js';
import { anAccount } from '../support/an-account.js';

const stores = opened();
const account = anAccount();
const maya = '100000000000000001';
const [minute, hour, day] = [60_000, 3_600_000, 24 * 3_600_000];
const begunAt = 1_800_000_000_000;
const first = { id: 1, at: begunAt };

let now: number;
let isOwner: boolean;
let log: LogEntry[];
let did: string[];
let discord: ReturnType<typeof fakeMessenger>;
let locks: KeyedMutex<string>;
let duringRead: () => void;
let beforeWrite: () => void;
let watch: TempPasswordWatch;
/** How often the account was read. */
let reads: number;
let isGone: boolean;
let lastSignIn: Date | undefined;
/** Why it cannot be taken away. */
let failure: ErrorCode | undefined;
let cursor: typeof first;

beforeEach(() => {
  [reads, isGone, lastSignIn, failure, cursor] = [0, false, undefined, undefined, first];
  [now, isOwner, log, did, discord, locks] = [
    begunAt,
    true,
    [entry(1, 'other')],
    [],
    fakeMessenger(),
    new KeyedMutex(),
  ];
  duringRead = beforeWrite = () => undefined;
  const owed = new Set<string>();
  const deps = {
    ...{ now: () => now, kept: discord.kept, log: { ...discord.log, warn: () => undefined } },
    stores: { ...stores, audit: { record: ({ outcome }: Record<string, string>) => did.push(`ended: ${outcome}`) } },
    logReader: {
      read: () => {
        duringRead();
        return Promise.resolve({ around: log, fresh: log, cursor });
      },
    },
    jellyfin: {
      getAccount: () => {
        reads += 1;
        return isGone ? Promise.reject(new AppError('accountGone')) : Promise.resolve({ ...account, lastSignIn });
      },
      replacePassword: async (_id: string, _password: string, permit: (account: Account) => Promise<void>) => {
        beforeWrite();
        await permit({ ...account, lastSignIn });
        if (failure) throw new AppError(failure);
        did.push('taken away');
      },
    },
    executor: { isStillTheirs: () => Promise.resolve(isOwner) },
    outbox: {
      wasOwed: ({ kind }: { kind: string }) => owed.has(kind),
      owe: ({ kind }: { kind: string }) => {
        owed.add(kind);
        did.push(`owed ${kind}`);
      },
    },
    passwordMessages: { passwordScrubbed: (_request: object, why: string) => ({ scrubbed: why }) },
  };
  watch = new TempPasswordWatch(deps as never, { locks } as never);
});

const entry = (id: number, kind: LogEntry['kind']): LogEntry => ({
  ...{ id, at: begunAt + id - 1, kind, accountId: account.id, text: '', address: undefined },
});

/** One that was shown in a direct message, and lives two days. */
function shown(but: Partial<NewRequest> = {}) {
  const { id: accountId, name: accountName } = account;
  const about = { kind: 'reset', memberId: maya, accountId, accountName, adminAccount: false } as const;
  const how = { state: 'approved', origin: 'asked', createdAt: begunAt } as const;
  const { id } = stores.requests.insert({ ...about, ...how, ...but }) ?? { id: 0 };
  const begin = () =>
    stores.tempPasswords.begin({
      ...{ requestId: id, accountId, memberId: maya, begunAt: now, expiresAt: now + 2 * day },
    });
  begin();
  stores.tempPasswords.set(id, first, 0);
  stores.tempPasswords.shown(id, begunAt, { channelId: 'dm maya', messageId: '1' });
  stores.requests.move(id, ['approved'], 'done', { endedAt: begunAt });
  return { id, begin, now: () => stores.tempPasswords.byRequest(id) };
}

async function after(ms: number) {
  now = begunAt + ms;
  await watch.round();
  return [...did.splice(0), ...discord.since()];
}

test('its owner is reminded once at half its time, and it is taken away at its end', async () => {
  shown();
  expect(await after(hour)).toEqual([]);
  expect(await after(day + hour)).toEqual(['owed passwordReminder1']);
  expect(await after(day + 2 * hour)).toEqual([]);
  expect(await after(2 * day)).toEqual([
    'taken away',
    'owed passwordEnd',
    'ended: expired',
    'edited 1: {"scrubbed":"expired"}',
  ]);
  expect(await after(3 * day)).toEqual([]);
});

test('from who owns the account no more it is hidden at once, and taken away at its time all the same', async () => {
  const password = shown();
  isOwner = false;
  expect(await after(hour)).toEqual(['edited 1: {"scrubbed":"unlinked"}']);
  expect([await after(day + 2 * hour), password.now()?.endedAt]).toEqual([[], undefined]);
  expect(await after(2 * day)).toEqual(['taken away', 'ended: expired', 'edited 1: {"scrubbed":"unlinked"}']);
});

test('of one that a helper passes on by hand nobody is reminded', async () => {
  shown({ delivery: 'answer' });
  expect(await after(day + hour)).toEqual([]);
});

test('one that a helper passed on by hand is taken away at its very time, though its reader was never linked', async () => {
  shown({ delivery: 'answer' });
  isOwner = false;
  expect([await after(hour), await after(2 * day - minute)]).toEqual([[], []]);
  expect(await after(2 * day)).toEqual([
    ...['taken away', 'owed passwordEnd', 'ended: expired', 'edited 1: {"scrubbed":"expired"}'],
  ]);
});

test('one that is used, as the log says, is not taken away; its reader is reminded', async () => {
  const password = shown();
  log.push(entry(2, 'signedIn'));
  await after(hour);
  expect(password.now()?.usedAt).toBe(begunAt + hour);
  const reminded = [await after(day), await after(2 * day), await after(3 * day)];
  expect(reminded).toEqual([['owed passwordReminder1'], ['owed passwordReminder2'], []]);
});

test('one that is used, as the account alone says, is not taken away either', async () => {
  const password = shown();
  lastSignIn = new Date(begunAt + minute);
  expect([await after(day), password.now()?.usedAt]).toEqual([[], begunAt + day]);
  const reminded = [await after(day + minute), await after(2 * day)];
  expect(reminded).toEqual([['owed passwordReminder1'], ['owed passwordReminder2']]);
});

test('one that is used by somebody who owns the account no more has ended at its time', async () => {
  shown();
  log.push(entry(2, 'signedIn'));
  await after(hour);
  isOwner = false;
  await after(day + hour);
  expect(await after(2 * day)).toEqual(['ended: unlinked', 'edited 1: {"scrubbed":"unlinked"}']);
});

test('where the log was cleared meanwhile, nobody knows whether it was used: it is left, and its owner is told', async () => {
  const password = shown();
  log = [entry(9, 'other')];
  await after(hour);
  expect(password.now()?.isBlind).toBe(true);
  log = [entry(1, 'other')];
  expect(await after(2 * day)).toEqual([...['owed passwordEnd', 'ended: unknown', 'edited 1: {"scrubbed":"unknown"}']]);
});

test.each([
  ['by somebody who had signed in with it', [entry(2, 'signedIn'), entry(3, 'passwordChanged')], 'cut off'],
  ['and nobody had', [entry(3, 'passwordChanged')], 'expired'],
])('what the bot had begun to take away when it was killed, %s, was taken away', async (_how, more, end) => {
  const { id } = shown();
  stores.tempPasswords.retiring(id, begunAt);
  log.push(...more);
  expect(await after(hour)).toContain(`ended: ${end}`);
});

test.each([
  ['passwordUncertain', true],
  ['jellyfinTimeout', false],
] as const)('where taking it away came to %s, the bot takes a change for its own: %s', async (code, isItsOwn) => {
  const password = shown();
  failure = code;
  await after(2 * day);
  expect(password.now()?.retiringAt !== undefined).toBe(isItsOwn);
});

test('another’s password says nothing of it; an account that is gone ends it', async () => {
  shown();
  log.push({ ...entry(2, 'passwordChanged'), accountId: 'b'.repeat(32) });
  expect(await after(hour)).toEqual([]);
  isGone = true;
  expect(await after(day + hour)).toEqual(['ended: gone', 'edited 1: {"scrubbed":"gone"}']);
});

test('Jellyfin is asked for the account once a day, and the log is read on', async () => {
  const password = shown({ delivery: 'answer' });
  cursor = { id: 2, at: begunAt };
  const days = async (from: number, to: number) => {
    for (let at = from; at < to; at += 1) await after(at * hour);
    return reads;
  };
  expect([await days(1, 48), password.now()?.logCursor?.id]).toEqual([1, 2]);
  log.push(entry(3, 'signedIn'));
  expect(await days(48, 96)).toBe(3);
});

test('a message that may be edited no more now is tried again an hour later', async () => {
  shown();
  log.push(entry(2, 'passwordChanged'));
  discord.answers.edited = 'editLimitReached';
  const edits = async (ms: number) => (await after(ms)).filter((each) => each.startsWith('edited')).length;
  expect([await edits(hour), await edits(hour + minute), await edits(2 * hour)]).toEqual([1, 0, 1]);
  discord.answers.edited = 'edited';
  expect([await edits(3 * hour), await edits(4 * hour)]).toEqual([1, 0]);
});

test('one that was used just before it was to be taken away is left alone', async () => {
  const password = shown();
  beforeWrite = () => log.push(entry(2, 'signedIn'));
  await after(2 * day);
  expect([password.now()?.usedAt, password.now()?.endedAt]).toEqual([now, undefined]);
  expect(did).toEqual([]);
});

test('what was read is not about one that ended, or was made anew, meanwhile', async () => {
  log.push(entry(2, 'passwordChanged'));
  const password = shown();
  duringRead = password.begin;
  expect(await after(hour)).toEqual([]);
  // Whose log was not read yet: that would keep it from being taken away.
  expect(password.now()?.isBlind).toBe(false);
  const other = shown({ memberId: '2' });
  duringRead = () => stores.tempPasswords.note(other.id, { end: 'superseded', endedAt: now });
  expect((await after(2 * hour)).filter((each) => each.startsWith('ended'))).not.toContain('ended: replaced');
});

test('while another is being made for the account, nothing is judged and no message touched', async () => {
  log.push(entry(2, 'passwordChanged'));
  shown();
  let made = () => undefined as void;
  void locks.run(account.id, () => new Promise<void>((resolve) => (made = resolve)));
  await Promise.resolve();
  const round = after(hour);
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
  expect([did, discord.since()]).toEqual([[], []]);
  made();
  expect(await round).toEqual(['ended: replaced', 'edited 1: {"scrubbed":"replaced"}']);
});

test('while another is being made, the message of an earlier one waits, too', async () => {
  const { id } = shown();
  stores.tempPasswords.note(id, { end: 'expired', endedAt: now, scrub: 'expired' });
  let made = () => undefined as void;
  void locks.run(account.id, () => new Promise<void>((resolve) => (made = resolve)));
  await Promise.resolve();
  now = begunAt + hour;
  const round = watch.round();
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
  expect(discord.since()).toEqual([]);
  made();
  await round;
  expect(discord.since()).toEqual(['edited 1: {"scrubbed":"expired"}']);
});

describe('a newer one for the account, which the bot was making when it was stopped,', () => {
  function newer() {
    const { id } = shown();
    const { id: accountId, name: accountName } = account;
    const about = { kind: 'reset', memberId: '2', accountId, accountName, adminAccount: false } as const;
    const request = stores.requests.insert({ ...about, state: 'approved', origin: 'asked', createdAt: begunAt });
    const requestId = request?.id ?? 0;
    stores.tempPasswords.begin({ requestId, accountId, memberId: '2', begunAt: now + 1, expiresAt: now + 2 * day });
    stores.tempPasswords.set(requestId, first, 0);
    return { id, requestId };
  }

  test('is shown when it carries on: the older is neither judged nor taken away until then', async () => {
    newer();
    expect(await after(2 * day)).toEqual([]);
  });

  test('was shown: the older is hidden by that, and not taken away', async () => {
    const { requestId } = newer();
    stores.tempPasswords.shown(requestId, now, { channelId: 'dm 2', messageId: '2' });
    stores.requests.move(requestId, ['approved'], 'done', { endedAt: now });
    stores.tempPasswords.note(requestId, { end: 'replaced', endedAt: now });
    expect(await after(2 * day)).toEqual([]);
  });

  test('failed, and changed the password: the older has ended by that, and not by its owner', async () => {
    const { requestId } = newer();
    stores.requests.move(requestId, ['approved'], 'failed', { endedAt: now });
    log.push(entry(2, 'passwordChanged'));
    expect(await after(hour)).toEqual(['ended: superseded', 'edited 1: {"scrubbed":"superseded"}']);
  });
});
