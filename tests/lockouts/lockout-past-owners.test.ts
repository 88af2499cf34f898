import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { auditLines } from '../support/traces.js';

afterEach(closeAll);

const neutral = 'This was about a Jellyfin account that you are not linked to any more.';

/** Maya was told that her account is locked; then an admin found that it is not hers. */
async function unlinkedAfterTheWord(before: (bot: BotHousehold) => unknown = () => undefined) {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('lockouts');
  const mark = bot.maya.directMessages()[0]?.buttons.at(-1)?.customId ?? '';
  before(bot);
  await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
  return { bot, mark };
}

const words = ({ maya }: BotHousehold) => maya.directMessages().map(({ text, labels }) => [text, labels]);

test('who is not linked any more has the word about the account taken back at once, and reads nothing more of it', async () => {
  const { bot } = await unlinkedAfterTheWord();
  await bot.maya.sees(/not linked to any more/, { in: 'dm' });
  expect(words(bot)).toEqual([[neutral, []]]);
  await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
  await bot.app.runJob('lockouts');
  expect(words(bot)).toEqual([[neutral, []]]);
});

test('It wasn’t me, pressed where it still stands, is refused: the admins hear nothing, and it is audited', async () => {
  const { bot, mark } = await unlinkedAfterTheWord();
  expect((await (await bot.maya.pressesRaw(mark)).answer()).text).toMatch(/not one of your accounts/);
  await bot.app.runJob('lockouts');
  const said = bot.discord.messagesIn(bot.discord.adminChannelId);
  expect(said.filter(({ text }) => /somebody else who typed/.test(text))).toEqual([]);
  expect(auditLines(bot).at(-1)).toBe('Maya status not-me accountNotYours');
});

test('a bot that was stopped right after the unlink takes it back at its next round', async () => {
  const isEdit = { method: 'PATCH', path: /^\/channels\/\d+\/messages\/\d+$/ };
  const { bot } = await unlinkedAfterTheWord(({ discord }) =>
    discord.faults.on({ ...isEdit, cut: 'before', times: 5 }),
  );
  await bot.restart();
  bot.discord.faults.clear();
  await bot.app.runJob('lockouts');
  await bot.app.runJob('lockouts');
  await bot.maya.sees(/not linked to any more/, { in: 'dm' });
});
