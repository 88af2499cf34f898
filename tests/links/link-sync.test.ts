import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, type BotOptions, closeAll, startBot } from '../support/bot.js';
import { auditLines } from '../support/traces.js';
import { comesBack } from '../support/leaves.js';
import { withDatabase } from '../support/database.js';
import { deletesAccount } from '../support/in-jellyfin.js';

afterEach(closeAll);

describe('links follow who is in the server', () => {
  const day = 86_400_000;

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
    // A night's look is over when all of it is done and told.
    await bot.dad.sees(/request was taken back/, { within: 0 });
    expect(news(bot)).toHaveLength(1);
    await bot.app.runJob('follow links');
    expect(news(bot).map(({ content }) => content)).toEqual([
      `${bot.maya.mention} is not in the Discord server any more: the link to maya sleeps, and is dropped in 30 days unless they come back.`,
    ]);
    expect(news(bot)[0]?.pings).toEqual({ everyone: false, roles: [], users: [] });
    await bot.dad.sees(/request was taken back/);
    expect((await (await bot.dad.usesMenu('Jellyfin account', bot.maya)).answer()).text).toMatch(/not linked to any/);
    // Asleep, the account is kept for its member.
    expect((await (await bot.dad.types('/link')).answer()).text).toMatch(/Every account has its member/);
    comesBack(bot, bot.maya);
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### maya/);
    await bot.dad.sees(/is back: the link to maya works again/);
  });

  test('who left before they were greeted is not written to, and greeted when they are back', async () => {
    const bot = await startBot();
    const { discord, maya } = bot;
    const dm = discord.world.directMessagesWith(maya.id).id;
    const sending = { method: 'POST', path: new RegExp(`^/channels/${dm}/messages$`) };
    const trouble = discord.faults.on({ ...sending, status: 500, times: 99 });
    await (await bot.dad.types('/link', { member: maya, user: 'maya' })).answer();
    await bot.app.runJob('upkeep');
    maya.leaves();
    await bot.app.runJob('follow links');
    trouble.off();
    const before = discord.requests.length;
    await bot.app.runJob('upkeep');
    const written = discord.requests.slice(before).map(({ path }) => path);
    expect(written.filter((path) => path === '/users/@me/channels' || sending.path.test(path))).toEqual([]);
    comesBack(bot, maya);
    await bot.app.runJob('follow links');
    await bot.app.runJob('upkeep');
    await maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
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
    expect(auditLines(bot)).toEqual(['Dad link done', 'latchkey unlink dropped']);
    expect(news(bot).at(-1)?.content).toMatch(/has been away for 30 days: the link to maya is dropped/);
    expect((await (await bot.dad.types('/link')).answer()).text).toMatch(/1 account has no member/);
  });

  test('accounts are followed by their id: renamed, deleted; one card tells both, once, also after a restart', async () => {
    const before: BotOptions['before'] = ({ jellyfin }) => ['child', 'kid'].forEach((name) => jellyfin.addUser(name));
    const bot = await startBot({ before });
    await bot.links(bot.maya, 'maya');
    for (const name of ['child', 'kid']) await bot.links(bot.gran, name);
    bot.jellyfin.renameUser('maya', 'maya*b*');
    for (const name of ['child', 'kid']) await deletesAccount(bot.jellyfin, name);
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
    expect(news(bot)[0]?.content).toMatch(/, is called maya\\\*b\\\* now\.\nand 2 more$/);
    expect(news(bot)[0]?.text).toMatch(/maya, linked to <@\d+>, is called maya\\\*b\\\* now/);
    for (const name of ['child', 'kid'])
      expect(news(bot)[0]?.text).toMatch(new RegExp(`${name} was deleted in Jellyfin: its link to <@\\d+> is dropped`));
    expect((await (await bot.gran.types('/signin', { code: '123456' })).answer()).text).toMatch(/do not know that yet/);
    expect((await (await bot.dad.presses('Accounts without a member')).answer()).text).toMatch(/Every account/);
  });

  test('the only linked account, deleted, is said to be deleted: that is no other server', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    await bot.dad.sees(/asks for a new password/);
    await deletesAccount(bot.jellyfin, 'maya');
    await bot.app.runJob('follow links');
    expect(news(bot).map(({ content }) => content)).toEqual([
      expect.stringMatching(/maya was deleted in Jellyfin: its link to <@\d+> is dropped/),
    ]);
    await bot.dad.sees(/request was taken back/, { within: 0 });
  });

  test('when every linked account is gone at once, the links are kept: that is another server', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('child') });
    await bot.links(bot.maya, 'maya');
    await bot.links(bot.gran, 'child');
    for (const name of ['maya', 'child']) await deletesAccount(bot.jellyfin, name);
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
});
