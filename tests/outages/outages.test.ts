import { afterEach, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot, type BotOptions } from '../support/bot.js';

afterEach(closeAll);

const minuteMs = 60_000;

const fast = { overrides: { jellyfinTimeoutMs: 200 } } satisfies BotOptions;
const cards = ({ discord }: BotHousehold) =>
  discord
    .messagesIn(discord.adminChannelId)
    .filter(({ content }) => /Jellyfin (does not answer|refuses my key|answers me again)/.test(content));

/** Minutes pass, and the bot looks at the server in each. */
async function minutes(bot: BotHousehold, count: number) {
  for (let minute = 0; minute < count; minute++) {
    bot.passes(minuteMs);
    await bot.app.runJob('jellyfin');
  }
}

test('a Jellyfin that stops answering is one silent card, which says since when and what to look at, survives a restart, and ends well', async () => {
  const bot = await startBot(fast);
  await bot.links(bot.maya, 'maya');
  const mend = bot.jellyfin.faults.on({ method: 'GET', path: /^\/Users\//, status: 400 });
  const refused = /refused this[^]*nothing to do with your password/;
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(refused);
  mend();
  await bot.jellyfin.shutdown();
  await minutes(bot, 6);
  const [card, ...others] = cards(bot);
  expect(others).toEqual([]);
  expect(card?.content).toBe('Jellyfin does not answer.');
  expect(card?.text).toMatch(
    /Since <t:\d+:f> \(<t:\d+:R>\)\. Whoever asks me for help reads that it is not their password/,
  );
  expect(card?.text).toMatch(/JELLYFIN_URL|Is Jellyfin running/);
  expect(card?.pings).toEqual({ everyone: false, roles: [], users: [] });
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/nothing to do with your password/);

  await bot.restart();
  await minutes(bot, 2);
  expect(cards(bot).map(({ id }) => id)).toEqual([card?.id]);
  await bot.jellyfin.start();
  await minutes(bot, 1);
  const [over, ...more] = cards(bot);
  expect(more).toEqual([]);
  expect(over).toMatchObject({ id: card?.id, content: 'Jellyfin answers me again.', labels: [] });
  expect(over?.text).toMatch(/It did not from <t:\d+:f> until <t:\d+:f>/);
});

test('a restart of a minute or two is no card, and trouble that comes back soon is on the card that was there', async () => {
  const bot = await startBot(fast);
  await bot.jellyfin.shutdown();
  await minutes(bot, 2);
  await bot.jellyfin.start();
  await minutes(bot, 2);
  expect(cards(bot)).toEqual([]);
  await bot.jellyfin.shutdown();
  await minutes(bot, 5);
  await bot.jellyfin.start();
  await minutes(bot, 1);
  await bot.jellyfin.shutdown();
  await minutes(bot, 1);
  expect(cards(bot).map(({ content }) => content)).toEqual(['Jellyfin does not answer.']);
  await bot.jellyfin.start();
  await minutes(bot, 20);
  await bot.jellyfin.shutdown();
  await minutes(bot, 5);
  expect(cards(bot).map(({ content }) => content)).toEqual(['Jellyfin answers me again.', 'Jellyfin does not answer.']);
});

test('a key that Jellyfin refuses is named as that; who presses Look again reads how it is now', async () => {
  const bot = await startBot();
  bot.jellyfin.revokeKey();
  await minutes(bot, 5);
  const [card] = cards(bot);
  if (!card) throw new Error('no card');
  expect(card.content).toBe('Jellyfin refuses my key: I can unlock nobody and set no password.');
  expect(card.text).toMatch(/API Keys/);
  const said = await (await bot.gran.presses('Look again', { on: card })).answer();
  expect(said.text).toMatch(/does not let me in any more/);
});

test('a start that failed is named as that, on the card on which it was a start', async () => {
  const bot = await startBot({ version: '10.11.11' });
  await bot.jellyfin.starting('setup');
  await minutes(bot, 5);
  const [card] = cards(bot);
  expect(card).toMatchObject({
    content: 'Jellyfin does not answer.',
    text: expect.stringMatching(/it may be migrating/),
  });
  await bot.jellyfin.starting('failed');
  await minutes(bot, 1);
  const [now, ...others] = cards(bot);
  expect(others).toEqual([]);
  expect(now).toMatchObject({ id: card?.id, content: 'Jellyfin does not answer as it should.' });
  expect(now?.text).toMatch(/could not start, perhaps after an update[^]*The end of Jellyfin's log says why/);
});

test('a card that an admin deleted is not sent again for the same trouble', async () => {
  const bot = await startBot(fast);
  await bot.jellyfin.shutdown();
  await minutes(bot, 5);
  bot.discord.deleteMessage(cards(bot)[0]?.id ?? '');
  await minutes(bot, 5);
  expect(cards(bot)).toEqual([]);
  await bot.jellyfin.start();
  await minutes(bot, 2);
  expect(cards(bot)).toEqual([]);
});
