import { afterEach, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';

afterEach(closeAll);

/** A server with so many accounts that it needs longer for their list than anything else may take. */
const list = /^\/Users$/;
const impatient = { overrides: { jellyfinTimeoutMs: 1000 } };
const listed = ({ jellyfin }: BotHousehold) => jellyfin.calls.filter(({ path }) => path === '/Users').length;

test('/unlock NAME and /status wait for a first list that takes long, and ask for it once', async () => {
  const bot = await startBot(impatient);
  await bot.jellyfin.lock('maya');
  const before = listed(bot);
  const held = bot.jellyfin.faults.hold({ path: list });
  const unlock = await bot.dad.types('/unlock', { user: 'maya' });
  await held.arrived;
  expect(await bot.gran.typesInto('/status', 'user', 'ma')).toEqual([]);
  const status = await bot.gran.types('/status');
  held.release();
  expect((await unlock.answer()).text).toMatch(/maya\*\* is unlocked/);
  expect((await status.answer()).text).toMatch(/locked/i);
  expect(listed(bot) - before).toBe(1);
});

test('the last list serves while the next takes long: choices, names, and the household, which says how old it is', async () => {
  const bot = await startBot(impatient);
  await (await bot.gran.types('/status')).answer();
  await bot.jellyfin.lock('maya');
  bot.passes(60_000);
  const held = bot.jellyfin.faults.hold({ path: list });
  const choices = await bot.gran.typesInto('/status', 'user', 'ma');
  expect(choices.map(({ name }) => name)).toEqual(['maya']);
  // Read by itself before anything is done to it.
  expect((await (await bot.dad.types('/unlock', { user: 'maya' })).answer()).text).toMatch(/maya\*\* is unlocked/);
  expect((await (await bot.gran.types('/status')).answer()).text).toMatch(/this is how they were <t:\d+:R>/);
  held.release();
});

test('who is linked to an account waits for no list', async () => {
  const bot = await startBot(impatient);
  connect(bot, bot.maya, 'maya');
  const held = bot.jellyfin.faults.hold({ path: list });
  for (const line of ['/status', '/unlock'])
    expect((await (await bot.maya.types(line)).answer()).text).not.toMatch(/takes too long|Something went wrong/);
  await (await bot.maya.types('/resetpw')).answer();
  await bot.dad.presses('Approve');
  await bot.maya.sees(/temporary|new password/i, { in: 'dm' });
  held.release();
});
