import { afterEach, expect, test } from '@jest/globals';
import { closeAll } from '../support/bot.js';
import { asks, isGiven, twoOwners } from './two-owners.js';

afterEach(closeAll);

const newPassword = 'Your Jellyfin account maya has a new password, so the one that you know does not work any more.';

test('whose account is another’s as well hears that they have got a new password, from whom, and what to do', async () => {
  const bot = await twoOwners();
  await asks(bot, bot.maya, '/resetpw');
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
