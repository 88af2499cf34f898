import { afterEach, describe, expect, test } from 'vitest';
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

describe('a lock that the admins have a card of when its owner asks', () => {
  async function asksLater() {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.app.runJob('lockouts');
    await bot.jellyfin.lock('maya', '203.0.113.9');
    await bot.app.runJob('lockouts');
    const lock = await bot.dad.sees(/maya is locked/, { in: bot.discord.adminChannelId });
    expect(lock.labels).toEqual(['Unlock']);
    await (await bot.maya.types('/resetpw')).answer();
    const asked = await bot.dad.sees(/asks for a new password/, { in: bot.discord.adminChannelId });
    await bot.app.runJob('lockouts');
    const left = await bot.dad.sees(/Its owner has asked since: decide on the card below/, {
      in: bot.discord.adminChannelId,
    });
    expect([left.id, left.labels]).toEqual([lock.id, []]);
    return { bot, lock, asked };
  }

  test('leaves the decision to the card of the request, which says where the wrong passwords came from', async () => {
    const { bot, lock, asked } = await asksLater();
    const told = await bot.dad.sees(/The wrong passwords came from 203\.0\.113\.9/, { in: bot.discord.adminChannelId });
    expect([told.id, told.labels]).toEqual([asked.id, ['Approve', 'Deny']]);
    await bot.dad.presses('Approve', { on: told });
    const over = await bot.dad.sees(/maya was locked after too many wrong passwords, and is not any more/, {
      in: bot.discord.adminChannelId,
    });
    expect([over.id, over.labels]).toEqual([lock.id, []]);
  });

  test('is decided on its own card again once what was asked is denied', async () => {
    const { bot, lock, asked } = await asksLater();
    await bot.dad.presses('Deny', { on: asked });
    await bot.dad.fillsIn({});
    await bot.maya.sees(/was denied/, { in: 'dm' });
    await bot.app.runJob('lockouts');
    await bot.dad.sees(/maya.*: locked .* Its owner knows/, { in: bot.discord.adminChannelId });
    await bot.dad.presses('Unlock', { on: lock });
    await bot.dad.sees(/is not any more/, { in: bot.discord.adminChannelId });
    expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
  });
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
  expect(over.text).not.toMatch(/It wasn't me/);
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
