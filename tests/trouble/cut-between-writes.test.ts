import { afterEach, describe, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { auditLines } from '../support/traces.js';

afterEach(closeAll);

/** Until the returned function is called, every write of a kind fails, as if the bot were cut off just before it. */
function cuts({ database }: BotHousehold, write: string, when = '1'): () => void {
  const trigger = `CREATE TRIGGER cut BEFORE ${write} WHEN ${when} BEGIN SELECT RAISE(ABORT, 'cut'); END`;
  withDatabase(database, (db) => db.exec(trigger));
  return () => withDatabase(database, (db) => db.exec('DROP TRIGGER cut'));
}

const acts = (act: string) => ['INSERT ON audit', `NEW.act = '${act}'`] as const;
const night = ({ app }: BotHousehold) => app.runJob('follow links').catch(() => undefined);

/** What the admins were told about links. */
const news = ({ discord }: BotHousehold) =>
  discord
    .messagesIn(discord.adminChannelId)
    .filter(({ labels }) => labels.includes('Accounts without a member'))
    .map(({ content }) => content);

async function mayaIsLinked(options: Parameters<typeof startBot>[0] = {}): Promise<BotHousehold> {
  const bot = await startBot(options);
  await bot.links(bot.maya, 'maya');
  return bot;
}

async function deletes({ jellyfin }: BotHousehold, name: string): Promise<void> {
  const headers = { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` };
  await fetch(`${jellyfin.url}/Users/${jellyfin.user(name).Id}`, { method: 'DELETE', headers });
}

describe('a night that is cut short is as if it had not been, and the next one tells once', () => {
  test.each([
    'UPDATE OF asleep_since ON links',
    'UPDATE OF state ON requests',
    'INSERT ON link_news',
    'INSERT ON notices',
  ])('that somebody left (before %s)', async (write) => {
    const bot = await mayaIsLinked();
    await (await bot.maya.types('/resetpw')).answer();
    await bot.dad.sees(/asks for a new password/);
    bot.maya.leaves();
    const mend = cuts(bot, write);
    await night(bot);
    mend();
    await night(bot);
    await night(bot);
    expect(news(bot)).toEqual([expect.stringMatching(/is not in the server any more: the link to maya sleeps/)]);
    await bot.dad.sees(/request was taken back/);
  });

  test('that somebody is back', async () => {
    const bot = await mayaIsLinked();
    bot.maya.leaves();
    await night(bot);
    const { world, guildId } = bot.discord;
    world.guilds.get(guildId)?.members.set(bot.maya.id, { userId: bot.maya.id, roles: [], joinedAt: '2026-01-01' });
    const mend = cuts(bot, 'INSERT ON link_news');
    await night(bot);
    mend();
    await night(bot);
    await bot.dad.sees(/is back: the link to maya works again/);
  });

  test('that an account has another name', async () => {
    const bot = await mayaIsLinked();
    bot.jellyfin.renameUser('maya', 'maja');
    const mend = cuts(bot, 'INSERT ON link_news');
    await night(bot);
    mend();
    await night(bot);
    await bot.dad.sees(/is called maja now/);
  });

  test.each(['DELETE ON links', 'INSERT ON audit', 'UPDATE OF state ON requests'])(
    'that an account was deleted (before %s)',
    async (write) => {
      const bot = await mayaIsLinked({ before: ({ jellyfin }) => void jellyfin.addUser('child') });
      await bot.links(bot.gran, 'child');
      await (await bot.maya.types('/resetpw')).answer();
      await bot.dad.sees(/asks for a new password/);
      await deletes(bot, 'maya');
      const mend = cuts(bot, write);
      await night(bot);
      mend();
      await night(bot);
      await night(bot);
      expect(news(bot)).toEqual([expect.stringMatching(/maya was deleted in Jellyfin/)]);
      expect(auditLines(bot).filter((line) => / unlink /.test(line))).toEqual(['latchkey unlink deleted']);
      await bot.dad.sees(/request was taken back/);
    },
  );
});

describe('what somebody does is in the history, or is not done:', () => {
  test('taking a link away', async () => {
    const bot = await mayaIsLinked();
    await (await bot.maya.types('/resetpw')).answer();
    const unlinks = async () =>
      (await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer()).text;
    const mend = cuts(bot, ...acts('unlink'));
    expect(await unlinks()).toMatch(/went wrong|could not save/);
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### maya/);
    mend();
    expect(await unlinks()).toMatch(/not linked to \*\*maya\*\* any more/);
    await bot.dad.sees(/request was taken back/);
    expect(auditLines(bot)).toContain('Dad unlink done');
  });

  test.each(['approve', 'deny', 'cancel', 'ask reset'])('%s', async (act) => {
    const bot = await mayaIsLinked();
    const asks = () => bot.maya.types('/resetpw');
    const does = async () => {
      if (act === 'ask reset') return asks();
      if (act === 'cancel') {
        return bot.maya.presses('Cancel my request', { on: await (await asks()).answer() });
      }
      const pressed = await bot.dad.presses(act === 'approve' ? 'Approve' : 'Deny');
      return act === 'approve' ? pressed : bot.dad.fillsIn({});
    };
    if (act === 'approve' || act === 'deny') await (await asks()).answer();
    const mend = cuts(bot, ...acts(act));
    expect((await (await does()).answer()).text).toMatch(/went wrong|could not save/);
    const state = withDatabase(bot.database, (db) => db.prepare('SELECT state FROM requests').pluck().all());
    expect(state).toEqual(act === 'ask reset' ? [] : ['pending']);
    mend();
    await does();
    const over = { approve: /has a new password/, deny: /denied/, cancel: /request was taken back/ };
    await bot.dad.sees(over[act as keyof typeof over] ?? /asks for a new password/);
    const name = act === 'approve' || act === 'deny' ? 'Dad' : 'Maya';
    expect(auditLines(bot).filter((line) => line.startsWith(`${name} ${act}`) && !/fail/.test(line))).toHaveLength(1);
  });

  test('a lockout, and its end', async () => {
    const bot = await mayaIsLinked();
    await bot.app.runJob('lockouts');
    await bot.jellyfin.lock('maya');
    let mend = cuts(bot, ...acts('lockout'));
    await bot.app.runJob('lockouts');
    mend();
    await bot.app.runJob('lockouts');
    await bot.dad.sees(/^maya is locked/);
    mend = cuts(bot, ...acts('lockout'));
    await (await bot.dad.types('/unlock', { user: 'maya' })).answer();
    await bot.app.runJob('lockouts');
    mend();
    await bot.app.runJob('lockouts');
    const lines = auditLines(bot).filter((line) => line.includes('lockout'));
    expect(lines).toEqual(['latchkey lockout locked', 'latchkey lockout unlocked']);
  });

  test('wrong passwords are counted once, whatever was cut off', async () => {
    const bot = await mayaIsLinked();
    await bot.app.runJob('lockouts');
    await bot.jellyfin.lock('maya');
    const mend = cuts(bot, 'INSERT ON sign_in_days');
    await bot.app.runJob('lockouts');
    mend();
    await bot.app.runJob('lockouts');
    await bot.app.runJob('lockouts');
    const counted = (db: Parameters<Parameters<typeof withDatabase>[1]>[0]) =>
      db.prepare('SELECT sum(failed) AS failed, sum(locked) AS locked FROM sign_in_days').get();
    expect(withDatabase(bot.database, counted)).toEqual({ failed: 3, locked: 1 });
  });
});
