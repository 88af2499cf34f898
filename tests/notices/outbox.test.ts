import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { type DrawnNotice, Outbox } from '../../src/services/notices/outbox.js';
import { opened } from '../db/opened.js';
import { fakeMessenger } from './fake-messenger.js';

const stores = opened();

let discord: ReturnType<typeof fakeMessenger>;
let outbox: Outbox;
let drawn: DrawnNotice | 'later' | undefined;
let isHere: boolean;
let over: object | undefined;
/** Whether the admin channel could be written in, each time that this was noted. */
let channelSeen: boolean[];

const message = () => ({ word: 'for you' });
const announcement = { channelId: 'lounge', message: () => ({ word: 'there is something' }) };

beforeEach(() => {
  discord = fakeMessenger();
  [drawn, isHere, over, channelSeen] = [{ findBy: ['a'], message, inReply: 'text' }, true, undefined, []];
  const { messenger, kept, log } = discord;
  const sent = (isSent: boolean) => channelSeen.push(isSent) > 0 && !isSent && discord.troubles.length === 0;
  const adminChannel = { id: 'admins', sent } as never;
  const ports = {
    ...{ stores, messenger, log, now: () => 10_000, announcementOver: () => ({ word: 'read' }) },
    members: { find: () => Promise.resolve(isHere ? {} : undefined) },
    asAnswer: (body: object, hasButtons: boolean) => ({ ...body, hasButtons }),
  };
  outbox = new Outbox(ports as never, kept, adminChannel);
  outbox.register(['outcome'], { draw: () => drawn, over: () => over });
});

const owed = { kind: 'outcome', subjectId: '1', recipientId: 'maya' } as const;
const status = (notice: Parameters<Outbox['isTold']>[0] = owed) => stores.notices.find(notice)?.deliveryStatus;

test('two rounds at the same moment send one message', async () => {
  outbox.owe(owed);
  await Promise.all([outbox.deliver(['outcome']), outbox.deliver(['outcome'], '1'), outbox.round()]);
  expect(discord.since()).toEqual(['sent 1 to dm maya: {"word":"for you"}']);
  await outbox.round();
  expect([discord.since(), status(), outbox.isTold(owed)]).toEqual([[], 'told', true]);
});

test('what is not true any more, and whoever has left, is told nothing; what may be so later waits', async () => {
  drawn = 'later';
  outbox.owe(owed);
  await outbox.round();
  expect(status()).toBe('due');
  drawn = undefined;
  await outbox.round();
  expect([status(), discord.since()]).toEqual(['dropped', []]);
  outbox.oweAgain(owed);
  [drawn, isHere] = [{ findBy: ['a'], message }, false];
  await outbox.round();
  expect([status(), discord.since()]).toEqual(['dropped', []]);
});

test('who takes no direct messages is told in the channel where they asked, which is over once it is read', async () => {
  discord.answers.closed = ['dm maya'];
  drawn = { findBy: ['a'], message, announcement, inReply: 'text' };
  outbox.owe(owed);
  await outbox.round();
  expect([status(), discord.since()]).toEqual(['announced', ['sent 1 to lounge: {"word":"there is something"}']]);
  const [reply] = outbox.owedTo('maya');
  expect(reply?.message).toEqual({ word: 'for you', hasButtons: false });
  expect(status()).toBe('announced');
  reply?.delivered();
  await outbox.round();
  expect([status(), discord.since()]).toEqual(['told', ['edited 1: {"word":"read"}']]);
  await outbox.round();
  expect(discord.since()).toEqual([]);
});

test.each(['the member', 'the admins'])(
  'that direct messages to %s are closed says nothing of the admin channel',
  async (who) => {
    discord.answers.closed = ['dm maya', 'admins'];
    outbox.owe(who === 'the member' ? owed : { ...owed, recipientId: 'admins' });
    await outbox.round();
    expect(channelSeen).toEqual(who === 'the member' ? [] : [false]);
  },
);

test('where the channel takes nothing either, it is shown at their next command', async () => {
  discord.answers.closed = ['dm maya', 'lounge'];
  drawn = { findBy: ['a'], message, announcement, inReply: 'text' };
  outbox.owe(owed);
  await outbox.round();
  expect([status(), discord.since()]).toEqual(['unreachable', []]);
});

test('a newer announcement takes the place of one that stands; what could not be changed is changed by a later round', async () => {
  discord.answers.closed = ['dm maya'];
  drawn = { findBy: ['a'], message, announcement, inReply: 'text' };
  outbox.owe(owed);
  await outbox.round();
  const { edit } = discord.messenger;
  /** A round while Discord takes no edit, and one in which it takes its time for it. */
  const rounds = async () => {
    discord.messenger.edit = () => turn().then(() => Promise.reject(new Error('away')));
    await outbox.round();
    discord.messenger.edit = (...edited) => turn().then(() => edit(...edited));
    await outbox.round();
    return discord.since();
  };
  discord.since();
  outbox.oweAgain(owed);
  expect(await rounds()).toEqual(['edited 1: {"word":"read"}', 'sent 2 to lounge: {"word":"there is something"}']);
  outbox.owedTo('maya')[0]?.delivered();
  expect(await rounds()).toEqual(['edited 2: {"word":"read"}']);
});

test('what waits for whoever has left, as their link sleeps once that is known, is sent when they are back', async () => {
  let isKnown = false;
  const draw = () => {
    if (isKnown && !isHere) return 'later';
    // By the next look Discord has said so.
    isKnown = true;
    return drawn;
  };
  outbox.register(['proofEnded'], { draw });
  const waits = { ...owed, kind: 'proofEnded' } as const;
  isHere = false;
  outbox.owe(waits);
  await outbox.round();
  expect([status(waits), discord.since()]).toEqual(['due', []]);
  isHere = true;
  await outbox.round();
  expect(discord.since()).toEqual(['sent 1 to dm maya: {"word":"for you"}']);
});

test('what is only shown opens no direct message', async () => {
  outbox.register(['proofEnded'], { draw: () => drawn });
  discord.messenger.openDm = () => Promise.reject(new Error('opened'));
  drawn = { findBy: ['a'], inReply: 'text' };
  outbox.owe({ ...owed, kind: 'proofEnded', subjectId: '2' });
  await outbox.round();
  expect(status({ ...owed, kind: 'proofEnded', subjectId: '2' })).toBe('unreachable');
});

test('without such a channel it is shown at their next command; what nothing shows then is dropped', async () => {
  discord.answers.closed = ['dm maya'];
  outbox.owe(owed);
  await outbox.round();
  expect([status(), discord.since()]).toEqual(['unreachable', []]);
  drawn = 'later';
  expect([outbox.owedTo('maya'), status()]).toEqual([[], 'unreachable']);
  drawn = { findBy: ['a'], message };
  expect([outbox.owedTo('maya'), status()]).toEqual([[], 'dropped']);
  outbox.oweAgain(owed);
  await outbox.round();
  expect(status()).toBe('dropped');
});

test('an offer is shown again until it is taken', async () => {
  discord.answers.closed = ['dm maya'];
  drawn = { findBy: ['a'], message, inReply: () => ({ word: 'an offer' }), isOffer: true };
  outbox.owe(owed);
  await outbox.round();
  const shown = () => {
    const [reply] = outbox.owedTo('maya');
    reply?.delivered();
    return reply?.message;
  };
  expect([shown(), shown()]).toEqual([{ word: 'an offer' }, { word: 'an offer' }]);
  outbox.settle(owed);
  expect(shown()).toBeUndefined();
});

test('a message that is not true any more is replaced, once', async () => {
  outbox.owe(owed);
  await outbox.round();
  discord.since();
  await outbox.round();
  expect(discord.since()).toEqual([]);
  over = { word: 'over' };
  await outbox.round();
  expect([discord.since(), status()]).toEqual([['edited 1: {"word":"over"}'], 'dropped']);
  await outbox.round();
  expect(discord.since()).toEqual([]);
});

test('what the admins are owed waits until their channel takes it, and the log says so once', async () => {
  const admins = { ...owed, recipientId: 'admins' };
  discord.answers.closed = ['admins'];
  drawn = { findBy: ['a'], message, announcement, inReply: 'text' };
  outbox.owe(admins);
  await outbox.round();
  await outbox.round();
  expect([status(admins), discord.since(), discord.troubles.length]).toEqual(['due', [], 1]);
  discord.answers.closed = [];
  await outbox.round();
  expect([status(admins), discord.since()]).toEqual(['told', ['sent 1 to admins: {"word":"for you"}']]);
});

test('one that a stopped bot was sending is looked for', async () => {
  outbox.owe(owed);
  const { id } = stores.notices.find(owed) ?? { id: 0 };
  stores.notices.begin(id);
  discord.answers.found = { channelId: 'dm maya', messageId: '77' };
  await outbox.round();
  expect([status(), discord.since(), stores.notices.find(owed)?.message?.messageId]).toEqual(['told', [], '77']);
});

test('what they know in another way is not sent', async () => {
  outbox.owe(owed);
  outbox.settle(owed, 'dropped');
  outbox.settle({ ...owed, subjectId: 'of nobody' });
  await outbox.round();
  expect([discord.since(), outbox.wasOwed(owed), outbox.isTold(owed)]).toEqual([[], true, false]);
});
