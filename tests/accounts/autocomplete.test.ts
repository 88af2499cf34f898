import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';
import { callsDuring } from '../support/traces.js';

afterEach(closeAll);

const names = (choices: readonly { name: string }[]) => choices.map(({ name }) => name).sort();

test('helpers and admins are offered every account, members their own, in the server and in direct messages', async () => {
  const bot = await startBot();
  bot.jellyfin.addUser('leo');
  await bot.links(bot.maya, 'maya');
  for (const place of [{}, { in: 'dm' }]) {
    for (const command of ['/status', '/unlock', '/resetpw']) {
      expect(names(await bot.gran.typesInto(command, 'user', '', place))).toEqual(['leo', 'maya', 'root']);
      expect(names(await bot.dad.typesInto(command, 'user', 'LE', place))).toEqual(['leo']);
      const calls = await callsDuring(bot, async () => {
        expect(names(await bot.maya.typesInto(command, 'user', '', place))).toEqual(['maya']);
        expect(await bot.maya.typesInto(command, 'user', 'leo', place)).toEqual([]);
      });
      expect(calls).toEqual([]);
    }
  }
});

test('what is offered is an account’s id, so that a choice means that account even where names are alike', async () => {
  const bot = await startBot();
  const [choice] = await bot.gran.typesInto('/unlock', 'user', 'may');
  expect(choice?.value).toBe(bot.jellyfin.user('maya').Id);
});

test('nothing is offered to a member in a command that is not theirs beyond what they own anyway', async () => {
  const bot = await startBot();
  expect(await bot.maya.typesInto('/link', 'user', '')).toEqual([]);
  expect(await bot.maya.typesInto('/unlink', 'user', 'r')).toEqual([]);
});

test('nothing is offered when Discord cannot say who is typing, or to somebody who left', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const fault = bot.discord.faults.on({ method: 'GET', path: /\/members\//, status: 403, times: 5 });
  expect(await bot.gran.typesInto('/unlock', 'user', '', { in: 'dm' })).toEqual([]);
  fault.off();
  bot.maya.leaves();
  expect(await bot.maya.typesInto('/unlock', 'user', '', { in: 'dm' })).toEqual([]);
});

test('a new account and lost roles show within 30 seconds, and one look at Discord serves all keys until then', async () => {
  const bot = await startBot();
  const looks = () => bot.discord.requests.filter(({ path }) => path.endsWith(`/members/${bot.gran.id}`)).length;
  for (const typed of ['', 'm', 'ma']) await bot.gran.typesInto('/unlock', 'user', typed, { in: 'dm' });
  expect(looks()).toBe(1);
  bot.jellyfin.addUser('newcomer');
  bot.passes(30_001);
  expect(names(await bot.gran.typesInto('/unlock', 'user', 'new', { in: 'dm' }))).toEqual(['newcomer']);
  bot.gran.setRoles([]);
  bot.passes(30_001);
  expect(await bot.gran.typesInto('/unlock', 'user', '', { in: 'dm' })).toEqual([]);
  expect(looks()).toBe(3);
});

test('nothing is offered, and nothing breaks, while Jellyfin is down', async () => {
  const bot = await startBot();
  bot.passes(60_000);
  bot.jellyfin.faults.on({ status: 503, path: /^\/Users/ });
  expect(await bot.gran.typesInto('/unlock', 'user', 'm')).toEqual([]);
});
