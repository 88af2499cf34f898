import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';

afterEach(closeAll);

const asks = /when there is an answer to what you asked for/;
const pins = /somebody asks for a PIN/;
const lockouts = /gets? locked after too many wrong passwords/;

/** Maya is linked by an admin; her greeting, which is the newest message she has. */
async function greeted(bot: BotHousehold, account = 'maya') {
  await (await bot.dad.types('/link', { member: bot.maya, user: account })).answer();
  const said = await bot.maya.sees(new RegExp(`You are linked to .*${account}`), { in: 'dm' });
  expect(said.text).toMatch(asks);
  return said;
}

const withFolder = (env: Record<string, string>) =>
  startBot({ env, before: ({ jellyfin }) => void (env.JELLYFIN_SERVER_DIR = jellyfin.serverDir) });

test('a greeting promises PINs and lockouts where the bot sees both', async () => {
  const { text, labels } = await greeted(await withFolder({}));
  expect([pins.test(text), lockouts.test(text), labels]).toEqual([true, true, ['Not these']]);
});

test('no PINs where the bot sees no folder to find them in', async () => {
  const { text, labels } = await greeted(await startBot());
  expect([pins.test(text), lockouts.test(text), labels]).toEqual([false, true, ['Not these']]);
});

test('no lockouts where nobody is told of them, and its button shows the account', async () => {
  const bot = await withFolder({ WATCH_LOCKOUTS: 'off' });
  const { text, labels } = await greeted(bot);
  expect([pins.test(text), lockouts.test(text), labels]).toEqual([true, false, ['Show my account']]);
  expect((await (await bot.maya.presses('Show my account')).answer()).text).toMatch(/maya/);
  const other = await startBot({ env: { WATCH_LOCKOUTS: 'off' } });
  const least = await greeted(other);
  expect([pins.test(least.text), lockouts.test(least.text)]).toEqual([false, false]);
});

test('no lockouts to somebody who said no to them for another account, and they can be had back', async () => {
  const bot = await startBot();
  bot.jellyfin.addUser('cinema');
  await greeted(bot);
  await bot.maya.presses('Not these');
  await bot.maya.sees(/All right: I do not write to you about lockouts/, { in: 'dm' });
  const { text, labels } = await greeted(bot, 'cinema');
  expect(lockouts.test(text)).toBe(false);
  expect(text).toMatch(/About lockouts I do not write, as you told me before/);
  expect(labels).toEqual(['Write to me after all']);
  await bot.maya.presses('Write to me after all');
  await bot.maya.sees(lockouts, { in: 'dm' });
});

test('nor does the word about a request to be linked, which greets, too', async () => {
  const bot = await startBot({ env: { WATCH_LOCKOUTS: 'off' } });
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin to link me');
  await bot.dad.selects('Approve: pick their account', 'maya');
  const { text, labels } = await bot.maya.sees(/You are linked/, { in: 'dm' });
  expect([asks.test(text), lockouts.test(text), labels]).toEqual([true, false, ['Show my account']]);
});
