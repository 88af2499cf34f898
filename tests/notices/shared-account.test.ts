import { afterEach, expect, test } from '@jest/globals';
import { closeAll } from '../support/bot.js';
import { asks, dmOf, editsIn, isGiven, twoOwners } from '../support/two-owners.js';

afterEach(closeAll);

const newPassword = 'Your Jellyfin account maya has a new password, so the one that you know does not work any more.';

test('whose account is another’s as well hears that they have got a new password, from whom, and what to do', async () => {
  const bot = await twoOwners();
  const card = await asks(bot, bot.maya, '/resetpw');
  expect(card.text).toContain(`Also the account of ${bot.uncle.mention}**, whose password will not work any more`);
  await bot.dad.presses('Approve');
  const word = await bot.uncle.sees(/has a new password/, { in: 'dm' });
  expect(word.content).toBe(newPassword);
  expect(word.text).toContain(`${bot.maya.mention}, whose account it is as well, has got it from ${bot.dad.mention}.`);
  expect(word.text).toContain(`Ask ${bot.maya.mention} for it; </resetpw`);
  expect(word.text).not.toContain('||');
  expect(word.pings).toEqual({ everyone: false, roles: [], users: [] });
  await bot.restart();
  await bot.app.runJob('upkeep');
  const told = (who: typeof bot.uncle) =>
    who.directMessages().filter(({ text }) => text.includes('does not work any more'));
  expect([told(bot.uncle).length, told(bot.maya).length]).toEqual([1, 0]);
});

test('it was given, unasked: the other hears as well', async () => {
  const bot = await twoOwners();
  await isGiven(bot, bot.maya);
  expect((await bot.uncle.sees(/has a new password/, { in: 'dm' })).text).toContain(`from ${bot.dad.mention}`);
});

test('what did not work, or takes nothing from anybody, is no news to the other', async () => {
  const bot = await twoOwners();
  const off = bot.jellyfin.faults.on({ method: 'POST', path: /Password/, status: 403, body: '' });
  await asks(bot, bot.maya, '/resetpw');
  await bot.dad.presses('Approve');
  await bot.dad.sees(/did not work/);
  off();
  await bot.jellyfin.lock('maya');
  await asks(bot, bot.maya, '/unlock');
  await bot.dad.presses('Approve');
  await bot.maya.sees(/is unlocked/, { in: 'dm' });
  await bot.app.runJob('upkeep');
  expect(bot.uncle.directMessages().filter(({ text }) => /new password|unlocked/.test(text))).toEqual([]);
});

test('it may be set, and nobody was shown it: the other hears that theirs may not work, and what to do', async () => {
  const bot = await twoOwners();
  const shown = bot.discord.faults.on({
    ...editsIn(await dmOf(bot.maya)),
    status: 403,
    body: { code: 50001 },
    times: 99,
  });
  await asks(bot, bot.maya, '/resetpw');
  await bot.dad.presses('Approve');
  await bot.dad.sees(/did not work/);
  shown.off();
  await bot.app.runJob('upkeep');
  const word = await bot.uncle.sees(/may have a new password that nobody knows/, { in: 'dm' });
  expect(word.text).toMatch(/You get a new one with <\/resetpw:/);
});

test('what waits for the next command is not said any more when the account was taken away meanwhile', async () => {
  const bot = await twoOwners();
  bot.uncle.closesDms();
  await asks(bot, bot.maya, '/resetpw');
  await bot.dad.presses('Approve');
  await bot.maya.sees(/tap the line above/, { in: 'dm' });
  await bot.app.runJob('upkeep');
  bot.maya.closesDms();
  bot.passes(13 * 3_600_000);
  await bot.app.runJob('upkeep');
  for (const member of [bot.uncle, bot.maya]) await (await bot.dad.types('/unlink', { member, user: 'maya' })).answer();
  for (const person of [bot.uncle, bot.maya]) {
    const said = await (await person.types('/status')).answer();
    expect(said.text).toMatch(/^│ I do not know yet which Jellyfin account is yours/);
  }
});
