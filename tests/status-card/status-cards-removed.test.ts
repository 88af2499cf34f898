import { afterEach, describe, expect, test } from '@jest/globals';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { auditLines } from '../support/traces.js';
import { cards, kept, refreshes } from './status-card.js';

afterEach(closeAll);

/** A card that Gran keeps in a channel of the helpers' own; its id. */
async function keptInDen(bot: BotHousehold): Promise<string> {
  const den = bot.discord.addChannel('den', { overwrites: { [bot.discord.guildId]: { deny: ['ViewChannel'] } } });
  for (const id of [bot.discord.botUserId, bot.gran.id])
    bot.discord.setOverwrite(den, id, { allow: ['ViewChannel', 'SendMessages', 'ReadMessageHistory'] });
  await (await bot.gran.types('/status', {}, { in: den })).answer();
  expect((await (await bot.gran.presses('Keep here')).answer()).text).toMatch(/stands in this channel now/);
  return den;
}

const givenUp = (bot: BotHousehold, channelId: string) =>
  bot.discord
    .messagesIn(bot.discord.adminChannelId)
    .filter(({ text }) => text.includes(`is no longer kept in <#${channelId}>`));

describe('a card that is not to be kept any more', () => {
  const patch = (bot: BotHousehold, id: string, status: number, code: number) =>
    bot.discord.faults.on({
      method: 'PATCH',
      path: new RegExp(`/messages/${id}$`),
      status,
      body: { code, message: 'not now' },
      times: 99,
    });
  const removed = async (bot: BotHousehold & { card: SeenMessage }) =>
    (await (await bot.gran.presses('Stop keeping this', { on: bot.card })).answer()).text;
  const rows = (bot: BotHousehold) =>
    withDatabase(bot.database, (db) => db.prepare('SELECT * FROM status_cards').all());

  test('and cannot be edited (30046) is deleted: nothing says that it is kept up to date', async () => {
    const bot = await kept();
    patch(bot, bot.card.id, 400, 30046);
    expect(await removed(bot)).toMatch(/no longer kept up to date/);
    expect(cards(bot)).toEqual([]);
    expect(rows(bot)).toEqual([]);
  });

  test('is taken away by a later round, or the next bot, when Discord is in trouble', async () => {
    const bot = await kept();
    const trouble = patch(bot, bot.card.id, 503, 0);
    expect(await removed(bot)).toMatch(/no longer kept up to date/);
    expect(await removed(bot)).toMatch(/no longer kept up to date/);
    expect(cards(bot)).toHaveLength(1);
    trouble.off();
    await bot.restart();
    await refreshes(bot);
    expect(cards(bot)).toEqual([]);
    expect(rows(bot)).toEqual([]);
    expect(auditLines(bot)).toEqual(['Gran keep card done', 'Gran remove card done']);
  });

  test('may be kept again before it was taken away: it goes on in a new one', async () => {
    const bot = await kept();
    const trouble = patch(bot, bot.card.id, 503, 0);
    await removed(bot);
    trouble.off();
    await (await bot.gran.types('/status', {}, { in: bot.discord.adminChannelId })).answer();
    await (await bot.gran.presses('Keep here')).answer();
    await refreshes(bot);
    expect(cards(bot)).toHaveLength(1);
    expect(cards(bot)[0]?.id).not.toBe(bot.card.id);
  });

  test('because its channel was deleted is given up, and the history says so', async () => {
    const bot = await startBot();
    const den = await keptInDen(bot);
    bot.discord.deleteChannel(den);
    await bot.jellyfin.lock('maya');
    await refreshes(bot);
    const tried = bot.discord.requests.length;
    await refreshes(bot);
    expect(bot.discord.requests.slice(tried).filter(({ path }) => path.includes(den))).toEqual([]);
    expect(rows(bot)).toEqual([]);
    expect(auditLines(bot)).toEqual(['Gran keep card done', 'latchkey remove card cannotPostThere']);
    expect(givenUp(bot, den)).toHaveLength(1);
  });

  test('that was given up is told of as soon as the bot may write in the admin channel again', async () => {
    const bot = await startBot();
    const { adminChannelId } = bot.discord;
    const den = await keptInDen(bot);
    bot.discord.deleteChannel(den);
    bot.discord.setBotOverwrite(adminChannelId, { allow: ['ViewChannel'], deny: ['SendMessages'] });
    await bot.jellyfin.lock('maya');
    await refreshes(bot);
    expect(givenUp(bot, den)).toEqual([]);
    bot.discord.setBotOverwrite(adminChannelId, { allow: ['ViewChannel', 'SendMessages', 'ReadMessageHistory'] });
    await refreshes(bot);
    expect(givenUp(bot, den)).toHaveLength(1);
  });

  test('that was given up is told of in the admin channel, once, by a later bot if need be, with a button to keep it there', async () => {
    const bot = await startBot();
    const den = await keptInDen(bot);
    bot.discord.setOverwrite(den, bot.discord.botUserId, { allow: ['ViewChannel'], deny: ['SendMessages'] });
    bot.discord.deleteMessage(bot.discord.messagesIn(den)[0]?.id ?? '');
    const path = new RegExp(`/channels/${bot.discord.adminChannelId}/messages`);
    const trouble = bot.discord.faults.on({ method: 'POST', path, status: 500, times: 1000 });
    await bot.jellyfin.lock('maya');
    await refreshes(bot);
    expect(rows(bot)).toHaveLength(1);
    expect(givenUp(bot, den)).toEqual([]);
    await bot.restart();
    trouble.off();
    await refreshes(bot);
    await refreshes(bot);
    const [word, ...others] = givenUp(bot, den);
    expect([word?.pings, others]).toEqual([{ everyone: false, roles: [], users: [] }, []]);
    expect(rows(bot)).toEqual([]);
    await (await bot.gran.presses('Keep here', { on: { id: word?.id ?? '' } })).answer();
    expect(cards(bot)).toHaveLength(1);
  });
});
