import { afterEach, expect, test } from 'vitest';
import { closeAll, startBot } from '../support/bot.js';

afterEach(closeAll);

test('ready for the first time, the bot says once what is left to do, with a button for each, and the terminal says it, too', async () => {
  const bot = await startBot({ isFirstStart: true });
  const card = await bot.dad.sees(/Latchkey is ready/);
  expect(card.labels).toEqual(['Accounts without a member', 'Put up “Cannot sign in?”']);
  expect(card.pings).toEqual({ everyone: false, roles: [], users: [] });
  expect(bot.logged.join('')).toMatch(/Next, in Discord: type \/link/);
  expect((await (await bot.dad.presses('Accounts without a member', { on: card })).answer()).text).toMatch(/maya/);
  const list = await (await bot.dad.presses('Put up “Cannot sign in?”', { on: card })).answer();
  await bot.dad.selects('Channel for the card “Cannot sign in?”', bot.discord.generalChannelId, { on: list });
  await bot.maya.sees(/Cannot sign in\?/);
  await bot.restart();
  await bot.app.runJob('upkeep');
  const all = bot.discord.messagesIn(bot.discord.adminChannelId).filter(({ text }) => /Latchkey is ready/.test(text));
  expect(all).toHaveLength(1);
});

test('who has linked somebody already is told nothing of the kind', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.restart();
  expect(bot.logged.filter((line) => /Next, in Discord/.test(line))).toHaveLength(1);
  expect(bot.discord.messagesIn(bot.discord.adminChannelId).some(({ text }) => /Latchkey is ready/.test(text))).toBe(
    false,
  );
});
