import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { passwordIn } from '../support/traces.js';
import { isGiven } from '../support/two-owners.js';

afterEach(closeAll);

test('a helper sees an administrator’s account by its name only, and no button that would refuse them', async () => {
  const bot = await startBot({
    before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true, limit: 3, password: 'boss-1' }),
  });
  connect(bot, bot.dad, 'boss');
  await (await bot.dad.types('/resetpw')).answer();
  await bot.dad.sees(/Your new password for/, { in: 'dm' });
  await bot.jellyfin.lock('boss');
  const card = await (await bot.gran.types('/status', { user: 'boss' })).answer();
  expect(card.lines.filter((line) => line.startsWith('│'))).toEqual([
    '│ ### boss',
    "│ A Jellyfin administrator's account: only admins see more of it.",
  ]);
  const household = await (await bot.gran.types('/status')).answer();
  expect(household.text).toMatch(/1 locked account.* boss/);
  expect(household.text).not.toMatch(/Temporary passwords/);
  expect(household.labels).not.toContain('Unlock boss');
  const admins = await (await bot.dad.types('/status')).answer();
  expect([admins.text, admins.labels]).toEqual([
    expect.stringMatching(/Temporary passwords[^]*boss/),
    expect.arrayContaining(['Unlock boss']),
  ]);
});

test('the card of a request for an administrator’s account, which helpers read, says nothing of its sign-ins', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true }) });
  connect(bot, bot.maya, 'boss');
  await (await bot.maya.types('/resetpw')).answer();
  const card = await bot.dad.sees(/asks for a new password for boss/, { in: bot.discord.adminChannelId });
  expect(card.text).not.toMatch(/never locks|Wrong passwords|[Ss]een/);
});

test('a helper reads that an admin decides where they cannot, and an admin where to approve what has no button here', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/resetpw', { user: 'root' })).answer();
  await bot.dad.sees(/asks for a new password for root/);
  const helpers = await (await bot.gran.types('/requests')).answer();
  expect([helpers.text, helpers.labels]).toEqual([expect.stringMatching(/An admin decides about this/), []]);
  const admins = await (await bot.dad.types('/requests')).answer();
  expect([admins.text, admins.labels]).toEqual([
    expect.stringMatching(/choose the account on its card in <#\d+>/),
    ['Deny'],
  ]);
});

test('/status names a temporary password that waits in the direct messages, until it is used', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const password = passwordIn((await isGiven(bot, bot.maya)).text);
  const status = async () => (await (await bot.maya.types('/status')).answer()).text;
  expect(await status()).toMatch(/A temporary password waits for you\*\* in our direct messages/);
  expect((await bot.jellyfin.signIn('maya', password)).status).toBe(200);
  await bot.app.runJob('upkeep');
  expect(await status()).not.toMatch(/temporary password waits/);
});

test('/rescue of an ordinary account says what helps it, to whoever owns an administrator’s', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true }) });
  connect(bot, bot.dad, 'boss');
  const said = await (await bot.dad.types('/rescue', { user: 'maya' })).answer();
  expect(said.text).toMatch(/That is not an administrator's account: use <\/unlock:\d+> or <\/resetpw:\d+> for it/);
});
