import { afterEach, expect, test } from 'vitest';
import { closeAll, startBot } from '../support/bot.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { auditLines, callsDuring, changes } from '../support/traces.js';

afterEach(closeAll);

/** What checks the password instead of Jellyfin; as far as the server's answers go, it took every new one. */
const single = { AuthenticationProviderId: 'Jellyfin.Plugin.SSO_Auth.Api.SSOController' };
const elsewhere = /password is not checked by Jellyfin itself/;

test('a member whose password is checked elsewhere is told so, and nobody is asked', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await changesPolicy(bot.jellyfin, 'maya', single);
  const calls = await callsDuring(bot, async () => {
    expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(elsewhere);
  });
  expect(changes(calls)).toEqual([]);
  const unlock = await (await bot.maya.types('/unlock')).answer();
  expect(unlock.text).toMatch(elsewhere);
  expect(unlock.text).not.toMatch(/it is the password/);
  expect(unlock.labels).toEqual([]);
  expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
});

test('so is the owner of a locked account, and one who may unlock it themselves', async () => {
  const bot = await startBot({ env: { SELF_UNLOCK: 'allow' } });
  await bot.links(bot.maya, 'maya');
  await changesPolicy(bot.jellyfin, 'maya', single);
  expect((await (await bot.maya.types('/unlock')).answer()).text).toMatch(elsewhere);
  await bot.jellyfin.lock('maya');
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(elsewhere);
  expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
});

test.each(['by its name', 'by a choice on the card'])(
  'nobody is linked to such an account to get a password for it, %s',
  async (how) => {
    const bot = await startBot();
    await changesPolicy(bot.jellyfin, 'maya', single);
    await (await bot.maya.types('/resetpw', { user: how === 'by its name' ? 'maya' : 'mine' })).answer();
    const card = await bot.dad.sees(/and is not linked to it yet/);
    const decided =
      how === 'by its name'
        ? await bot.dad.presses('Approve and link', { on: card })
        : await bot.dad.selects('Approve: pick their account', 'maya');
    expect((await decided.answer()).text).toMatch(elsewhere);
    expect(auditLines(bot).filter((line) => /link done/.test(line))).toEqual([]);
  },
);

test('a helper is told so, and no password is set', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await changesPolicy(bot.jellyfin, 'maya', single);
  const calls = await callsDuring(bot, async () => {
    expect((await (await bot.gran.types('/resetpw', { user: 'maya' })).answer()).text).toMatch(elsewhere);
    const unlock = await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
    expect(unlock.text).toMatch(/is not locked\. Its password is checked by SSOController, not by Jellyfin/);
    expect((await (await bot.gran.types('/status', { user: 'maya' })).answer()).labels).toEqual(['Devices']);
  });
  expect(changes(calls)).toEqual([]);
});

test('of a request that waited while the account was moved there, nobody reads a password', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await (await bot.maya.types('/resetpw')).answer();
  await changesPolicy(bot.jellyfin, 'maya', single);
  await bot.dad.presses('Approve');
  const card = await bot.dad.sees(elsewhere);
  expect(card.labels).toEqual(['Try again']);
  await bot.maya.sees(elsewhere, { in: 'dm' });
  expect(bot.maya.directMessages().some(({ text }) => text.includes('||'))).toBe(false);
});
