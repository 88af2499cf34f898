import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mayasPassword } from '../../sandbox/household.js';
import { ProcessHouse } from './process-house.js';

let house: ProcessHouse;
// Each with a Discord of its own: with a new database, numbers of requests begin again, and Discord knows the old nonces.
beforeEach(async () => {
  house = await ProcessHouse.start();
});
afterEach(() => house.close());

const withinMs = 5000;

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends an idle bot at once with exit code 0', async (signal) => {
  const bot = await house.bot();
  const since = Date.now();
  expect(await bot.kill(signal)).toBe(0);
  expect(Date.now() - since).toBeLessThan(2000);
  expect(bot.output()).toContain('stopped');
});

test('a signal that comes while it is starting ends it, too', async () => {
  const hold = house.home.discord.faults.hold({ method: 'GET', path: /^\/guilds\/\d+$/ });
  const bot = house.launch();
  await hold.arrived;
  const since = Date.now();
  expect(await bot.kill('SIGTERM')).toBe(0);
  expect(Date.now() - since).toBeLessThan(2000);
});

test('an approved request whose call takes 2 s is finished before the bot ends; a second signal changes nothing', async () => {
  const { jellyfin, maya, dad } = house.home;
  const bot = await house.bot();
  await house.links(maya, 'maya');
  await jellyfin.lock('maya');
  await maya.types('/unlock');
  jellyfin.faults.on({ method: 'POST', path: /\/Policy$/i, delayMs: 2000, times: 1 });
  await dad.presses('Approve');
  await dad.sees(/Working on it/);

  const since = Date.now();
  bot.child.kill('SIGTERM');
  bot.child.kill('SIGTERM');
  expect(await bot.exited).toBe(0);
  expect(Date.now() - since).toBeLessThan(withinMs);
  expect((await jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
  await maya.sees(/maya is unlocked/, { in: 'dm', within: 0 });
  await dad.sees(/Done: maya is unlocked/, { within: 0 });
});

test('an approved request whose call does not end does not hold the bot; the next start carries it to its end', async () => {
  const { jellyfin, maya, dad } = house.home;
  const folder = house.folder();
  const bot = await house.bot(folder);
  await house.links(maya, 'maya');
  await maya.types('/resetpw');
  const hold = jellyfin.faults.hold({ method: 'POST', path: /Password/ });
  await dad.presses('Approve');
  await hold.arrived;

  const since = Date.now();
  expect(await bot.kill('SIGTERM')).toBe(0);
  expect(Date.now() - since).toBeLessThan(withinMs);
  expect(bot.output()).toContain('the next start carries on');
  hold.release();

  await house.bot(folder);
  const message = await maya.sees(/\|\|/, { in: 'dm' });
  const password = /\|\|`?([^`|]+)`?\|\|/.exec(message.text)?.[1] ?? '';
  await dad.sees(/Done: .* has a new password for maya/);
  expect((await jellyfin.signIn('maya', password)).status).toBe(200);
});
