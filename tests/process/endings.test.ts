import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { BotProcess } from '../../sandbox/bot-process.js';
import { ProcessHouse } from './process-house.js';

let house: ProcessHouse;
beforeAll(async () => {
  house = await ProcessHouse.start();
});
afterEach(() => house.tidy());
afterAll(() => house.close());

test.each([
  [4004, /Discord does not accept the bot's token any more/],
  [4013, /Discord does not allow the bot what it asks for/],
  [4014, /Discord does not allow the bot what it asks for/],
])('gateway close code %i ends the bot with a sentence', async (code, sentence) => {
  const bot = await house.bot();
  house.home.discord.gateway.closeWith(code);
  expect(await bot.exited).toBe(1);
  expect(bot.output()).toMatch(sentence);
});

test('a bot whose identify is refused ends with a sentence, too', async () => {
  house.home.discord.gateway.refuseIdentifyWith(4014);
  const bot = await house.refused(house.env());
  house.home.discord.gateway.refuseIdentifyWith(undefined);
  expect(bot).toMatchObject({ code: 1, said: expect.stringContaining('Discord does not allow the bot') });
});

test('a fault of ours that nobody waits for ends the bot with what it is, and without what it carries', async () => {
  const folder = house.folder();
  const fault = join(folder, 'fault.mjs');
  // As soon as somebody listens for such faults; where nobody does, at once.
  writeFileSync(
    fault,
    `const thrown = Object.assign(new TypeError('odd'), { requestBody: { json: { content: 'blue-fox-7' } } });
    const timer = setTimeout(() => { throw thrown; }, 5000);
    process.on('newListener', (name) => {
      if (name !== 'uncaughtException') return;
      clearTimeout(timer);
      setImmediate(() => { throw thrown; });
    });`,
  );
  const bot = await house.refused(house.env({ NODE_OPTIONS: `--import=${fault}` }), folder);
  expect(bot).toMatchObject({ code: 1, said: expect.stringMatching(/^Latchkey stopped: [^]*"message": "odd"/) });
  expect(bot.said).not.toContain('blue-fox-7');
});

test('an outage of the server ends nothing, being thrown out of it does', async () => {
  const { discord, dad } = house.home;
  const bot = await house.bot();
  discord.startOutage();
  discord.endOutage();
  expect((await (await dad.types('/status')).answer()).text).toContain('Nobody is locked');

  const { world, guildId, botUserId } = discord;
  const members = world.guilds.get(guildId)?.members;
  const itself = members?.get(botUserId);
  discord.removeBotFromGuild();
  expect(await bot.exited).toBe(1);
  expect(bot.output()).toContain('The bot was removed from the Discord server');
  if (itself) members?.set(botUserId, itself); // for the tests after this one
});

test('every other interruption is got over: a command works again after each', async () => {
  const { discord, dad } = house.home;
  const { gateway } = discord;
  const bot = await house.bot();
  const interruptions: [string, () => void][] = [
    ['close code 4000', () => gateway.closeWith(4000)],
    ['a dropped connection', () => gateway.dropConnections()],
    ['op 7', () => gateway.sendReconnect()],
    ['op 9, resumable', () => gateway.invalidateSession(true)],
    ['close code 4009', () => gateway.closeWith(4009)],
    ['op 9', () => gateway.invalidateSession(false)],
  ];
  for (const [name, interrupt] of interruptions) {
    const taken = () => gateway.identifies + gateway.sessions.reduce((sum, { resumes }) => sum + resumes, 0);
    const before = gateway.identifies * 1000 + taken();
    interrupt();
    await discord.until(
      () =>
        (gateway.identifies * 1000 + taken() > before && gateway.sessions.some((each) => each.connected)) || undefined,
      `the bot is back after ${name}`,
      15_000,
    );
    await answers(bot, name);
  }

  async function answers(running: BotProcess, after: string): Promise<void> {
    expect(running.child.exitCode).toBeNull();
    const said = await (await dad.types('/status')).answer();
    expect(`${after}: ${said.text}`).toContain('Nobody is locked');
  }
});
