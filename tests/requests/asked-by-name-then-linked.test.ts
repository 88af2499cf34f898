import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { codeIn, confirms } from '../support/quick-connect.js';
import { auditLines } from '../support/traces.js';
import { mayasPassword } from '../../sandbox/household.js';

afterEach(closeAll);

/** Maya's unlock by name was approved, which linked her, and then failed at the server. */
async function approvedAndFailed() {
  const bot = await startBot({ before: ({ jellyfin }) => jellyfin.lock('maya').then(() => undefined) });
  await (await bot.maya.types('/unlock', { user: 'maya' })).answer();
  await bot.dad.sees(/asks to unlock maya/);
  const off = bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 403, body: '' });
  await bot.dad.presses('Approve and link');
  const card = await bot.dad.sees(/request did not work/);
  off();
  await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
  return { bot, card };
}

const unlinks = async (bot: BotHousehold) =>
  (await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer()).text;

test('Try again does what was asked, and makes no link that was taken away since', async () => {
  const { bot, card } = await approvedAndFailed();
  expect(await unlinks(bot)).toMatch(/not linked to \*\*maya\*\* any more/);
  const words = bot.maya.directMessages().length;
  const said = await (await bot.dad.presses('Try again', { on: card })).answer();
  expect(said.text).toMatch(/not linked to this member any more/);
  expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/do not know yet which/);
  expect(bot.maya.directMessages()).toHaveLength(words);
});

test('Try again carries it out where the link still stands', async () => {
  const { bot, card } = await approvedAndFailed();
  await bot.dad.presses('Try again', { on: card });
  await bot.maya.sees(/account maya is unlocked/, { in: 'dm' });
  expect(auditLines(bot).filter((line) => line.includes(' link '))).toEqual(['Dad link done']);
});

test('a request by name goes on as an ordinary one when its asker proves the account', async () => {
  const bot = await startBot({ overrides: { proofPollMs: 20 } });
  const { token = '' } = await bot.jellyfin.signIn('maya', mayasPassword, { device: 'phone' });
  await (await bot.maya.types('/resetpw', { user: 'MAYA' })).answer();
  await bot.dad.sees(/asks for a new password for MAYA, and is not linked to it yet/);
  await confirms(bot.jellyfin, token, codeIn((await (await bot.maya.types('/link')).answer()).text));
  await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
  const card = await bot.dad.sees(/asks for a new password for maya\./);
  expect(card.labels).toEqual(['Approve', 'Deny']);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/new password for maya/);
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/still waiting/);
  await bot.gran.presses('Approve', { on: card });
  await bot.maya.sees(/tap the line above/, { in: 'dm' });
});

test('so it does when an admin links them; whoever has the older card before them may still press it', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/resetpw', { user: 'maya' })).answer();
  const older = await bot.dad.sees(/and is not linked to it yet/);
  await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
  await bot.dad.sees(/asks for a new password for maya\./);
  await bot.dad.pressesRaw('requests:approve:1', { message: older });
  await bot.dad.sees(/has a new password for maya/);
  expect(auditLines(bot)).toEqual(['Maya ask reset asked', 'Dad link done', 'Dad approve done', 'Dad reset done']);
});

test('one that names something else waits on, and cannot become a second request for the same account', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('kim') });
  await (await bot.maya.types('/resetpw', { user: 'mya' })).answer();
  const first = await bot.dad.sees(/asks for a new password for mya, and/);
  await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
  await (await bot.maya.types('/resetpw')).answer();
  await bot.dad.sees(/asks for a new password for maya\./);
  const picked = await (await bot.dad.selects('Approve: pick their account', 'maya', { on: first })).answer();
  expect(picked.text).toMatch(/They have asked again since: decide on the newer card/);
});
