import { afterEach, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { callsDuring } from '../support/traces.js';

afterEach(closeAll);

const dayMs = 86_400_000;
const told = ({ discord }: BotHousehold) =>
  discord.messagesIn(discord.adminChannelId).filter(({ content }) => /old apps/.test(content));

async function days(bot: BotHousehold, count: number) {
  for (let day = 0; day < count; day += 1) {
    bot.passes(dayMs);
    await bot.app.runJob('jellyfin');
    await bot.app.runJob('jellyfin');
  }
}

test('admins are told once, whatever becomes of it, that Jellyfin 12 refuses old apps, and where the switch is', async () => {
  const bot = await startBot({ version: '12.0' });
  await days(bot, 1);
  // There is enough to do before somebody is linked.
  expect(told(bot)).toEqual([]);
  await bot.links(bot.maya, 'maya');
  await days(bot, 1);
  const [word, ...others] = told(bot);
  expect(others).toEqual([]);
  if (!word) throw new Error('nobody was told');
  expect(word.content).toBe('Jellyfin refuses old apps: they sign in in a way that it has dropped.');
  expect(word.text).toMatch(/update it[^]*`EnableLegacyAuthorization`[^]*means to take that away/);
  expect(word.pings).toEqual({ everyone: false, roles: [], users: [] });
  expect(word.labels).toEqual(['Look again']);

  expect((await (await bot.gran.presses('Look again', { on: word })).answer()).text).toMatch(/refuses old apps/);
  bot.jellyfin.takesOldApps(true);
  await bot.gran.presses('Look again', { on: word });
  expect(await bot.gran.sees(/^Jellyfin lets old apps in/)).toMatchObject({ id: word.id, labels: [] });
  bot.jellyfin.takesOldApps(false);
  await bot.restart();
  await days(bot, 2);
  bot.passes(400 * dayMs);
  await bot.app.runJob('forget old');
  expect(await callsDuring(bot, () => days(bot, 1))).toEqual([]);
  expect(told(bot)).toHaveLength(1);
});

test('where Jellyfin takes old apps, it is asked once a day and nobody is told; an update to 12 is seen within a day', async () => {
  const bot = await startBot({ version: '10.11.11' });
  await bot.links(bot.maya, 'maya');
  expect(await callsDuring(bot, () => days(bot, 3))).toEqual(Array(3).fill('GET /System/Configuration'));
  expect(told(bot)).toEqual([]);
  bot.jellyfin.faults.on({ path: /^\/System\/Configuration/, status: 500, times: 1 });
  bot.jellyfin.takesOldApps(false);
  await days(bot, 1);
  expect(told(bot)).toEqual([]);
  await days(bot, 1);
  expect(told(bot)).toHaveLength(1);
});
