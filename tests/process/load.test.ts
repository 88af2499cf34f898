import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { botProgram, startBotProcess } from '../../sandbox/bot-process.js';
import type { Exchange } from '../../sandbox/discord/index.js';
import { startHousehold } from '../../sandbox/household.js';
import { closeAll, startBot } from '../support/bot.js';
import { openApiJudge } from '../support/openapi-judge.js';

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await closeAll();
  for (const end of endings.splice(0).reverse()) await end();
});

test('200 interactions at once are each acknowledged in time and answered once, within ten seconds', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `child${index}`);
  const home = await startHousehold();
  endings.push(() => home.close());
  const { discord, dad, gran, jellyfin } = home;
  const violations: string[] = [];
  const judge = openApiJudge();
  discord.onRequest((request) => violations.push(...(judge?.judge(request) ?? [])));
  names.forEach((name) => jellyfin.addUser(name, { password: 'own', limit: 3 }));
  // A process of its own, as in a household: what the loopback ends cost must not be taken for the bot's slowness.
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-load-'));
  endings.push(async () => rmSync(folder, { recursive: true }));
  const bot = await startBotProcess(resolve(botProgram), home.env('latchkey.db'), folder);
  endings.push(() => bot.kill('SIGTERM'));
  const children = names.map((name) => ({ name, person: discord.addPerson(name) }));
  for (const { name, person } of children) await (await dad.types('/link', { member: person, user: name })).answer();
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
  expect(violations).toEqual([]);
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
