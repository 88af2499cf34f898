import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { auditLines, callsDuring, changes } from '../support/traces.js';

afterEach(closeAll);

const links = (bot: BotHousehold) => withDatabase(bot.database, (db) => db.prepare('SELECT * FROM links').all());
const leftWord = /has left the server, so nothing was done and the request is over/;

test('who has left since they asked is linked to nothing, and nothing is done; the request is over', async () => {
  const bot = await startBot();
  await bot.jellyfin.lock('maya');
  await bot.maya.types('/unlock', { user: 'maya' });
  const card = await bot.dad.sees(/asks to unlock maya/);
  bot.maya.leaves();
  const calls = await callsDuring(bot, async () => {
    expect((await (await bot.dad.presses('Approve and link', { on: card })).answer()).text).toMatch(leftWord);
  });
  expect(changes(calls)).toEqual([]);
  expect(links(bot)).toEqual([]);
  expect((await bot.dad.sees(/taken back/)).labels).toEqual([]);
  expect(auditLines(bot)).toEqual(['Maya ask unlock asked', 'latchkey cancel done', 'Dad requests approve memberLeft']);
});

test('nor by the account that is picked for somebody who asked to be linked; nor is an owner’s account unlocked', async () => {
  const bot = await startBot();
  const leo = bot.discord.addPerson('Leo');
  bot.jellyfin.addUser('kid');
  await bot.links(leo, 'maya');
  await bot.jellyfin.lock('maya');
  await bot.maya.types('/status');
  await bot.maya.presses('Ask an admin to link me');
  const link = await bot.dad.sees(/asks to be linked/);
  await leo.types('/unlock');
  const unlock = await bot.dad.sees(/asks to unlock maya/);
  bot.maya.leaves();
  leo.leaves();
  expect((await (await bot.dad.selects('Approve: pick their account', 'kid', { on: link })).answer()).text).toMatch(
    leftWord,
  );
  expect((await (await bot.gran.presses('Approve', { on: unlock })).answer()).text).toMatch(leftWord);
  expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
  expect(links(bot)).toHaveLength(1);
});
