import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { callsDuring, passwordIn } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { asksForRescue, rescueHouse } from '../rescue/rescue-house.js';
import { withDatabase } from '../support/database.js';

afterEach(closeAll);

describe('odd names', () => {
  const names = [
    '@everyone',
    '**x**',
    '<@1>',
    '<@&1>',
    '# x',
    '> q ||s|| `c` ~~d~~ _u_',
    '[a](https://example.org)',
    'https://discord.gg/abc',
    '<t:1:R> </status:1> <#1> <:e:1>',
    '👩‍👩‍👧‍👦'.repeat(8) + '🎬'.repeat(56),
    'w'.repeat(100),
    '*'.repeat(255),
    '{{ name }} {{ status }} $t(errors.notLinked)',
    '‮evil',
    '- 1. x',
  ];

  function nobodyIsPinged({ discord }: BotHousehold): void {
    const allowed = [discord.roles['admin'], discord.roles['helper']];
    for (const { method, path, body, status, answer } of discord.requests) {
      if (method === 'GET' || !/messages|callback|webhooks/.test(path)) continue;
      expect(status < 300 ? 'taken' : { body, answer }).toBe('taken');
      const mentions = (
        body as { allowed_mentions?: { parse: string[]; roles?: string[]; users?: string[] } } | undefined
      )?.allowed_mentions;
      expect(mentions?.parse ?? []).toEqual([]);
      expect(mentions?.users ?? []).toEqual([]);
      for (const role of mentions?.roles ?? []) expect(allowed).toContain(role);
    }
  }

  /** The very name, its first hundred characters at most, stands in the text, and a backslash before each that could act. */
  function staysText(text: string, name: string): void {
    const parts = [...name.replace('‮', '')].slice(0, 100).map((character) => {
      const literal = character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
      if (/[*_~`|<>[\]@]/.test(character)) return `\\\\${literal}`;
      return /[\p{L}\p{N}\s]/u.test(character) ? literal : `\\\\?${literal}`;
    });
    expect(text).toMatch(new RegExp(parts.join(''), 'u'));
  }

  describe.each(names.map((name) => [name]))('an account called %s', (name) => {
    test('is shown as it is wherever it appears, pings nobody, and Discord takes every message', async () => {
      const bot = await startBot({
        before: ({ jellyfin }) => {
          jellyfin.addUser(name, { password: 'x', limit: 2 });
          jellyfin.addUser('second', { password: 'x' });
        },
      });
      const { maya, gran, dad, jellyfin } = bot;
      await jellyfin.lock(name);
      const [choice] = await gran.typesInto('/unlock', 'user', name.slice(0, 5));
      expect(choice?.value).toBe(jellyfin.user(name).Id);
      expect(choice?.name.length).toBeLessThanOrEqual(100);
      expect((await (await gran.types('/status')).answer()).text).toMatch(/1 locked account/);

      const linked = await (await dad.types('/link', { member: maya, user: String(choice?.value) })).answer();
      staysText(linked.text, name);
      connect(bot, maya, 'second');
      staysText((await (await maya.types('/status')).answer()).text, name);
      await (await maya.types('/unlock')).answer();
      const picked = await maya.selects('unlock:pick:account', String(choice?.value));
      staysText((await picked.answer()).text, name);
      const card = await dad.sees(/asks to unlock/);
      staysText(card.content, name);
      staysText((await (await gran.types('/requests')).answer()).text, name.length > 40 ? name.slice(0, 20) : name);
      await gran.presses('Approve', { on: card });
      staysText((await maya.sees(/is unlocked: sign in/, { in: 'dm' })).content, name);
      await (await gran.types('/resetpw', { user: String(choice?.value) })).answer();
      const shown = await maya.sees(/Tap it to see it/, { in: 'dm' });
      staysText(shown.content, name);
      expect((await jellyfin.signIn(name, passwordIn(shown.text))).status).toBe(200);
      await bot.app.stop();
      nobodyIsPinged(bot);
    });
  });

  test('a reason, a server and a member with such names do no harm either', async () => {
    const bot = await startBot();
    const odd = bot.discord.addPerson('@everyone **x**');
    await bot.links(odd, 'maya');
    await bot.links(bot.maya, 'maya');
    await (await odd.types('/resetpw')).answer();
    await bot.dad.presses('Deny');
    await bot.dad.fillsIn({ 'In your own words': '# @everyone <@1> [x](https://example.org) '.repeat(7) });
    staysText((await odd.sees(/They say/, { in: 'dm' })).text, '# @everyone <@1>');
    const asked = await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    expect(asked.text).toContain('@everyone **x**');
    await bot.app.stop();
    nobodyIsPinged(bot);
  });
});

describe('accented names', () => {
  // A keyboard may write an accented letter as one character, or as a letter and its accent.
  const composed = 'Zoë'.normalize('NFC');

  const decomposed = 'zoë'.normalize('NFD');

  describe.each([
    { kept: composed, typed: decomposed },
    { kept: decomposed, typed: composed },
  ])('an account kept as $kept.length characters and typed as $typed.length', ({ kept, typed }) => {
    test('is found by /status, /unlock, /resetpw, /link, /unlink and /history', async () => {
      const bot = await startBot({
        before: ({ jellyfin }) => void jellyfin.addUser(kept, { password: 'x', limit: 2 }),
      });
      const { gran, dad, maya, jellyfin } = bot;
      await jellyfin.lock(kept);
      expect((await (await gran.types('/status', { user: typed })).answer()).text).toMatch(/Locked/);
      await (await gran.types('/unlock', { user: typed })).answer();
      expect(jellyfin.user(kept).Policy.IsDisabled).toBe(false);
      await (await gran.types('/resetpw', { user: typed })).answer();
      expect((await jellyfin.signIn(kept, 'x')).status).toBe(401);
      await (await dad.types('/link', { member: maya, user: typed })).answer();
      await maya.sees(/You are linked to the Jellyfin account/, { in: 'dm' });
      // A member's own is looked for in another way, by name alone.
      expect((await (await maya.types('/unlock', { user: typed })).answer()).text).toContain(kept);
      expect((await (await dad.types('/unlink', { member: maya, user: typed })).answer()).text).toContain(kept);
      // The history knows it by a name that Jellyfin does not know any more.
      jellyfin.renameUser(kept, 'other');
      expect((await (await dad.types('/history', { user: typed })).answer()).text).toContain(kept);
    });

    test('is found by /rescue', async () => {
      const bot = await rescueHouse({
        before: ({ jellyfin }) => void jellyfin.addUser(kept, { administrator: true, password: 'x' }),
      });
      connect(bot, bot.dad, kept);
      expect((await asksForRescue(bot, typed)).text).toContain(kept);
    });
  });
});

describe('an account that was renamed', () => {
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
    await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
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
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Which Jellyfin account is yours/);
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
});
