import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';

afterEach(closeAll);

const hourMs = 3_600_000;
const cards = ({ discord }: BotHousehold) => discord.messagesIn(discord.adminChannelId);

/** Maya is linked, and her account locked by somebody at home; all have been told. */
async function lockedAndTold(): Promise<BotHousehold> {
  const bot = await startBot({ oneClock: true });
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('lockouts');
  return bot;
}

/** An unlock in Jellyfin's own pages, of which the log says nothing. */
async function opensInJellyfin({ jellyfin }: BotHousehold, name: string): Promise<void> {
  const { Id: id, Policy: policy } = jellyfin.user(name);
  const sent = await fetch(`${jellyfin.url}/Users/${id}/Policy`, {
    method: 'POST',
    headers: { authorization: `MediaBrowser Token="${jellyfin.apiKey}"`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...policy, IsDisabled: false, InvalidLoginAttemptCount: 0 }),
  });
  expect(sent.status).toBe(204);
}

async function lockedAnewFrom(bot: BotHousehold, address: string): Promise<void> {
  await opensInJellyfin(bot, 'maya');
  await bot.jellyfin.lock('maya', address);
}

async function expectToldAnew(bot: BotHousehold): Promise<void> {
  for (let n = 0; n < 3; n += 1) await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
    'Your Jellyfin account maya was locked again after this.',
    'Too many wrong passwords for your Jellyfin account maya, from 203.0.113.9. Was it you?',
  ]);
  expect(cards(bot).map(({ content, labels }) => [content, labels])).toEqual([
    ['maya was locked after too many wrong passwords, and later once more.', []],
    ['maya is locked: too many wrong passwords, from 203.0.113.9.', ['Unlock']],
  ]);
  expect(cards(bot)[0]?.text).toMatch(/maya\*\*: locked again/);
}

test('a lockout after an unlock that nobody saw is told as one of its own, and It wasn’t me is about the new tries', async () => {
  const bot = await lockedAndTold();
  await bot.app.stop();
  bot.passes(20 * hourMs);
  await lockedAnewFrom(bot, '203.0.113.9');
  await bot.restart();
  await expectToldAnew(bot);
  await (await bot.maya.presses("It wasn't me", { on: bot.maya.directMessages()[1]! })).answer();
  const said = await bot.dad.sees(/somebody else who typed/, { in: bot.discord.adminChannelId });
  expect(said.text).toContain('203.0.113.9');
});

test('so is one between two rounds of a bot that never slept', async () => {
  const bot = await lockedAndTold();
  bot.passes(20 * hourMs);
  await lockedAnewFrom(bot, '203.0.113.9');
  await expectToldAnew(bot);
});

test('within half an hour it goes into the same message and onto the same card', async () => {
  const bot = await lockedAndTold();
  await lockedAnewFrom(bot, '203.0.113.9');
  for (let n = 0; n < 3; n += 1) await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
    'Too many wrong passwords for your Jellyfin account maya. Was it you?',
  ]);
  expect(cards(bot).map(({ content, labels }) => [content, labels])).toEqual([
    ['maya is locked: too many wrong passwords.', ['Unlock']],
  ]);
});

test('many accounts that have been locked for long do not hide it', async () => {
  const bot = await lockedAndTold();
  const names = Array.from({ length: 24 }, (_, n) => `child${n}`);
  for (const name of names) bot.jellyfin.addUser(name, { password: 'x', limit: 3 });
  for (const name of names) await bot.jellyfin.lock(name);
  await bot.app.runJob('lockouts');
  bot.passes(20 * hourMs);
  await lockedAnewFrom(bot, '203.0.113.9');
  await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages().at(-1)?.content).toMatch(/from 203\.0\.113\.9/);
  expect(cards(bot).at(-1)?.content).toMatch(/^maya is locked: .*203\.0\.113\.9/);
});

test('one that the server cannot confirm yet is renewed by the next, and told once', async () => {
  const bot = await lockedAndTold();
  bot.passes(20 * hourMs);
  await lockedAnewFrom(bot, '192.168.1.20');
  const mend = bot.jellyfin.faults.on({ path: /^\/Users\//, status: 503 });
  await bot.app.runJob('lockouts');
  mend();
  await lockedAnewFrom(bot, '203.0.113.9');
  for (let n = 0; n < 3; n += 1) await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
    expect.stringMatching(/locked again/),
    expect.stringMatching(/^Too many wrong passwords/),
  ]);
  expect(cards(bot)).toHaveLength(2);
});
