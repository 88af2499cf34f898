import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { LogEntry } from '../../src/services/accounts/activity-log.js';
import { AccountNotices } from '../../src/services/notices/account-notices.js';
import type { BadPinFile, PinFile } from '../../src/services/pins/pin-port.js';
import { PinWatch } from '../../src/services/pins/pin-watch.js';
import { opened } from '../db/opened.js';
import { fakeMessenger } from '../notices/fake-messenger.js';
import { anAccount } from '../support/an-account.js';

const stores = opened();
const account = anAccount();
const [second, minute] = [1000, 60_000];
const file = 'passwordreset1.json';

let now: number;
let discord: ReturnType<typeof fakeMessenger>;
let found: PinFile | BadPinFile | undefined;
let owners: string[];
let log: LogEntry[] | undefined;
let recorded: string[];
let watch: PinWatch;
/** What the folder lists, and whether it is looked at all the time. */
let good: PinFile[];
let isWatched: boolean;

beforeEach(() => {
  now = 1_800_000_000_000;
  discord = fakeMessenger();
  // It answers a moment later: what was not waited for is seen not to be done.
  const { send, edit } = discord.messenger;
  discord.messenger.send = (...sent) => turn().then(() => send(...sent));
  discord.messenger.edit = (...edited) => turn().then(() => edit(...edited));
  [good, isWatched] = [[], false];
  [found, owners, log, recorded] = [pin(), ['maya'], [], []];
  watch = watching();
});

const pin = (but: Partial<PinFile> = {}): PinFile => ({
  ...{ file, userName: 'maya', pin: '12-34', expiresAt: now + 30 * minute, writtenAt: now, hasStray: false },
  ...but,
});

function watching() {
  const { messenger, kept, log: quiet } = discord;
  const bothNotices = (first: object, other: object) => ({ first, other });
  const notices = new AccountNotices({ stores, messenger, bothNotices, now: () => now }, kept);
  const record = ({ outcome }: Record<string, string>) => recorded.push(`${outcome}`);
  return new PinWatch({
    ...{ stores: { ...stores, audit: { record } }, now: () => now, log: quiet, notices },
    folder: {
      read: () => Promise.resolve(found),
      list: () => Promise.resolve({ good, bad: [] }),
      watch: async () => {
        await turn();
        isWatched = true;
        return { close: () => turn().then(() => void (isWatched = false)) };
      },
    },
    accounts: { listNow: () => Promise.resolve([account]) },
    ownership: {
      ownersNow: () => Promise.resolve(owners.map((memberId) => ({ memberId, rank: 'member' }))),
      ofMember: (id: string) => (owners.includes(id) ? [{ accountId: account.id, accountName: 'maya' }] : []),
    },
    watch: { log: { page: () => (log ? Promise.resolve(log) : Promise.reject(new AppError('jellyfinUnreachable'))) } },
    messages: {
      toOwner: (_id: number, _member: string, { pin: digits }: PinFile, isPassword: boolean) => ({
        [isPassword ? 'password' : 'pin']: digits,
      }),
      toAdmins: (_pin: PinFile, why: string) => ({ unsent: why }),
      badFile: (name: string) => ({ broken: name }),
      over: (_notice: object, how: string) => ({ over: how }),
      clock: (aheadMs: number) => ({ clockIsAhead: aheadMs }),
    },
  } as never);
}

async function seen() {
  await watch.changed(file);
  return discord.since();
}

const entry = (id: number, kind: LogEntry['kind'], accountId = account.id) =>
  ({ id, at: now, kind, accountId, text: '', address: undefined }) as LogEntry;

test('a PIN that is good stays where its owner reads it, and is said to have been sent', async () => {
  expect(await seen()).toEqual(['sent 1 to dm maya: {"pin":"12-34"}']);
  now += minute;
  // Also by a bot that starts.
  watch = watching();
  expect([await seen(), recorded]).toEqual([[], ['told']]);
});

test('one that nobody can be sent is the admins’ to know, stays there while it is good, and is in the history', async () => {
  owners = [];
  expect(await seen()).toEqual(['sent 1 to admins: {"unsent":"nobody"}']);
  now += minute;
  expect([await seen(), recorded]).toEqual([[], ['nobody']]);
});

test('a second one is sent as well', async () => {
  await seen();
  [now, found] = [now + minute, pin({ pin: '56-78', writtenAt: now + minute, expiresAt: now + 31 * minute })];
  expect(await seen()).toEqual(expect.arrayContaining([expect.stringContaining('56-78')]));
});

test('a file with a stray end is the admins’ to remove once it stays so, and no earlier; its PIN may be good then', async () => {
  found = pin({ hasStray: true });
  expect(await seen()).toEqual(['sent 1 to dm maya: {"pin":"12-34"}']);
  now += second;
  expect(await seen()).toEqual([]);
  now += minute;
  expect(await seen()).toEqual([`sent 2 to admins: {"broken":"${file}"}`]);
});

test('one that is over by the file, or by the clock, is taken back', async () => {
  await seen();
  [found, log] = [{ file, why: 'expired' }, undefined];
  expect(await seen()).toEqual(['edited 1: {"over":"used"}']);
  now += minute;
  found = pin({ pin: '56-78' });
  await seen();
  now += 31 * minute;
  expect((await seen()).at(-1)).toMatch(/"over":"expired"/);
});

test('a folder that cannot be read for a moment takes nothing back', async () => {
  await seen();
  found = { file, why: 'unreadable' };
  expect(await seen()).toEqual([]);
});

test('it is taken back from who owns the account no more', async () => {
  await seen();
  owners = [];
  expect(await seen()).toEqual(['edited 1: {"over":"notTheirs"}']);
});

test('once it is redeemed it is the password, until somebody has signed in with it', async () => {
  await seen();
  [found, log] = [undefined, [entry(1, 'signedIn'), entry(2, 'passwordChanged')]];
  log.push(entry(3, 'signedIn', 'b'.repeat(32)), entry(4, 'other'));
  expect(await seen()).toEqual(['edited 1: {"password":"12-34"}']);
  log.push(entry(5, 'signedIn'));
  expect(await seen()).toEqual(['edited 1: {"over":"used"}']);
});

test('while the server cannot say what became of it, it stays, ten minutes at most', async () => {
  await seen();
  [found, log] = [undefined, undefined];
  expect(await seen()).toEqual([]);
  now += 11 * minute;
  expect(await seen()).toEqual(['edited 1: {"over":"used"}']);
});

test('what a rescue asks for is sent to nobody, and what comes after it is', async () => {
  watch.expect('maya');
  expect(await seen()).toEqual([]);
  watch.over('maya');
  found = pin({ writtenAt: now + minute });
  expect(await seen()).toEqual(['sent 1 to dm maya: {"pin":"12-34"}']);
});

test('two looks at the same moment tell once', async () => {
  await Promise.all([watch.changed(file), watch.changed(file)]);
  expect([discord.since(), recorded]).toEqual([['sent 1 to dm maya: {"pin":"12-34"}'], ['told']]);
});

test('a round tells of what is there before it is over, and takes back what is over', async () => {
  good = [pin()];
  await watch.round();
  expect(discord.since()).toEqual(['sent 1 to dm maya: {"pin":"12-34"}']);
  [good, found] = [[], { file, why: 'expired' }];
  await watch.round();
  expect(discord.since()).toEqual(['edited 1: {"over":"used"}']);
});

test('a bot that ends has told what it was telling, and looks no more', async () => {
  const { send } = discord.messenger;
  discord.messenger.send = (...sent) =>
    turn()
      .then(() => turn())
      .then(() => send(...sent));
  watch.start();
  void watch.changed(file);
  await watch.stop();
  expect([discord.since(), isWatched]).toEqual([['sent 1 to dm maya: {"pin":"12-34"}'], false]);
});

test('one that is over when it comes was made by another clock; one that lay there is none, nor is a good or a broken one', async () => {
  const expired = { file, why: 'expired', expiresAt: now - minute } as const;
  found = expired;
  expect(await seen()).toEqual([]);
  for (const fine of [pin(), { file, why: 'corrupt', writtenAt: now } as const]) {
    found = fine;
    await watch.changed(file, true);
  }
  expect(discord.since().filter((each) => each.includes('clock'))).toEqual([]);
  found = expired;
  await watch.changed(file, true);
  expect(discord.since().at(-1)).toBe(`sent 2 to admins: {"clockIsAhead":${String(31 * minute)}}`);
  await watch.changed(file);
  expect(discord.since()).toEqual([]);
});
