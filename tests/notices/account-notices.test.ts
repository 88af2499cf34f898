import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { AccountNotices, type AccountNoticeKind } from '../../src/services/notices/account-notices.js';
import { opened } from '../db/opened.js';
import { fakeMessenger } from './fake-messenger.js';

const stores = opened();
const [minute, hour] = [60_000, 3_600_000];

let now: number;
let discord: ReturnType<typeof fakeMessenger>;
let notices: AccountNotices;

beforeEach(() => {
  now = 1_800_000_000_000;
  discord = fakeMessenger();
  const { messenger, kept } = discord;
  const bothNotices = (first: object, second: object) => ({ first, second });
  notices = new AccountNotices({ stores, messenger, bothNotices, now: () => now }, kept);
  for (const kind of ['pin', 'lockout'] as const) notices.drawnBy(kind, () => ({ again: kind }));
});

/** Says it to Maya, or to the admins. */
const say = (kind: AccountNoticeKind, occasionKey: string, recipientId = 'maya', most?: number) =>
  notices.say(
    { accountKey: 'a', accountName: 'maya', recipientId, kind, occasionKey },
    () => ({ kind: occasionKey }),
    most,
  );

test('a second occasion is edited into a young message, and is a new one once that is old', async () => {
  expect(await say('lockout', 'one')).toBe('said');
  now += 29 * minute;
  expect(await say('lockout', 'two')).toBe('said');
  expect(discord.since()).toEqual(['sent 1 to dm maya: {"kind":"one"}', 'edited 1: {"kind":"two"}']);
  now += 2 * minute;
  await say('lockout', 'three');
  expect(discord.since()).toEqual(['sent 2 to dm maya: {"kind":"three"}']);
});

test('a PIN and a lockout share a message with each other, and with nothing else; with the admins nothing does', async () => {
  await say('pin', 'a PIN');
  await say('lockout', 'a lock');
  expect(discord.since()).toEqual([
    'sent 1 to dm maya: {"kind":"a PIN"}',
    'edited 1: {"first":{"kind":"a lock"},"second":{"again":"pin"}}',
  ]);
  await say('badPin', 'a broken file');
  expect(discord.since()).toEqual(['sent 2 to dm maya: {"kind":"a broken file"}']);
  await say('pin', 'a PIN', 'admins');
  await say('lockout', 'a lock', 'admins');
  expect(discord.since()).toEqual(['sent 3 to admins: {"kind":"a PIN"}', 'sent 4 to admins: {"kind":"a lock"}']);
  await say('badPin', 'another');
  await say('pin', 'another PIN', 'admins');
  expect(discord.since()).toEqual(['edited 2: {"kind":"another"}', 'edited 3: {"kind":"another PIN"}']);
});

test('a message that may be edited no more, or was deleted, is sent anew', async () => {
  await say('lockout', 'one');
  discord.answers.edited = 'gone';
  await say('lockout', 'two');
  expect(discord.since().at(-1)).toBe('sent 2 to dm maya: {"kind":"two"}');
});

test('three new messages a day and no more, in which several occasions count once; the admins get all', async () => {
  const said: string[] = [];
  for (const occasion of ['one', 'two', 'three', 'four']) {
    said.push(await say('lockout', occasion), await say('pin', occasion));
    now += hour;
  }
  expect(said).toEqual([...Array<string>(6).fill('said'), 'tooMany', 'tooMany']);
  expect(await say('lockout', 'one more', 'maya', 4)).toBe('said');
  for (const occasion of ['one', 'two', 'three', 'four']) {
    expect(await say('lockout', occasion, 'admins')).toBe('said');
    now += hour;
  }
  now += 24 * hour;
  expect(await say('lockout', 'tomorrow')).toBe('said');
});

test('one that could not be delivered does not count, and is told once direct messages are open', async () => {
  discord.messenger.openDm = (memberId) => Promise.resolve(`dm ${memberId}`);
  discord.answers.isOpen = false;
  for (const occasion of ['one', 'two', 'three', 'four']) expect(await say('lockout', occasion)).toBe('closed');
  discord.answers.isOpen = true;
  expect(await say('lockout', 'four')).toBe('said');
  expect(stores.accountNotices.stands('four', 'maya')).toBe(true);
});

test('to whom no direct message can be begun nothing is sent', async () => {
  discord.answers.closed = ['dm maya'];
  expect([await say('lockout', 'one'), discord.since()]).toEqual(['closed', []]);
});

/** One that the bot had begun when it was stopped. */
const cutShort = (occasionKey: string) =>
  stores.accountNotices.begin({
    ...{ accountKey: 'a', accountName: 'maya', recipientId: 'maya', kind: 'lockout', occasionKey, sentAt: now },
  });

test('beside one whose sending was cut short, what happens next is its own, in the message that stands', async () => {
  await say('lockout', 'one');
  now += minute;
  cutShort('two');
  now += minute;
  await say('lockout', 'three');
  expect(discord.since()).toEqual(['sent 1 to dm maya: {"kind":"one"}', 'edited 1: {"kind":"three"}']);
  now += hour;
  cutShort('four');
  await say('lockout', 'five');
  expect(stores.accountNotices.stands('five', 'maya')).toBe(true);
});

test('one whose sending was cut short counts for the day on which it was begun', async () => {
  for (const occasion of ['one', 'two', 'three']) {
    await say('lockout', occasion);
    now += hour;
  }
  cutShort('four');
  expect(await say('lockout', 'four')).toBe('said');
  now += hour;
  expect(await say('lockout', 'three')).toBe('tooMany');
});

test('one whose sending was cut short is looked for, and not sent twice', async () => {
  cutShort('one');
  discord.answers.found = { channelId: 'dm maya', messageId: '77' };
  expect(await say('lockout', 'one')).toBe('said');
  expect(discord.since()).toEqual([]);
  await say('lockout', 'two');
  expect(discord.since()).toEqual(['edited 77: {"kind":"two"}']);
});

test('one that is taken back leaves what else stands in its message; one that was never noted is looked for', async () => {
  await say('pin', 'a PIN');
  await say('lockout', 'a lock');
  discord.since();
  const [pin] = stores.accountNotices.standing('pin');
  if (!pin) throw new Error('no notice');
  await notices.takeBack(pin, { over: 'pin' });
  expect(discord.since()).toEqual(['edited 1: {"first":{"again":"lockout"},"second":{"over":"pin"}}']);
  expect(notices.beside(pin).map(({ kind }) => kind)).toEqual(['lockout']);
  const lost = stores.accountNotices.begin({
    ...{ accountKey: 'b', accountName: 'kid', recipientId: 'maya', kind: 'pin', occasionKey: 'lost', sentAt: now },
  });
  discord.answers.found = { channelId: 'dm maya', messageId: '78' };
  await notices.takeBack(lost, { over: 'pin' });
  expect(discord.since()).toEqual(['edited 78: {"over":"pin"}']);
  expect(stores.accountNotices.byId(lost.id)).toMatchObject({ isOver: true, message: { messageId: '78' } });
});

test('to the admins nothing is looked for that was never noted', async () => {
  const lost = stores.accountNotices.begin({
    ...{ accountKey: 'b', accountName: 'kid', recipientId: 'admins', kind: 'pin', occasionKey: 'lost', sentAt: now },
  });
  discord.answers.found = { channelId: 'admins', messageId: '78' };
  await notices.takeBack(lost, { over: 'pin' });
  expect(discord.since()).toEqual([]);
});

test('a PIN and a lockout at the same moment share one message; one that is taken back meanwhile is in it no more', async () => {
  await Promise.all([say('pin', 'a PIN'), say('lockout', 'a lock')]);
  expect(discord.since()).toEqual([
    'sent 1 to dm maya: {"kind":"a PIN"}',
    'edited 1: {"first":{"kind":"a lock"},"second":{"again":"pin"}}',
  ]);
  const [pin] = stores.accountNotices.standing('pin');
  if (!pin) throw new Error('no PIN');
  await Promise.all([notices.takeBack(pin, { over: 'the PIN' }), say('lockout', 'another')]);
  expect(discord.since()).toEqual([
    'edited 1: {"first":{"again":"lockout"},"second":{"over":"the PIN"}}',
    'edited 1: {"kind":"another"}',
  ]);
});

test('a PIN that is taken back while something else is put into its message is not read there again', async () => {
  await say('pin', 'a PIN');
  const [pin] = stores.accountNotices.standing('pin');
  if (!pin) throw new Error('no PIN');
  const { edit } = discord.messenger;
  let back: Promise<void> | undefined;
  discord.messenger.edit = async (...edited) => {
    discord.messenger.edit = edit;
    back = notices.takeBack(pin, { over: 'the PIN' });
    await turn();
    return edit(...edited);
  };
  await say('lockout', 'a lock');
  await back;
  expect(discord.since().at(-1)).toContain('{"over":"the PIN"}');
});

test('what is one too many, as its young message was deleted, stands nowhere', async () => {
  for (const occasion of ['one', 'two', 'three']) {
    await say('lockout', occasion);
    now += hour;
  }
  now -= hour;
  discord.answers.edited = 'gone';
  expect(await say('pin', 'a PIN')).toBe('tooMany');
  expect(stores.accountNotices.standing('pin')).toEqual([]);
});
