import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';
import { mayasPassword } from '../../sandbox/household.js';

afterEach(closeAll);

/** Maya's account is locked, and she asks before a round has seen it. */
async function asksFirst(command: '/unlock' | '/resetpw') {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.lock('maya');
  await (await bot.maya.types(command)).answer();
  const card = await bot.dad.sees(/asks/, { in: bot.discord.adminChannelId });
  for (let n = 0; n < 2; n += 1) await bot.app.runJob('lockouts');
  return { bot, card, cards: () => bot.discord.messagesIn(bot.discord.adminChannelId) };
}

test.each(['/unlock', '/resetpw'] as const)(
  'whoever has asked with %s is not asked whether it was them, and the card of what they ask is the only one',
  async (command) => {
    const { bot, card, cards } = await asksFirst(command);
    expect(bot.maya.directMessages()).toEqual([]);
    expect(cards().map(({ id }) => id)).toEqual([card.id]);
    await bot.dad.presses('Approve', { on: card });
    await bot.dad.sees(/^Done/, { in: bot.discord.adminChannelId });
    await bot.app.runJob('lockouts');
    expect(cards()).toHaveLength(1);
  },
);

test('once that is denied, the lock has a card of its own, on which it can be undone', async () => {
  const { bot, card } = await asksFirst('/unlock');
  await bot.dad.presses('Deny', { on: card });
  await bot.dad.fillsIn({});
  await bot.maya.sees(/was denied/, { in: 'dm' });
  await bot.app.runJob('lockouts');
  await bot.dad.sees(/maya is locked: .*\n.*Its owner knows/, { in: bot.discord.adminChannelId });
  await bot.dad.presses('Unlock');
  await bot.dad.sees(/is not any more/, { in: bot.discord.adminChannelId });
  expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
});

test('after It wasn’t me the message says how its owner gets in, and offers nothing more, not even once that is over', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.lock('maya', '203.0.113.9');
  await bot.app.runJob('lockouts');
  await bot.maya.presses("It wasn't me");
  const left = await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' });
  expect([left.labels, left.text]).toEqual([[], expect.stringMatching(/To get in again:\*\* <\/unlock:\d+>/)]);
  await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages().map(({ text }) => text)).toEqual([left.text]);
  await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
  const over = await bot.maya.sees(/is not locked any more/, { in: 'dm' });
  expect([over.id, over.labels]).toEqual([left.id, []]);
});

test('Show my password loses its button in the channel once the password was shown', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  bot.maya.closesDms();
  await (await bot.maya.types('/resetpw')).answer();
  await bot.dad.presses('Approve');
  const word = await bot.maya.sees(/press the button/, { in: bot.discord.generalChannelId });
  await (await bot.maya.presses('Show my password', { on: word })).answer();
  const left = await bot.maya.sees(/This is done/, { in: bot.discord.generalChannelId });
  expect([left.id, left.labels]).toEqual([word.id, []]);
});
