import { afterEach, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { COMMAND, INTERACTION } from '../../sandbox/discord/constants.js';
import type { JsonObject } from '../../sandbox/discord/json.js';
import { Exchange } from '../../sandbox/discord/person/exchange.js';
import type { Person } from '../../sandbox/discord/person/person.js';
import { startInteraction } from '../../sandbox/discord/start-interaction.js';
import { connect } from '../support/connect.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';

afterEach(closeAll);

/** Sends what no person can do in the household of today: what a client may still have from another build. */
function raw(bot: BotHousehold, person: Person, type: number, data: JsonObject): Exchange {
  const { world, generalChannelId } = bot.discord;
  const channel = world.channels.get(generalChannelId);
  if (!channel) throw new Error('no channel');
  return new Exchange(world, startInteraction(world, { type, did: 'raw', userId: person.id, channel, data }), () => '');
}

test('what another build of the bot left in a client is answered: a message’s menu, an activity', async () => {
  const bot = await startBot();
  const { world, generalChannelId } = bot.discord;
  const message = {
    id: world.snowflakes.next(),
    channel_id: generalChannelId,
    author: { id: bot.maya.id, username: 'm' },
  };
  const menu = {
    id: '1',
    name: 'Old',
    type: COMMAND.Message,
    target_id: message.id,
    resolved: { messages: { [message.id]: message } },
  };
  for (const data of [menu, { id: '2', name: 'Launch', type: 4 }] as unknown as JsonObject[]) {
    expect((await raw(bot, bot.maya, INTERACTION.Command, data).answer()).text).toMatch(/too old for me/);
  }
});

test('an autocomplete that makes no sense does no harm', async () => {
  const bot = await startBot();
  raw(bot, bot.maya, INTERACTION.Autocomplete, { id: '1', name: 'status', type: 1, options: [] });
  expect((await (await bot.gran.types('/status')).answer()).text).toMatch(/Nobody is locked/);
  expect(bot.logged.filter((line) => /could not be answered/.test(line))).toHaveLength(1);
});

test('an answer that may hold a password is for one person alone in direct messages, too; others are ordinary', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  bot.jellyfin.addUser('guest', { password: 'x' });
  const handed = await (await bot.gran.types('/resetpw', { user: 'guest' }, { in: 'dm' })).answer();
  expect(handed.text).toMatch(/That is the new password for/);
  expect(handed.private).toBe(true);
  expect((await (await bot.maya.types('/status', {}, { in: 'dm' })).answer()).private).toBe(false);
  await (await bot.gran.types('/status', { user: 'guest' }, { in: 'dm' })).answer();
  const pressed = await (await bot.gran.presses('Reset password')).answer();
  expect(pressed.text).toMatch(/That is the new password for/);
  expect(pressed.private).toBe(true);
});

async function twoAsked(): Promise<BotHousehold> {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.jellyfin.lock('maya');
  await (await bot.maya.types('/unlock')).answer();
  await (await bot.maya.types('/resetpw')).answer();
  return bot;
}

test.each(['/requests', '/status'])(
  'who approves from %s reads how it ended, above what else waits',
  async (command) => {
    const bot = await twoAsked();
    await (await bot.gran.types(command)).answer();
    const said = await (await bot.gran.presses('Approve')).answer();
    expect(said.text).toMatch(/Done: maya is unlocked for/);
    expect(said.text).toMatch(/new password for maya, asked/);
  },
);

test('who approves from a list what then fails reads why, and what to do', async () => {
  const bot = await twoAsked();
  await (await bot.gran.types('/requests')).answer();
  bot.jellyfin.faults.on({ method: 'GET', path: /^\/Users\//, status: 401, body: '', times: 99 });
  const said = await (await bot.gran.presses('Approve')).answer();
  expect(said.text).toMatch(/request did not work: unlock maya/);
  expect(said.text).toMatch(/JELLYFIN_API_KEY/);
});

test('a press on an older card is answered beside it with how it ended', async () => {
  const bot = await twoAsked();
  const [card] = bot.discord.messagesIn(bot.discord.adminChannelId);
  if (!card) throw new Error('no card');
  bot.discord.deleteMessage(card.id);
  const said = await (
    await bot.gran.pressesRaw(card.buttons[0]?.customId ?? '', { in: bot.discord.adminChannelId })
  ).answer();
  expect(said.text).toMatch(/Done: maya is unlocked for/);
  expect(said.private).toBe(true);
});

test('an answer that Discord refuses with what was still to be said is given without it', async () => {
  const bot = await twoAsked();
  bot.maya.closesDms();
  bot.discord.setBotOverwrite(bot.discord.generalChannelId, { deny: ['SendMessages'] });
  await bot.gran.presses('Approve', { on: await bot.gran.sees(/asks to unlock/) });
  await bot.gran.sees(/could not be reached/);
  const path = /^\/webhooks\/.*original$/;
  bot.discord.faults.on({ method: 'PATCH', path, status: 400, body: { code: 50035, message: 'Invalid Form Body' } });
  const first = await (await bot.maya.types('/status')).answer();
  expect(first.text).toMatch(/Nothing stands in the way/);
  expect(first.text).not.toMatch(/is unlocked/);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/is unlocked[^]*Nothing stands in the way/);
});

test('long names leave a member’s answer within what Discord takes', async () => {
  const bot = await startBot();
  const names = [1, 2, 3, 4].map((n) => `${'*'.repeat(240)}${n}`);
  for (const name of names) {
    bot.jellyfin.addUser(name, { password: 'x', limit: 3 });
    connect(bot, bot.maya, name);
  }
  await Promise.all(names.map(async (user) => (await bot.maya.types('/resetpw', { user })).answer()));
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Open request: new password for/);
});

test('an account that was deleted in Jellyfin is said to be, and the person’s others are shown', async () => {
  const bot = await startBot();
  const db = new Database(bot.database);
  db.prepare(
    'INSERT INTO links (member_id, account_id, account_name, linked_at, linked_by) VALUES (?, ?, ?, ?, ?)',
  ).run(bot.maya.id, 'f'.repeat(32), 'leo', Date.now(), 'somebody');
  db.close();
  await bot.links(bot.maya, 'maya');
  const said = await (await bot.maya.types('/status')).answer();
  expect(said.text).toMatch(/leo[^]*Deleted[^]*<\/unlink:\d+>/);
  expect(said.text).toMatch(/maya[^]*Nothing stands in the way/);
});

test('somebody with more accounts than Discord can list is offered as many as it can', async () => {
  const bot = await startBot();
  for (let n = 0; n < 27; n += 1) {
    bot.jellyfin.addUser(`kid${n}`, { password: 'x' });
    connect(bot, bot.maya, `kid${n}`);
  }
  expect(await bot.maya.typesInto('/status', 'user', 'kid')).toHaveLength(25);
});
