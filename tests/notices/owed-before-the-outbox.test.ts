import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Person } from '../../sandbox/discord/index.js';
import { oldMessage } from '../../sandbox/discord/person/old-message.js';
import { closeAll, startBot } from '../support/bot.js';
import { peopleBefore, writeDatabaseBefore } from '../support/before-the-outbox.js';

afterEach(closeAll);

/** What was sent by a bot that did not get to write it down, by whom it was sent to: the button on it. */
const sentBefore: Readonly<Record<string, (accountId: string) => string>> = {
  endCut: () => 'status:check:2:900003',
  remindedCut: () => 'status:check:9:900001',
  ownerCut: () => 'status:check:14:900005',
  outcomeCut: () => 'status:check:18:3',
  codeCut: () => 'link:prove:2',
  greetingCut: (accountId) => `link:not-these:${accountId}`,
};

/** What is sent once, by direct message. */
const sent: Readonly<Record<string, RegExp>> = {
  outcomeDue: /account outcomeDue is unlocked/,
  deniedDue: /was denied/,
  endDue: /temporary password for endDue was not used in time/,
  usedDue: /set a password of your own for usedDue yet/,
  remindedDue: /(with your temporary password|a password of your own) for remindedDue yet/,
  ownerDue: /account ownerDue was unlocked/,
  codeDue: /Nobody confirmed the code in time/,
  greetingDue: /You are linked to the Jellyfin account greetingDue/,
};

/** What is shown before the reply to the next command. */
const shown: Readonly<Record<string, RegExp>> = {
  outcomeAnnounced: /account outcomeAnnounced is unlocked/,
  outcomeUnreachable: /account outcomeUnreachable is unlocked/,
  endAnnounced: /temporary password for endAnnounced was not used in time/,
  endUnreachable: /temporary password for endUnreachable was not used in time/,
  remindedAnnounced: /(with your temporary password|a password of your own) for remindedAnnounced yet/,
  remindedUnreachable: /(with your temporary password|a password of your own) for remindedUnreachable yet/,
  ownerUnreachable: /account ownerUnreachable was unlocked/,
  greetingUnreachable: /You are linked to the Jellyfin account greetingUnreachable/,
};

function fails(missing: string): never {
  throw new Error(`${missing} is not there`);
}

async function takesOver() {
  const bot = await startBot({ env: { REQUEST_TTL: '72h' } });
  const { discord, jellyfin } = bot;
  const people = new Map<string, Person>([
    ['maya', bot.maya],
    ['dad', bot.dad],
    ['gran', bot.gran],
  ]);
  for (const name of peopleBefore) {
    if (people.has(name)) continue;
    people.set(name, discord.addPerson(name, { dmsClosed: /Announced|Unreachable/.test(name) }));
    if (!/^(stranger|code)/.test(name)) jellyfin.addUser(name, { limit: 3 });
    if (name.startsWith('news')) people.get(name)?.leaves();
  }
  const person = (name: string) => people.get(name) ?? fails(name);
  const dm = (name: string) => discord.world.directMessagesWith(person(name).id);
  const idOf = (name: string) => {
    const [what, whose = ''] = name.split(' ');
    if (name === 'admin channel') return discord.adminChannelId;
    if (name === 'general channel') return discord.generalChannelId;
    return what === 'dm' ? dm(whose).id : what === 'account' ? jellyfin.user(whose).Id : person(name).id;
  };
  await bot.app.stop();
  for (const end of ['', '-wal', '-shm']) rmSync(`${bot.database}${end}`, { force: true });
  writeDatabaseBefore(bot.database, Date.now(), idOf);
  for (const [name, button] of Object.entries(sentBefore)) {
    const { world } = discord;
    const id = /^code/.test(name) ? '' : jellyfin.user(name).Id;
    world.messages.set(dm(name).id, [oldMessage(world, dm(name), button(id))]);
  }
  const admins = discord.world.channels.get(discord.adminChannelId) ?? fails('the admin channel');
  discord.world.messages.set(admins.id, [oldMessage(discord.world, admins, 'link:free:news2')]);
  await bot.restart();
  for (let minutes = 0; minutes < 3; minutes += 1) await bot.app.runJob('upkeep');
  const said = (channelId: string) =>
    discord
      .messagesIn(channelId)
      .filter(({ text }) => !text.startsWith('An old message'))
      .map(({ text }) => text);
  return { bot, people, person, said: (name: string) => said(dm(name).id), news: () => said(discord.adminChannelId) };
}

test('a database from before the outbox is taken over: everybody hears once what they were owed', async () => {
  const { bot, people, person, said, news } = await takesOver();
  for (const name of people.keys()) {
    const expected = sent[name];
    expect([name, said(name)]).toEqual([name, expected ? [expect.stringMatching(expected)] : []]);
  }
  expect(bot.discord.messagesIn(bot.discord.generalChannelId)).toEqual([]);
  expect(news()).toEqual([expect.stringContaining(person('newsNew').mention)]);

  const reply = async (name: string) => (await (await person(name).types('/status')).answer()).text;
  for (const name of people.keys()) {
    if (name.startsWith('button') || name.startsWith('news')) continue;
    const expected = shown[name];
    const [first = '', ...others] = [await reply(name), await reply(name)];
    const all = Object.values({ ...shown, ...sent });
    if (expected) expect([name, first]).toEqual([name, expect.stringMatching(expected)]);
    for (const text of expected ? others : [first, ...others])
      for (const each of all) expect([name, text]).toEqual([name, expect.not.stringMatching(each)]);
  }
  // What waits behind a button is shown until the button is pressed.
  for (const name of ['buttonAnnounced', 'buttonUnreachable']) {
    for (let commands = 0; commands < 2; commands += 1) {
      const answer = await (await person(name).types('/status')).answer();
      expect([name, answer.labels]).toEqual([name, expect.arrayContaining(['Show my password'])]);
    }
  }
  await bot.app.runJob('upkeep');
  await bot.restart();
  for (const name of people.keys()) expect([name, said(name).length]).toEqual([name, sent[name] ? 1 : 0]);
});
