import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditLines, callsDuring, changes, passwordIn } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { asks, dmOf, passwordsSet, showsPassword, twoOwners } from '../support/two-owners.js';
import { changesPolicy } from '../support/in-jellyfin.js';

afterEach(closeAll);

const hourMs = 3_600_000;

const cards = (bot: BotHousehold) => bot.discord.messagesIn(bot.discord.adminChannelId);

describe('nobody decides', () => {
  async function waiting(env: Record<string, string> = {}): Promise<BotHousehold> {
    const bot = await startBot({ env });
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    await (await bot.maya.types('/unlock')).answer();
    await bot.dad.sees(/asks to unlock maya/);
    return bot;
  }

  test('nobody decides: a new message rings once, has the buttons, and the old card points to it', async () => {
    const bot = await waiting();
    bot.passes(12 * hourMs - 60_000);
    await bot.app.runJob('upkeep');
    expect(cards(bot)).toHaveLength(1);
    bot.passes(120_000);
    for (let n = 0; n < 3; n += 1) await bot.app.runJob('upkeep');
    const [old, reminder, ...others] = cards(bot);
    expect(others).toEqual([]);
    expect(reminder?.content).toMatch(/is still waiting: unlock maya/);
    expect(reminder?.labels).toEqual(['Approve', 'Deny']);
    expect(reminder?.pings.roles).toEqual([bot.discord.roles['helper'], bot.discord.roles['admin']]);
    expect(bot.gran.notifications).toHaveLength(2);
    expect(old?.labels).toEqual([]);
    expect(old?.content).toBe(
      `This request has a newer card below. https://discord.com/channels/${bot.discord.guildId}/${bot.discord.adminChannelId}/${reminder?.id ?? ''}`,
    );
    await bot.gran.presses('Approve');
    const done = await bot.dad.sees(/Done: maya is unlocked/);
    expect(done.id).toBe(reminder?.id);
  });

  test('still nobody: the request expires, its card loses the buttons, and the member is told how things stand', async () => {
    const bot = await waiting();
    bot.passes(24 * hourMs + 1000);
    await bot.app.runJob('upkeep');
    const [card, ...others] = cards(bot);
    expect(others).toEqual([]);
    expect(card?.content).toMatch(/Nobody decided in time/);
    expect(card?.labels).toEqual([]);
    const word = await bot.maya.sees(/Nobody decided about your request \(unlock maya\) in time/, { in: 'dm' });
    expect(word.labels).toEqual(['Show my account']);
    expect(auditLines(bot).at(-1)).toBe('latchkey expire done');
    expect((await (await bot.gran.pressesRaw('requests:approve:1')).answer()).text).toMatch(/already expired/);
    expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
    expect((await (await bot.maya.types('/unlock')).answer()).text).toMatch(/asked the admins/);
  });

  test('both times are the household’s to set', async () => {
    const bot = await waiting({ REQUEST_TTL: '2h', REQUEST_REMINDER: '30m' });
    bot.passes(31 * 60_000);
    await bot.app.runJob('upkeep');
    expect(cards(bot).at(-1)?.content).toMatch(/still waiting/);
    bot.passes(90 * 60_000);
    await bot.app.runJob('upkeep');
    await bot.maya.sees(/Nobody decided/, { in: 'dm' });
  });

  test('an expiry is told where the member asked when direct messages are closed, and by then to nobody else', async () => {
    const bot = await waiting();
    bot.maya.closesDms();
    bot.passes(25 * hourMs);
    await bot.app.runJob('upkeep');
    const word = await bot.maya.sees(/There is an answer to your request/, { in: bot.discord.generalChannelId });
    expect(word.pings.users).toEqual([bot.maya.id]);
    expect((await (await bot.maya.types('/status')).answer()).lines[0]).toMatch(/Nobody decided/);
  });

  test('a card that Discord would not take is sent by a later round, once', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    const path = new RegExp(`^/channels/${bot.discord.adminChannelId}/messages$`);
    const fault = bot.discord.faults.on({
      method: 'POST',
      path,
      status: 403,
      body: { code: 50013, message: 'Missing Permissions' },
    });
    expect((await (await bot.maya.types('/unlock')).answer()).text).toMatch(/could not reach the admins: tell one/);
    await bot.discord.until(() => fault.met || undefined, 'the card is refused');
    for (let n = 0; n < 2; n += 1) await bot.app.runJob('upkeep');
    expect(cards(bot)).toHaveLength(1);
    await bot.gran.presses('Approve');
    await bot.maya.sees(/is unlocked/, { in: 'dm' });
  });

  test('a reminder that was refused comes with the next round', async () => {
    const bot = await waiting();
    bot.passes(13 * hourMs);
    const path = new RegExp(`^/channels/${bot.discord.adminChannelId}/messages$`);
    bot.discord.faults.on({ method: 'POST', path, status: 403, body: { code: 50013, message: 'Missing Permissions' } });
    await bot.app.runJob('upkeep');
    expect(cards(bot)).toHaveLength(1);
    await bot.app.runJob('upkeep');
    expect(cards(bot).at(-1)?.content).toMatch(/still waiting/);
  });
});

describe('what waited for the same', () => {
  async function twoWaitForUnlock() {
    const bot = await twoOwners();
    await bot.jellyfin.lock('maya');
    const mayas = await asks(bot, bot.maya, '/unlock');
    const uncles = await asks(bot, bot.uncle, '/unlock');
    return { ...bot, bot, mayas, uncles };
  }

  describe('a helper’s unlock while two owners of the account wait for one', () => {
    test('is one unlock; both are told, and both cards say who did it', async () => {
      const { bot, maya, uncle, gran } = await twoWaitForUnlock();
      const [choice] = await gran.typesInto('/unlock', 'user', 'maya');
      const calls = await callsDuring(bot, async () => {
        const said = await (await gran.types('/unlock', { user: String(choice?.value) })).answer();
        expect(said.text).toMatch(/is unlocked \(3 wrong passwords are forgotten\)/);
        await bot.app.stop();
      });
      expect(calls.map((call) => call.split(' ')[0])).toEqual(['GET', 'POST', 'GET']);
      expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(false);
      for (const owner of [maya, uncle]) {
        expect(owner.directMessages().map(({ content }) => content)).toEqual([
          expect.stringMatching(/^Your Jellyfin account maya is unlocked/),
        ]);
      }
      expect(cards(bot).map(({ content, labels }) => [content, labels])).toEqual([
        [`Done: maya is unlocked for ${maya.mention} (approved by ${gran.mention}).`, []],
        [`Done: maya is unlocked for ${uncle.mention} (approved by ${gran.mention}).`, []],
      ]);
    });

    test.each(['before', 'after'] as const)(
      'and an admin who approves one of the two a moment %s the helper’s: nothing is done or said twice, and nobody reads of a failure',
      async (order) => {
        const { bot, maya, uncle, gran, dad, mayas } = await twoWaitForUnlock();
        const writing = bot.jellyfin.faults.hold({ method: 'POST', path: /Policy/ });
        const approves = () => dad.presses('Approve', { on: mayas });
        const unlocks = () => gran.types('/unlock', { user: 'maya' });
        const calls = await callsDuring(bot, async () => {
          const first = order === 'before' ? await approves() : await unlocks();
          await writing.arrived;
          const second = order === 'before' ? await unlocks() : await approves();
          await second.acknowledged;
          if (order === 'after') await gran.sees(/approved .*'s request: unlock maya/);
          writing.release();
          const helpers = order === 'before' ? second : first;
          expect((await helpers.answer()).text).toMatch(/is unlocked|is not locked \(wrong passwords: 0 of \d+\)/);
          await uncle.sees(/is unlocked/, { in: 'dm' });
          await bot.app.stop();
          expect((order === 'before' ? first : second).messages.map(({ text }) => text)).not.toContainEqual(
            expect.stringMatching(/went wrong|did not work|failed/),
          );
        });
        expect(changes(calls)).toHaveLength(1);
        expect(maya.directMessages()).toHaveLength(1);
        expect(uncle.directMessages()).toHaveLength(1);
        expect(cards(bot).map(({ content }) => content)).toEqual([
          `Done: maya is unlocked for ${maya.mention} (approved by ${dad.mention}).`,
          // Whoever was first has opened the account for both.
          `Done: maya is unlocked for ${uncle.mention} (approved by ${(order === 'before' ? dad : gran).mention}).`,
        ]);
      },
    );

    test('and an admin who approves the second while the first is being told reads that the helper was first, and the helper of the unlock', async () => {
      const { bot, maya, uncle, gran, dad, uncles } = await twoWaitForUnlock();
      const path = new RegExp(`^/channels/${await dmOf(maya)}/messages$`);
      const telling = bot.discord.faults.hold({ method: 'POST', path });
      const unlocking = await gran.types('/unlock', { user: 'maya' });
      await telling.arrived;
      const approve = uncles.buttons.find(({ label }) => label === 'Approve')?.customId ?? '';
      const late = await (await dad.pressesRaw(approve, { message: uncles })).answer();
      expect(late.text).toContain(`already done. ${gran.mention} decided about it.`);
      await uncle.sees(/is unlocked/, { in: 'dm' });
      telling.release();
      expect((await unlocking.answer()).text).toMatch(/is unlocked \(3 wrong passwords are forgotten\)/);
      await maya.sees(/is unlocked: sign in/, { in: 'dm' });
      await bot.app.stop();
      expect(uncle.directMessages()).toHaveLength(1);
      expect(cards(bot).map(({ content }) => content)).toEqual([
        `Done: maya is unlocked for ${maya.mention} (approved by ${gran.mention}).`,
        `Done: maya is unlocked for ${uncle.mention} (approved by ${gran.mention}).`,
      ]);
    });

    test('and an admin who presses Approve on a card that is done reads who did it', async () => {
      const { bot, gran, dad, uncles } = await twoWaitForUnlock();
      await (await gran.types('/unlock', { user: 'maya' })).answer();
      const approve = uncles.buttons.find(({ label }) => label === 'Approve')?.customId ?? '';
      const late = await (await dad.pressesRaw(approve, { message: uncles })).answer();
      expect(late.text).toContain(`Too late: this request is already done. ${gran.mention} decided about it.`);
      expect(
        changes(bot.jellyfin.calls.map(({ method, path }) => `${method} ${path}`)).filter((each) =>
          /Policy/.test(each),
        ),
      ).toHaveLength(1);
    });
  });

  describe('an approval', () => {
    test('of one unlock is the other owner’s, too: both are told, both cards say who decided, and nobody is reminded', async () => {
      const { bot, maya, uncle, dad, mayas } = await twoWaitForUnlock();
      await dad.presses('Approve', { on: mayas });
      for (const owner of [maya, uncle]) await owner.sees(/account maya is unlocked/, { in: 'dm' });
      await dad.sees(new RegExp(`unlocked for ${uncle.mention} .approved by ${dad.mention}`));
      bot.passes(13 * hourMs);
      await bot.app.runJob('upkeep');
      bot.passes(12 * hourMs);
      await bot.app.runJob('upkeep');
      expect(cards(bot).map(({ content, labels }) => [content, labels])).toEqual([
        [`Done: maya is unlocked for ${maya.mention} (approved by ${dad.mention}).`, []],
        [`Done: maya is unlocked for ${uncle.mention} (approved by ${dad.mention}).`, []],
      ]);
      expect([maya, uncle].map((owner) => owner.directMessages().length)).toEqual([1, 1]);
      expect(auditLines(bot, uncle).slice(-3)).toEqual(['Dad approve done', 'Dad unlock done', 'Dad unlock done']);
    });

    test('of a new password opens the account: what waits for its unlock is over, and who does not have the password hears of it', async () => {
      const { bot, maya, uncle, dad } = await twoWaitForUnlock();
      const card = await asks(bot, maya, '/resetpw');
      await dad.presses('Approve', { on: card });
      await maya.sees(/Tap it to see it/, { in: 'dm' });
      const word = await uncle.sees(/not needed any more/, { in: 'dm' });
      expect(word.content).toMatch(
        /^Your request \(unlock maya\) .* open again, but with a new password.*<\/resetpw:\d+>\.$/,
      );
      await dad.sees(new RegExp(`${uncle.mention}'s request needs no answer any more: unlock maya`));
      bot.passes(25 * hourMs);
      await bot.app.runJob('upkeep');
      expect(cards(bot).map(({ content, labels }) => [content, labels])).toEqual([
        [expect.stringMatching(/needs no answer any more.*approved by/), []],
        [expect.stringMatching(/needs no answer any more.*approved by/), []],
        [expect.stringMatching(/^Done: .* has a new password for maya/), []],
      ]);
      expect(maya.directMessages().filter(({ text }) => /Nobody decided|unlock/.test(text))).toEqual([]);
      expect(uncle.directMessages()).toHaveLength(1);
      expect(auditLines(bot, uncle).filter((line) => line.includes('not needed'))).toHaveLength(2);
    });
  });

  describe('Try again', () => {
    async function failed(command: '/unlock' | '/resetpw') {
      const bot = await startBot();
      connect(bot, bot.maya, 'maya');
      if (command === '/unlock') await bot.jellyfin.lock('maya');
      const card = await asks(bot, bot.maya, command);
      const path = command === '/unlock' ? /Policy/ : /Users\/Password/;
      const mend = bot.jellyfin.faults.on({ method: 'POST', path, status: 403 });
      await bot.dad.presses('Approve');
      await bot.dad.sees(/request did not work/);
      mend();
      return { ...bot, bot, card };
    }

    test('on an account that has become an administrator’s is refused to a helper, and done for a server admin', async () => {
      const { bot, maya, gran, dad, card } = await failed('/resetpw');
      const before = passwordsSet(bot);
      await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
      const refused = await (await gran.presses('Try again', { on: card })).answer();
      expect(refused.text).toMatch(/account is a Jellyfin administrator's/);
      const admins = await (await dad.presses('Try again', { on: card })).answer();
      expect(admins.text).toMatch(/account is a Jellyfin administrator's/);
      expect(passwordsSet(bot)).toBe(before);
      connect(bot, dad, 'root');
      await dad.presses('Try again', { on: card });
      const shown = await maya.sees(/Tap it to see it/, { in: 'dm' });
      expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
      await dad.sees(/Done: .* has a new password for maya/);
      await bot.app.stop();
      expect(auditLines(bot).slice(-4)).toEqual([
        'Gran requests retry adminAccount',
        'Dad requests retry adminAccount',
        'Dad approve done',
        'Dad reset done',
      ]);
    });

    test('after the member asked anew says that the newer card is the one to decide', async () => {
      const { bot, maya, gran, card } = await failed('/resetpw');
      await asks(bot, maya, '/resetpw');
      const before = passwordsSet(bot);
      const refused = await (await gran.presses('Try again', { on: card })).answer();
      expect(refused.text).toMatch(/They have asked again since: decide on the newer card/);
      expect(passwordsSet(bot)).toBe(before);
      await gran.presses('Approve');
      await maya.sees(/Tap it to see it/, { in: 'dm' });
      expect(maya.directMessages().filter(showsPassword)).toHaveLength(1);
    });

    test('carries out what failed, once, when nothing has changed', async () => {
      const { bot, maya, gran, card } = await failed('/unlock');
      const shown = await gran.sees(/request did not work/);
      const again = shown.buttons.find(({ label }) => label === 'Try again')?.customId ?? '';
      const calls = await callsDuring(bot, async () => {
        await gran.presses('Try again', { on: card });
        await maya.sees(/is unlocked: sign in/, { in: 'dm' });
        expect((await gran.sees(/Done: maya is unlocked/)).content).toContain(`approved by ${gran.mention}`);
        expect((await (await gran.pressesRaw(again)).answer()).text).toMatch(/already done/);
        await bot.restart();
        await bot.app.runJob('upkeep');
      });
      expect(changes(calls)).toHaveLength(1);
      expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(false);
      expect(maya.directMessages().filter(({ text }) => /is unlocked/.test(text))).toHaveLength(1);
    });
  });
});
