import { afterEach, expect, test } from '@jest/globals';
import type { Exchange } from '../sandbox/discord/index.js';
import { closeAll, startBot } from './support/bot.js';

afterEach(closeAll);

test('200 interactions at once are each acknowledged in time and answered once, within ten seconds', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `child${index}`);
  const bot = await startBot({
    before: ({ jellyfin }) => names.forEach((name) => jellyfin.addUser(name, { password: 'own', limit: 3 })),
  });
  const { discord, dad, gran, jellyfin } = bot;
  const children = names.map((name) => ({ name, person: discord.addPerson(name) }));
  for (const { name, person } of children) await bot.links(person, name);
  for (const name of names) await jellyfin.lock(name);
  const before = discord.interactions.length;

  const exchanges: Promise<Exchange>[] = [];
  const offered: Promise<unknown>[] = [];
  for (const [index, { person }] of children.entries()) {
    exchanges.push(person.types('/status'), person.types('/unlock'));
    exchanges.push(person.pressesRaw('status:check:1:1'));
    exchanges.push(index % 2 === 0 ? dad.types('/requests') : gran.types('/status'));
    offered.push((index % 2 === 0 ? dad : person).typesInto('/status', 'user', 'child'));
  }
  expect(discord.interactions.length - before).toBe(200);
  await Promise.all([...offered, ...exchanges.map(async (exchange) => (await exchange).answer())]);

  const done = discord.interactions.slice(before);
  expect(discord.unanswered()).toEqual([]);
  expect(discord.answeredTwice()).toEqual([]);
  // Discord itself refuses what comes after 3 s (10062), and would have kept count of it.
  expect(done.filter(({ refusedCallbacks }) => refusedCallbacks > 0)).toEqual([]);
  const cards = discord.messagesIn(discord.adminChannelId);
  expect(new Set(cards.map(({ content }) => content)).size).toBe(names.length);
  expect(cards.length).toBe(names.length);
}, 40_000);

test('what takes Jellyfin nine seconds is acknowledged at once and answered all the same', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  bot.jellyfin.faults.on({ method: 'GET', path: /^\/Users\/[0-9a-f]{32}$/, delayMs: 9000, times: 1 });
  const asked = await bot.maya.types('/status');
  expect(await asked.acknowledged).toBeLessThan(3000);
  expect((await asked.answer({ within: 15_000 })).text).toMatch(/maya/);
  expect(bot.discord.answeredTwice()).toEqual([]);
}, 40_000);
