import { expect } from 'vitest';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { startBot, type BotHousehold, type BotOptions } from '../support/bot.js';

export const minuteMs = 60_000;
/** What the bot does after a time, every minute unless said. */
export const refreshes = async (bot: BotHousehold, afterMs = minuteMs) => {
  bot.passes(afterMs);
  await bot.app.runJob('upkeep');
};
/** The household's cards in the admin channel. */
export const cards = (bot: BotHousehold): SeenMessage[] =>
  bot.gran.messages({ in: bot.discord.adminChannelId }).filter(({ labels }) => labels.includes('Stop keeping this'));
/** Gran, a helper, keeps the household's card in the admin channel. */
export async function kept(options: BotOptions = {}): Promise<BotHousehold & { card: SeenMessage }> {
  const bot = await startBot(options);
  await (await bot.gran.types('/status', {}, { in: bot.discord.adminChannelId })).answer();
  const said = await (await bot.gran.presses('Keep here')).answer();
  expect(said.text).toMatch(/stands in this channel now/);
  const [card] = cards(bot);
  if (!card) throw new Error('no card');
  return Object.assign(bot, { card });
}
