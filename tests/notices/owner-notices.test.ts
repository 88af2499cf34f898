import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold, type BotOptions } from '../support/bot.js';

afterEach(closeAll);

/** Maya owns the account; Eve, who is linked to nothing, has asked for it by its name. */
async function eveAsks(command: '/resetpw' | '/unlock', options: BotOptions = {}) {
  const bot = await startBot(options);
  await bot.links(bot.maya, 'maya');
  if (command === '/unlock') await bot.jellyfin.lock('maya');
  const eve = bot.discord.addPerson('Eve');
  await (await eve.types(command, { user: 'maya' })).answer();
  const card = await bot.dad.sees(/<@\d+> asks .* maya/);
  return { bot, eve, card };
}

/** What the owner was told in direct messages about the account. */
const told = ({ maya }: BotHousehold) => maya.directMessages().filter(({ text }) => /Jellyfin.* maya/.test(text));

test('the owner of an account hears that another has got a new password for it, who asked, who approved, and what to do', async () => {
  const { bot, eve, card } = await eveAsks('/resetpw');
  await bot.dad.presses('Approve and link', { on: card });
  await eve.sees(/tap the line above/, { in: 'dm' });
  const word = await bot.maya.sees(/Your Jellyfin account maya has a new password/, { in: 'dm' });
  expect(word.content).toBe(
    'Your Jellyfin account maya has a new password, so the one that you know does not work any more.',
  );
  expect(word.text).toContain(`${eve.mention} asked for it and got the new password, ${bot.dad.mention} approved it`);
  expect(word.text).toMatch(/If that was not right, tell an admin at once: .*<\/unlink:\d+>.*<\/resetpw:\d+>/);
  expect(word.labels).toEqual(['Show my account']);
  expect(word.pings).toEqual({ everyone: false, roles: [], users: [] });
  await bot.restart();
  await bot.app.runJob('upkeep');
  expect(told(bot)).toHaveLength(1);
  expect(eve.directMessages().filter(({ text }) => /If that was not right/.test(text))).toEqual([]);
});

test('of an unlock as well, in the language of the owner', async () => {
  const { bot, card } = await eveAsks('/unlock');
  const erik = bot.discord.addPerson('Erik', { locale: 'de' });
  await (await erik.types('/help')).answer();
  await bot.links(erik, 'maya');
  await bot.dad.presses('Approve and link', { on: card });
  await bot.maya.sees(/Your Jellyfin account maya was unlocked/, { in: 'dm' });
  const word = await erik.sees(/Jellyfin-Konto maya wurde entsperrt/, { in: 'dm' });
  expect(word.text).toMatch(/hat darum gebeten und .* hat es genehmigt/);
});

test('an approval that did not work has made the link all the same; the end of another try is told once more', async () => {
  const { bot, eve, card } = await eveAsks('/unlock');
  const off = bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 403, body: '' });
  await bot.dad.presses('Approve and link', { on: card });
  const linked = await bot.maya.sees(/is now linked to .* as well/, { in: 'dm' });
  expect(linked.content).toBe(`Your Jellyfin account maya is now linked to ${eve.mention} as well.`);
  await bot.restart();
  off();
  await bot.dad.presses('Try again');
  await bot.maya.sees(/Your Jellyfin account maya was unlocked/, { in: 'dm' });
  await bot.app.runJob('upkeep');
  expect(told(bot)).toHaveLength(2);
});

test('an owner who takes no direct messages hears of it first thing at their next command, once', async () => {
  const { bot, card } = await eveAsks('/resetpw');
  bot.maya.closesDms();
  await bot.dad.presses('Approve and link', { on: card });
  await bot.dad.sees(/has a new password for maya/);
  await bot.app.runJob('upkeep');
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Your Jellyfin account maya has a new pass/);
  expect((await (await bot.maya.types('/status')).answer()).text).not.toMatch(/has a new pass/);
});

test('while Discord is in trouble the word waits; who does not own the account any more by then is not told', async () => {
  const { bot, eve, card } = await eveAsks('/resetpw');
  const kim = bot.discord.addPerson('Kim');
  await bot.links(kim, 'maya');
  const offs = [bot.maya, kim].map(({ id }) => {
    const path = new RegExp(`/channels/${bot.discord.world.directMessagesWith(id).id}/messages`);
    return bot.discord.faults.on({ method: 'POST', path, status: 500, times: 1000 });
  });
  await bot.dad.presses('Approve and link', { on: card });
  await eve.sees(/tap the line above/, { in: 'dm' });
  await (await bot.dad.types('/unlink', { member: kim, user: 'maya' })).answer();
  await bot.restart();
  for (const fault of offs) fault.off();
  await bot.app.runJob('upkeep');
  expect(told(bot)).toHaveLength(1);
  expect(kim.directMessages()).toEqual([]);
});

test('who approved it knows, and is not told', async () => {
  const { bot, eve, card } = await eveAsks('/resetpw');
  await bot.links(bot.dad, 'maya');
  await bot.dad.presses('Approve and link', { on: card });
  await bot.maya.sees(/has a new password/, { in: 'dm' });
  await eve.sees(/tap the line above/, { in: 'dm' });
  await bot.app.runJob('upkeep');
  expect(bot.dad.directMessages()).toEqual([]);
});

test('the lists of what waits name the owner as the card does', async () => {
  const { bot, card } = await eveAsks('/resetpw');
  expect(card.text).toContain(`**Already linked to ${bot.maya.mention}**`);
  for (const command of ['/requests', '/status']) {
    const { text } = await (await bot.dad.types(command)).answer();
    expect(text).toContain(`**Already linked to ${bot.maya.mention}**`);
  }
});
