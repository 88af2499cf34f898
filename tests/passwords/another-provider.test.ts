import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { callsDuring, changes } from '../support/traces.js';

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
