import { afterEach, describe, expect, test } from 'vitest';
import type { ActiveFault, CallMatch } from '../../sandbox/discord/index.js';
import { mayasPassword } from '../../sandbox/household.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';

afterEach(closeAll);

describe('Discord', () => {
  /** How a call at Discord goes wrong, and passes again. */
  const troubles = {
    'is limited (429)': { status: 429, retryAfterMs: 300 },
    'fails twice (500)': { status: 500, times: 2 },
    'fails for long (500)': { status: 500, times: 8 },
    'is cut off before it is done': { cut: 'before' },
    'is cut off when it is done': { cut: 'after' },
  } as const;

  const posts = (path: string): CallMatch => ({ method: 'POST', path: new RegExp(`^${path}$`) });

  const patches = (path: string): CallMatch => ({ method: 'PATCH', path: new RegExp(`^${path}$`) });

  /** The calls that carry a request from the question to its end, by what they are to people. */
  function calls({ discord }: BotHousehold): Record<string, CallMatch> {
    const { adminChannelId } = discord;
    const elsewhere = `/channels/(?!${adminChannelId})\\d+/messages`;
    return {
      'the card': posts(`/channels/${adminChannelId}/messages`),
      'the edit of the card': patches(`/channels/${adminChannelId}/messages/\\d+`),
      'the opening of direct messages': posts('/users/@me/channels'),
      'the direct message': posts(elsewhere),
      'the edit of the direct message': patches(`${elsewhere}/\\d+`),
      'the answer': patches('/webhooks/.*original'),
    };
  }

  async function expectOneOfEach(bot: BotHousehold, passwordsSet: number) {
    const { discord, jellyfin, maya, dad } = bot;
    const cards = () => discord.messagesIn(discord.adminChannelId);
    await discord.until(() => cards().some(({ text }) => /^Done/.test(text)) || undefined, 'the card shows the end');
    expect(cards().map(({ labels }) => labels)).toEqual([[]]);
    expect(maya.directMessages().length).toBe(1);
    const password = /\|\|`(.+)`\|\|/.exec(maya.directMessages()[0]?.text ?? '')?.[1] ?? '';
    expect((await jellyfin.signIn('maya', password)).status).toBe(200);
    expect(jellyfin.calls.filter(({ path }) => path.startsWith('/Users/Password')).length).toBe(passwordsSet);
    expect(maya.notifications.length).toBe(1);
    expect(dad.notifications.length).toBe(1);
    expect(discord.answeredTwice()).toEqual([]);
  }

  describe.each(Object.entries(troubles))('when a call to Discord %s', (_, trouble) => {
    test.each([
      'the card',
      'the edit of the card',
      'the opening of direct messages',
      'the direct message',
      'the edit of the direct message',
      'the answer',
    ])('and it is %s, nothing is lost and all is said once', async (which) => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      await bot.jellyfin.lock('maya');
      const match = calls(bot)[which];
      if (!match) throw new Error(which);
      const fault: ActiveFault = bot.discord.faults.on({ ...match, ...trouble });
      const asked = await bot.maya.types('/resetpw');
      expect((await asked.answer()).text).toMatch(/asked the admins/);
      // What Discord refused for too long is done by the minute's rounds.
      await bot.app.runJob('upkeep');
      await bot.app.runJob('upkeep');
      await bot.dad.presses('Approve');
      await bot.discord.until(() => fault.met > 0 || undefined, 'the call meets its trouble');
      await bot.maya.sees(/Sign in|asked the admins/);
      await bot.app.runJob('upkeep');
      await bot.app.runJob('upkeep');
      // Where a password was set and Discord would not show it, the next round reads that it is not there and makes another.
      const isUnseen = which === 'the edit of the direct message' && fault.met > 4;
      await expectOneOfEach(bot, isUnseen ? 3 : 1);
    });
  });

  test('Deny on a card that the bot does not know it has posted leaves no card with dead buttons', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const posting = bot.discord.faults.on({ ...calls(bot)['the card'], cut: 'after', times: 3 });
    const asked = await bot.maya.types('/resetpw');
    await asked.answer();
    await bot.discord.until(() => posting.met === 3 || undefined, 'the bot gives up for now');
    await bot.dad.presses('Deny');
    await bot.dad.fillsIn({ 'In your own words': '' });
    await bot.dad.sees(/denied/, { in: bot.discord.adminChannelId });
    const cards = bot.discord.messagesIn(bot.discord.adminChannelId);
    expect(cards.map(({ labels }) => labels)).toEqual([[]]);
  });

  test('an answer that Discord refuses is replaced by a sentence with a reference, which the log has', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const body = { code: 50035, message: 'Invalid Form Body', errors: {} };
    bot.discord.faults.on({ ...calls(bot)['the answer'], status: 400, body });
    const { text } = await (await bot.maya.types('/status')).answer();
    const reference = /reference: `(\w+)`/.exec(text)?.[1] ?? text;
    expect(bot.logged.some((line) => line.includes(reference) && line.includes('Discord did not take'))).toBe(true);
  });

  describe.each([
    ['too late or replayed (10062)', { status: 404, body: { code: 10062, message: 'Unknown interaction' } }],
    [
      'already acknowledged by another bot (40060)',
      { status: 400, body: { code: 40060, message: 'already acknowledged' } },
    ],
  ])('an interaction that is %s', (_, refusal) => {
    const acknowledging = { ...posts('/interactions/.*/callback'), ...refusal };

    test('changes nothing, whether it is a command, a question, or a press', async () => {
      const bot = await startBot();
      const { discord, jellyfin, maya, dad, gran } = bot;
      await bot.links(maya, 'maya');
      await jellyfin.lock('maya');
      const before = jellyfin.user('maya').Policy;
      const calledBefore = jellyfin.calls.length;

      const refusedOne = discord.faults.on({ ...acknowledging, times: 2 });
      await maya.types('/resetpw');
      await gran.types('/unlock', { user: 'maya' });
      await discord.until(() => refusedOne.met === 2 || undefined, 'both are refused');
      await maya.types('/unlock');
      const card = await dad.sees(/asks to unlock/);
      const refusedTwo = discord.faults.on({ ...acknowledging, times: 2 });
      await dad.presses('Approve', { on: card });
      await dad.presses('Deny', { on: card });
      await discord.until(() => refusedTwo.met === 2 || undefined, 'the presses are refused');
      await bot.app.stop();

      expect(jellyfin.user('maya').Policy).toEqual(before);
      expect((await jellyfin.signIn('maya', mayasPassword)).status).toBe(403);
      expect(jellyfin.calls.slice(calledBefore).filter(({ method, by }) => method === 'POST' && by !== 'none')).toEqual(
        [],
      );
      // The only card is that of the question which was acknowledged, and it waits still.
      expect(discord.messagesIn(discord.adminChannelId).map(({ labels }) => labels)).toEqual([['Approve', 'Deny']]);
      expect(maya.directMessages()).toEqual([]);
    });
  });
});

describe('time', () => {
  const hourMs = 3_600_000;

  async function waitingRequest() {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    await bot.dad.sees(/asks for a new password/);
    const cards = () => bot.discord.messagesIn(bot.discord.adminChannelId);
    return { bot, cards };
  }

  test('a reminder that trouble at Discord and a restart came between leaves buttons on the newer card alone, and rings once', async () => {
    const { bot, cards } = await waitingRequest();
    bot.passes(13 * hourMs);
    const card = new RegExp(`^/channels/${bot.discord.adminChannelId}/messages/`);
    const pointing = bot.discord.faults.on({ method: 'PATCH', path: card, status: 500, times: 4 });
    await bot.app.runJob('upkeep');
    expect(pointing.met).toBe(4);
    await bot.restart();
    await bot.app.runJob('upkeep');
    await bot.app.runJob('upkeep');
    expect(cards().map(({ labels }) => labels)).toEqual([[], ['Approve', 'Deny']]);
    expect(bot.dad.notifications.length).toBe(2);
  });

  test('a member hears once that nobody decided, although the word was cut off and the bot started again', async () => {
    const { bot, cards } = await waitingRequest();
    bot.passes(25 * hourMs);
    const elsewhere = new RegExp(`^/channels/(?!${bot.discord.adminChannelId})\\d+/messages$`);
    const telling = bot.discord.faults.on({ method: 'POST', path: elsewhere, cut: 'after', times: 3 });
    await bot.app.runJob('upkeep');
    expect(telling.met).toBe(3);
    await bot.restart();
    await bot.discord.until(() => (cards()[0]?.labels.length === 0 ? true : undefined), 'the card shows the end');
    await bot.app.runJob('upkeep');
    expect(bot.maya.directMessages().map(({ text }) => text)).toEqual([expect.stringMatching(/Nobody decided/)]);
    expect(cards().length).toBe(1);
    expect(cards()[0]?.labels).toEqual([]);
  });
});
