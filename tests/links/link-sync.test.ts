import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { auditLines } from '../support/traces.js';

afterEach(closeAll);

const day = 86_400_000;

async function deletes({ jellyfin }: BotHousehold, name: string): Promise<void> {
  const headers = { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` };
  await fetch(`${jellyfin.url}/Users/${jellyfin.user(name).Id}`, { method: 'DELETE', headers });
}

/** What the admins were told about links, newest last, each as it stands now. */
const news = ({ discord }: BotHousehold) =>
  discord.messagesIn(discord.adminChannelId).filter(({ labels }) => labels.includes('Accounts without a member'));

test('who leaves is noticed at night; their link sleeps without rights, wakes when they are back, and the admins hear of both', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await (await bot.maya.types('/resetpw')).answer();
  await bot.dad.sees(/asks for a new password/);
  bot.maya.leaves();
  await bot.app.runJob('follow links');
  await bot.app.runJob('follow links');
  expect(news(bot).map(({ content }) => content)).toEqual([
    `${bot.maya.mention} is not in the server any more: the link to maya sleeps, and is dropped in 30 days unless they come back.`,
  ]);
  expect(news(bot)[0]?.pings).toEqual({ everyone: false, roles: [], users: [] });
  await bot.dad.sees(/request was taken back/);
  expect((await (await bot.dad.usesMenu('Jellyfin account', bot.maya)).answer()).text).toMatch(/not linked to any/);
  // Asleep, the account is kept for its member.
  expect((await (await bot.dad.types('/link')).answer()).text).toMatch(/Every account has its member/);
  const { world, guildId } = bot.discord;
  world.guilds.get(guildId)?.members.set(bot.maya.id, { userId: bot.maya.id, roles: [], joinedAt: '2026-01-01' });
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### maya/);
  await bot.dad.sees(/is back: the link to maya works again/);
});

test('after thirty days away it is dropped', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  bot.maya.leaves();
  await bot.app.runJob('follow links');
  bot.passes(29 * day);
  await bot.app.runJob('follow links');
  expect(auditLines(bot)).toEqual(['Dad link done']);
  bot.passes(day);
  await bot.app.runJob('follow links');
  await bot.dad.sees(/has been away for 30 days: the link to maya is dropped/);
  expect(auditLines(bot)).toEqual(['Dad link done', 'latchkey unlink dropped']);
  expect((await (await bot.dad.types('/link')).answer()).text).toMatch(/1 account has no member/);
});

test('accounts are followed by their id: renamed, deleted; one card tells both, once, also after a restart', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('child') });
  await bot.links(bot.maya, 'maya');
  await bot.links(bot.gran, 'child');
  bot.jellyfin.renameUser('maya', 'maya*b*');
  await deletes(bot, 'child');
  bot.discord.faults.on({
    method: 'POST',
    path: /^\/channels\/\d+\/messages/,
    status: 403,
    body: { code: 50013, message: 'Missing Permissions' },
  });
  await bot.app.runJob('follow links');
  bot.discord.faults.clear();
  await bot.restart();
  await bot.app.runJob('upkeep');
  await bot.app.runJob('follow links');
  await bot.app.runJob('upkeep');
  expect(news(bot)).toHaveLength(1);
  expect(news(bot)[0]?.content).toBe('There is news about 2 links.');
  expect(news(bot)[0]?.text).toMatch(/maya, linked to <@\d+>, is called maya\\\*b\\\* now/);
  expect(news(bot)[0]?.text).toMatch(/child was deleted in Jellyfin: its link to <@\d+> is dropped/);
  expect((await (await bot.gran.types('/signin', { code: '123456' })).answer()).text).toMatch(/do not know yet/);
  expect((await (await bot.dad.presses('Accounts without a member')).answer()).text).toMatch(/Every account/);
});

test('when every linked account is gone at once, the links are kept: that is another server', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('child') });
  await bot.links(bot.maya, 'maya');
  await bot.links(bot.gran, 'child');
  for (const name of ['maya', 'child']) await deletes(bot, name);
  await bot.app.runJob('follow links');
  await bot.dad.sees(/None of the linked accounts is on the Jellyfin server any more/);
  await bot.app.runJob('follow links');
  await bot.restart();
  await bot.app.runJob('follow links');
  expect(news(bot)).toHaveLength(1);
  expect(auditLines(bot)).toEqual(['Dad link done', 'Dad link done']);
});

test('a night in which Discord or Jellyfin does not answer changes nothing', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  bot.discord.faults.on({ path: /members\/\d+$/, status: 500, times: 20 });
  bot.jellyfin.faults.on({ path: /^\/Users/, status: 500 });
  await bot.app.runJob('follow links');
  bot.discord.faults.clear();
  bot.jellyfin.faults.clear();
  expect(news(bot)).toEqual([]);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### maya/);
});

test('a night in which nothing can be saved takes nothing with it: the news come with the next round, and the bot ends as ever', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  bot.jellyfin.renameUser('maya', 'maya2');
  withDatabase(bot.database, (db) =>
    db.exec(`CREATE TRIGGER full BEFORE UPDATE ON notices BEGIN SELECT RAISE(ABORT, 'disk full'); END`),
  );
  await bot.app.runJob('follow links');
  await bot.app.runJob('upkeep');
  expect(news(bot)).toEqual([]);
  expect(bot.logged.filter((line) => line.includes('a message could not be sent yet'))).not.toEqual([]);
  withDatabase(bot.database, (db) => db.exec('DROP TRIGGER full'));
  await bot.app.runJob('upkeep');
  expect(news(bot).map(({ content }) => content)).toEqual([expect.stringMatching(/is called maya2 now/)]);
  await bot.restart();
  expect(news(bot)).toHaveLength(1);
});
