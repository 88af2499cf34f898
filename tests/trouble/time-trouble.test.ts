import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';

afterEach(closeAll);

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
