import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mayasPassword, startHousehold } from '../../sandbox/household.js';
import { ProcessHouse } from './process-house.js';
import { botProgram, startBotProcess } from '../../sandbox/bot-process.js';
import type { Exchange } from '../../sandbox/discord/index.js';
import { closeAll, startBot } from '../support/bot.js';
import { openApiJudge } from '../support/openapi-judge.js';

describe('signals', () => {
  let house: ProcessHouse;

  // Each with a Discord of its own: with a new database, numbers of requests begin again, and Discord knows the old nonces.
  beforeEach(async () => {
    house = await ProcessHouse.start();
  });

  afterEach(() => house.close());

  const withinMs = 5000;

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s ends an idle bot at once with exit code 0',
    async (signal) => {
      const bot = await house.bot();
      const since = Date.now();
      expect(await bot.kill(signal)).toBe(0);
      expect(Date.now() - since).toBeLessThan(2000);
      expect(bot.output()).toContain('stopped');
    },
  );

  test('a signal that comes while it is starting ends it, too', async () => {
    const hold = house.home.discord.faults.hold({ method: 'GET', path: /^\/guilds\/\d+$/ });
    const bot = house.launch();
    await hold.arrived;
    const since = Date.now();
    expect(await bot.kill('SIGTERM')).toBe(0);
    expect(Date.now() - since).toBeLessThan(2000);
  });

  test('an approved request whose call takes 2 s is finished before the bot ends; a second signal changes nothing', async () => {
    const { jellyfin, maya, dad } = house.home;
    const bot = await house.bot();
    await house.links(maya, 'maya');
    await jellyfin.lock('maya');
    await maya.types('/unlock');
    jellyfin.faults.on({ method: 'POST', path: /\/Policy$/i, delayMs: 2000, times: 1 });
    await dad.presses('Approve');
    await dad.sees(/Working on it/);

    const since = Date.now();
    bot.child.kill('SIGTERM');
    bot.child.kill('SIGTERM');
    expect(await bot.exited).toBe(0);
    expect(Date.now() - since).toBeLessThan(withinMs);
    expect((await jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
    await maya.sees(/maya is unlocked/, { in: 'dm', within: 0 });
    await dad.sees(/Done: maya is unlocked/, { within: 0 });
  });

  test('an approved request whose call does not end does not hold the bot; the next start carries it to its end', async () => {
    const { jellyfin, maya, dad } = house.home;
    const folder = house.folder();
    const bot = await house.bot(folder);
    await house.links(maya, 'maya');
    await maya.types('/resetpw');
    const hold = jellyfin.faults.hold({ method: 'POST', path: /Password/ });
    await dad.presses('Approve');
    await hold.arrived;

    const since = Date.now();
    expect(await bot.kill('SIGTERM')).toBe(0);
    expect(Date.now() - since).toBeLessThan(withinMs);
    expect(bot.output()).toContain('the next start carries on');
    hold.release();

    await house.bot(folder);
    const message = await maya.sees(/\|\|/, { in: 'dm' });
    const password = /\|\|`?([^`|]+)`?\|\|/.exec(message.text)?.[1] ?? '';
    await dad.sees(/Done: .* has a new password for maya/);
    expect((await jellyfin.signIn('maya', password)).status).toBe(200);
  });
});

describe('load', () => {
  const endings: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    await closeAll();
    for (const end of endings.splice(0).reverse()) await end();
  });

  test('200 interactions at once are each acknowledged in time and answered once', async () => {
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
    const cards = await discord.until(() => {
      const all = discord.messagesIn(discord.adminChannelId).filter(({ text }) => !/Latchkey is ready/.test(text));
      return all.length >= names.length ? all : undefined;
    }, 'a card for each');
    expect(new Set(cards.map(({ content }) => content)).size).toBe(names.length);
    expect(cards.length).toBe(names.length);
    expect(violations).toEqual([]);
  });

  test('what Jellyfin takes its time for is acknowledged at once, and answered when it is there', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const hold = bot.jellyfin.faults.hold({ method: 'GET', path: /^\/Users\/[0-9a-f]{32}$/ });
    const asked = await bot.maya.types('/status');
    expect(await asked.acknowledged).toBeLessThan(3000);
    await hold.arrived;
    hold.release();
    expect((await asked.answer()).text).toMatch(/maya/);
    expect(bot.discord.answeredTwice()).toEqual([]);
  });
});
