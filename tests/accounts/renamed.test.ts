import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { callsDuring } from '../support/traces.js';

afterEach(closeAll);

/** Maya's account, locked, which somebody calls `maya-tv` in Jellyfin from now on; the bot has read nothing since. */
async function renamed(): Promise<BotHousehold> {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  bot.jellyfin.renameUser('maya', 'maya-tv');
  return bot;
}

const news = ({ discord }: BotHousehold) =>
  discord.messagesIn(discord.adminChannelId).filter(({ content }) => /is called/.test(content));

test.each(['/status', '/unlock', '/resetpw'])('%s knows an own account by its new name at once', async (command) => {
  const bot = await renamed();
  await bot.jellyfin.lock('maya-tv');
  const answer = await (await bot.maya.types(command, { user: 'MAYA-tv' })).answer();
  expect(answer.text).toMatch(/\*\*maya-tv\*\*|### maya-tv/);
  await bot.dad.sees(/maya, linked to <@\d+>, is called maya-tv now/);
  await bot.app.runJob('follow links');
  expect(news(bot)).toHaveLength(1);
});

test('whoever is told of a lockout can answer with the name that they were told', async () => {
  const bot = await renamed();
  await bot.jellyfin.lock('maya-tv');
  await bot.app.runJob('lockouts');
  await bot.maya.sees(/your Jellyfin account maya-tv/, { in: 'dm' });
  expect((await bot.maya.typesInto('/unlock', 'user', 'tv')).map(({ name }) => name)).toEqual(['maya-tv']);
  expect((await (await bot.maya.types('/unlock', { user: 'maya-tv' })).answer()).text).toMatch(/asked the admins/);
});

test('the names that are compared are those of the member’s own accounts, and always all of them', async () => {
  const bot = await renamed();
  for (const name of ['kid', 'spare']) bot.jellyfin.addUser(name);
  await bot.links(bot.maya, 'kid');
  const own = ['maya-tv', 'kid'].map((name) => `GET /Users/${bot.jellyfin.user(name).Id}`);
  for (const user of ['root', 'spare', 'ghost', 'maya']) {
    const calls = await callsDuring(bot, async () => {
      expect((await (await bot.maya.types('/status', { user })).answer()).text).toMatch(/not one of your accounts/);
    });
    expect(calls).toEqual(own);
  }
});

test('a name that went from one own account to another is that of the other', async () => {
  const bot = await renamed();
  bot.jellyfin.addUser('kid');
  await bot.links(bot.maya, 'kid');
  bot.jellyfin.renameUser('kid', 'maya');
  const kid = bot.jellyfin.user('maya').Id;
  await (await bot.maya.types('/resetpw', { user: 'maya' })).answer();
  await bot.dad.sees(/asks for a new password for maya\./);
  await bot.dad.presses('Approve');
  await bot.maya.sees(/tap the line above/, { in: 'dm' });
  expect(bot.jellyfin.calls.some(({ path }) => path.startsWith(`/Users/Password?userId=${kid}`))).toBe(true);
});

test('a server that does not answer is named as the reason, and the last known name does', async () => {
  const bot = await renamed();
  const mend = bot.jellyfin.faults.on({ path: /^\/Users\//, status: 503 });
  const said = async (user: string) => (await (await bot.maya.types('/status', { user })).answer()).text;
  expect(await said('maya-tv')).toBe(await said('root'));
  expect(await said('root')).not.toMatch(/not one of your accounts/);
  mend();
  expect(await said('maya-tv')).toMatch(/### maya-tv/);
});

test('/unlink takes the new name, and the old one only while no other account has it', async () => {
  const bot = await renamed();
  const unlink = async (user: string) =>
    (await (await bot.dad.types('/unlink', { member: bot.maya, user })).answer()).text;
  bot.jellyfin.addUser('maya');
  // So long the bot takes its list of accounts for right.
  bot.passes(60_000);
  expect(await unlink('maya')).toMatch(/are not linked/);
  expect(await unlink('maya-tv')).toMatch(/not linked to \*\*maya-tv\*\* any more/);
  expect(await unlink('maya-tv')).toMatch(/are not linked/);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/do not know yet/);
});

test('a name that cannot be written down now takes nothing with it', async () => {
  const bot = await renamed();
  withDatabase(bot.database, (db) =>
    db.exec(`CREATE TRIGGER full BEFORE INSERT ON link_news BEGIN SELECT RAISE(ABORT, 'disk full'); END`),
  );
  expect((await (await bot.maya.types('/status', { user: 'maya-tv' })).answer()).text).toMatch(/### maya-tv/);
  withDatabase(bot.database, (db) => db.exec('DROP TRIGGER full'));
  await (await bot.maya.types('/status')).answer();
  await bot.dad.sees(/is called maya-tv now/);
});
