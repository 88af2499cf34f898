import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { dad, hour, minute, servicesHouse } from '../support/services.js';

const house = servicesHouse();
const away = new Error('Discord is away');

const keeps = (channelId = 'den') => house.statusCards.keep(house.actor(dad), channelId);
const card = () => house.stores.statusCards.all()[0];

/** The card says something else each time that it is drawn. */
function changes(): void {
  let drawn = 0;
  house.messages.card = () => Promise.resolve({ card: (drawn += 1) });
}

async function round(ms = minute) {
  house.state.now += ms;
  await house.statusCards.round();
  return house.since();
}

test('it is sent and pinned, and noted, before that is said; nothing is touched while nothing changes', async () => {
  expect([await keeps(), house.since()]).toEqual(['pinned', ['sent card to den', 'pinned 1']]);
  expect(await round()).toEqual([]);
  expect(await round(2 * hour)).toEqual([]);
});

test('kept anew, the one before is gone by the time that is said', async () => {
  await keeps();
  house.since();
  house.state.before = async (call) => {
    if (call === 'remove') for (let turns = 0; turns < 9; turns += 1) await turn();
  };
  await keeps();
  expect([house.since(), card()]).toMatchObject([
    ['sent card to den', 'removed 1', 'pinned 2'],
    { messageId: '2', leftMessageId: undefined },
  ]);
});

test('also one that is old, and was changed a moment ago, is found where a stopped bot sent a new one', async () => {
  await keeps();
  changes();
  await round(2 * hour);
  house.discord.answers.found = { channelId: 'den', messageId: '9' };
  house.startsAnew();
  await round();
  expect(card()?.messageId).toBe('9');
});

test('two who keep one in the same channel at once leave one card there', async () => {
  const both = [keeps(), keeps()];
  for (let n = 0; n < 3; n += 1) await turn();
  await Promise.all([...both, house.statusCards.round()]);
  expect(house.since().filter((each) => /^(sent|removed)/.test(each))).toEqual([
    ...['sent card to den', 'sent card to den', 'removed 1'],
  ]);
  expect(house.stores.statusCards.all()).toHaveLength(1);
});

test('a young card changes each minute, one of more than an hour once in ten', async () => {
  await keeps();
  changes();
  house.since();
  for (let n = 0; n < 3; n += 1) expect(await round()).toEqual(['edited card']);
  expect(await round(hour)).toEqual(['edited card']);
  for (let n = 0; n < 9; n += 1) expect(await round()).toEqual([]);
  expect(await round()).toEqual(['edited card']);
});

test('where a new one was sent by a bot that was stopped, that one is found, once, and the one before goes', async () => {
  await keeps();
  await keeps();
  changes();
  house.since();
  const looks: string[] = [];
  const { findOwn } = house.discord.messenger;
  house.discord.messenger.findOwn = (where, ids) => {
    looks.push(where);
    return findOwn(where, ids);
  };
  house.discord.answers.found = { channelId: 'den', messageId: '9' };
  house.startsAnew();
  expect(await round()).toEqual(['edited card', 'removed 2', 'pinned 9']);
  expect(card()?.messageId).toBe('9');
  await round();
  expect(looks).toEqual(['den']);
  // Also where it says what the one before said.
  house.messages.card = () => Promise.resolve({ card: 'the same' });
  await round();
  // The one that is known is no other.
  house.startsAnew();
  expect(await round()).toEqual([]);
  house.discord.answers.found = { channelId: 'den', messageId: '10' };
  house.startsAnew();
  expect(await round()).toEqual(['edited card', 'removed 9', 'pinned 10']);
});

test('kept anew while it rests it is sent all the same', async () => {
  await keeps();
  changes();
  await round(2 * hour);
  expect(await keeps()).toBe('pinned');
  expect(house.since()).toEqual(['sent card to den', 'removed 1', 'pinned 2']);
});

test('that a card could not be sent, or its message is not known, is no card that is pinned', async () => {
  house.fails('discord send', away);
  expect(await keeps()).toBe('later');
  house.state.before = () => undefined;
  expect(await round()).toEqual(['sent card to den', 'pinned 1']);
  house.discord.answers.edited = 'refused';
  changes();
  await round();
  expect(card()).toMatchObject({ messageId: '1' });
});

test('a channel that everybody reads gets none; one in which the bot may not write has none left, and the admins hear', async () => {
  await expect(keeps('general')).rejects.toMatchObject({ code: 'channelOpenToAll' });
  await keeps();
  changes();
  house.discord.answers.closed.push('den');
  house.discord.answers.edited = 'gone';
  house.since();
  expect(await round()).toEqual(['edited card', 'sent givenUp to admins', 'removed 1']);
  expect(house.stores.statusCards.all()).toEqual([]);
  await expect(keeps()).rejects.toMatchObject({ code: 'cannotPostThere' });
  expect(house.stores.statusCards.all()).toEqual([]);
});

test('where the admins cannot be told either, the card is tried again', async () => {
  await keeps();
  changes();
  house.discord.answers.closed.push('den', 'admins');
  house.discord.answers.edited = 'gone';
  await round();
  expect(house.stores.statusCards.all()).toHaveLength(1);
  expect(house.warned).toEqual([expect.stringContaining('kept no longer'), expect.stringContaining('up to date')]);
});

test('taken out of its channel it is gone by the time that is said, and is asked for once; a later one says that it is old', async () => {
  await keeps();
  house.since();
  const removes = () => house.statusCards.remove(house.actor(dad), 1);
  await removes();
  expect(house.since()).toEqual(['removed 1']);
  await expect(removes()).rejects.toMatchObject({ code: 'cardOutdated' });
  expect(house.history()).toEqual(['dad keep card done', 'dad remove card done']);
});

test('one that cannot be deleted now goes a minute later; that somebody asked for it twice is one line', async () => {
  await keeps();
  house.fails('remove', away);
  const removes = () => house.statusCards.remove(house.actor(dad), 1);
  await removes();
  await removes();
  house.state.before = () => undefined;
  house.since();
  expect(await round()).toEqual(['removed 1']);
  expect(house.history().filter((each) => each.includes('remove'))).toHaveLength(1);
});

test('the first card of all comes once, while no admin has linked anybody; whoever set it up may have linked themselves', async () => {
  house.link(dad, { madeBy: 'commandLine' });
  expect(house.firstCard.isDue).toBe(true);
  house.link(dad, { madeBy: 'proof' });
  expect(house.firstCard.isDue).toBe(true);
  await house.firstCard.show();
  expect(house.since()).toEqual(['sent firstCard to admins']);
  house.link(dad);
  expect(house.firstCard.isDue).toBe(false);
});
