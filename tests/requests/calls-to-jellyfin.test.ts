import { afterEach, describe, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { callsDuring } from '../support/traces.js';

afterEach(closeAll);

/** What the bot remembers of Jellyfin's accounts when somebody acts. */
const memories: readonly [string, (bot: BotHousehold) => unknown][] = [
  ['right after a start', (bot) => bot.restart()],
  ['with a list that is due to be asked for again', (bot) => bot.passes(15_000)],
  ['with a list that is too old', (bot) => bot.passes(60_000)],
];

/** A household whose Maya is locked out of her linked account; the id is what autocomplete fills in. */
async function lockedOut() {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.jellyfin.lock('maya');
  return { bot, user: bot.jellyfin.user('maya').Id };
}

/** The calls as method and path without id and query, which is all that a count that is too high needs to show. */
async function calls(bot: BotHousehold, act: () => Promise<unknown>): Promise<string[]> {
  const made = await callsDuring(bot, act);
  expect(bot.jellyfin.user('maya').Policy).toMatchObject({ IsDisabled: false, InvalidLoginAttemptCount: 0 });
  return made.map((call) => call.replace(/\?.*$/, '').replace(/[0-9a-f]{32}/, '{id}'));
}

const unlock = ['GET /Users/{id}', 'POST /Users/{id}/Policy', 'GET /Users/{id}'];
const reset = ['GET /Users/{id}', 'POST /Users/{id}/Policy', 'POST /Users/Password', 'GET /Users/{id}'];

describe.each(memories)('%s', (_when, remember) => {
  test('an unlock by a helper costs three calls', async () => {
    const { bot, user } = await lockedOut();
    await remember(bot);
    expect(await calls(bot, async () => (await bot.gran.types('/unlock', { user })).answer())).toEqual(unlock);
  });

  test('a reset by a helper costs five calls at most', async () => {
    const { bot, user } = await lockedOut();
    await remember(bot);
    const made = await calls(bot, async () => (await bot.gran.types('/resetpw', { user })).answer());
    expect(made.slice(-reset.length)).toEqual(reset);
    expect(made.slice(5)).toEqual([]);
  });

  test.each([
    ['unlock', '/unlock', unlock],
    ['reset', '/resetpw', reset],
  ] as const)('an approved %s costs what it is made of and no more', async (_kind, command, expected) => {
    const { bot } = await lockedOut();
    await (await bot.maya.types(command)).answer();
    await bot.dad.sees(/asks/);
    await remember(bot);
    const approve = async () => {
      await (await bot.dad.presses('Approve')).settled();
      await bot.dad.sees(/^Done/);
    };
    expect(await calls(bot, approve)).toEqual(expected);
  });
});
