import { afterEach, expect, test } from '@jest/globals';
import { connect } from '../support/connect.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { withDatabase } from '../support/database.js';

afterEach(closeAll);

const minuteMs = 60_000;
const monthMs = 30 * 24 * 60 * minuteMs;
const cards = (bot: BotHousehold) => bot.discord.messagesIn(bot.discord.adminChannelId);

/** A household whose bot has a clock that is a month ahead, until a test puts it right. */
async function ahead(): Promise<BotHousehold> {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  bot.passes(monthMs);
  return bot;
}

async function locks(bot: BotHousehold, name: string): Promise<void> {
  await bot.jellyfin.lock(name);
  await bot.app.runJob('lockouts');
}

async function unlocks(bot: BotHousehold): Promise<void> {
  await (await bot.dad.presses('Unlock')).answer();
  await bot.app.runJob('lockouts');
}

test('a lockout after the clock was put right stands on a card of its own, which makes a sound', async () => {
  const bot = await ahead();
  bot.jellyfin.addUser('leo', { password: 'x', limit: 3 });
  await locks(bot, 'leo');
  bot.passes(-monthMs);
  await locks(bot, 'maya');
  expect(cards(bot).map(({ content }) => /^(\w+) is locked/.exec(content)?.[1])).toEqual(['leo', 'maya']);
});

test('so does the same account, locked again; its owner hears of it, however much was said by the clock that was ahead', async () => {
  const bot = await ahead();
  for (let n = 0; n < 3; n += 1) {
    await locks(bot, 'maya');
    await unlocks(bot);
    bot.passes(40 * minuteMs);
  }
  expect(bot.maya.directMessages()).toHaveLength(3);
  bot.passes(-monthMs - 120 * minuteMs);
  await locks(bot, 'maya');
  expect(bot.maya.directMessages()).toHaveLength(4);
  expect(cards(bot).at(-1)?.text).toMatch(/Its owner knows/);
  expect(cards(bot)).toHaveLength(4);
});

test('a clock that is put right by a minute makes no new message of the one that stands', async () => {
  const bot = await ahead();
  await locks(bot, 'maya');
  await unlocks(bot);
  bot.passes(-minuteMs);
  await locks(bot, 'maya');
  expect(bot.maya.directMessages()).toHaveLength(1);
  expect(cards(bot)).toHaveLength(1);
});

test('the household’s card goes on being drawn', async () => {
  const bot = await ahead();
  await (await bot.gran.types('/status', {}, { in: bot.discord.adminChannelId })).answer();
  await (await bot.gran.presses('Keep here')).answer();
  // Written by a clock that was further ahead when the card was old already.
  const further = Date.now() + monthMs;
  withDatabase(bot.database, (db) => db.prepare('UPDATE status_cards SET sent_at = 1, edited_at = ?').run(further));
  bot.passes(-monthMs);
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('upkeep');
  expect(cards(bot).at(-1)?.text).toMatch(/1 locked account/);
});

test('an administrator’s account that is one no longer gives no rights, though it was read by the clock that was ahead', async () => {
  const bot = await startBot();
  const boss = bot.jellyfin.addUser('boss', { administrator: true, password: 'x' });
  bot.jellyfin.addUser('other', { administrator: true, password: 'x', limit: 3 });
  connect(bot, bot.dad, 'boss');
  await bot.jellyfin.lock('other');
  bot.passes(monthMs);
  // The list of accounts, and what is known of this one beside it.
  await (await bot.dad.types('/status', { user: 'boss' })).answer();
  bot.passes(-monthMs);
  const policy = { ...bot.jellyfin.user('boss').Policy, IsAdministrator: false };
  const sent = await fetch(`${bot.jellyfin.url}/Users/${boss.id}/Policy`, {
    method: 'POST',
    headers: {
      authorization: `MediaBrowser Token="${bot.jellyfin.apiKey}"`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(policy),
  });
  expect(sent.status).toBe(204);
  expect((await (await bot.dad.types('/unlock', { user: 'other' })).answer()).text).toMatch(/Only a server admin/);
  expect(bot.jellyfin.user('other').Policy.IsDisabled).toBe(true);
});

test('what somebody asked by the clock that was ahead does not keep them from asking for a month', async () => {
  const bot = await ahead();
  for (let n = 0; n < 5; n += 1) {
    await (await bot.maya.types('/resetpw')).answer();
    await (await bot.maya.presses('Cancel my request')).answer();
  }
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/You can ask again/);
  bot.passes(-monthMs);
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/I have asked the admins/);
});

test('nor do the codes that somebody tried by it', async () => {
  const bot = await ahead();
  const tries = async () => {
    await (await bot.maya.types('/signin', { code: '123456' })).answer();
    return (await (await bot.maya.presses('It is in front of me: sign it in')).answer()).text;
  };
  for (let n = 0; n < 10; n += 1) await tries();
  expect(await tries()).toMatch(/You can do it again/);
  bot.passes(-monthMs);
  expect(await tries()).not.toMatch(/You can do it again/);
});
