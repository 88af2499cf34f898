import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Household } from '../../sandbox/household.js';
import { lockRepair } from '../../src/repair/lock.js';
import { closeAll } from '../support/bot.js';
import { auditLines } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { asksForRescue, cardOf, forgotten, rescueHouse, type RescueHouse } from './rescue-house.js';

afterEach(closeAll);

const backIn = /You are back in/;

test('names and folders that look like markdown, mentions or commands act as nothing, and are read as they are', async () => {
  const name = "@everyone **x** `rm` {{ name }} $t(y) <@1> 'q'";
  const bot = await rescueHouse({
    knowsFolder: true,
    before: ({ jellyfin }) => void jellyfin.addUser(name, { administrator: true, password: 'x', limit: 3 }),
  });
  await asksForRescue(bot, name);
  const card = cardOf(bot.dad);
  expect(card.text).toContain("**\\@everyone \\*\\*x\\*\\* \\`rm\\` {{ name }} $t(y) \\<\\@1\\> 'q'**");
  // What cannot stand in a code block is left for the person to fill in.
  expect(card.text).toContain('latchkey rescue NAME --server-is-stopped');
  expect(card.pings).toEqual({ everyone: false, roles: [], users: [] });
  await bot.dad.presses('Start');
  await bot.dad.sees(backIn, { in: 'dm' });
});

test('the line for the server is quoted for its shell', async () => {
  const name = "Mum & Dad's $(pc)";
  const bot = await rescueHouse({
    knowsFolder: true,
    before: ({ jellyfin }) => void jellyfin.addUser(name, { administrator: true, password: 'x', limit: 3 }),
  });
  await asksForRescue(bot, name);
  expect(cardOf(bot.dad).text).toContain(`rescue 'Mum & Dad'\\''s $(pc)' --server-is-stopped`);
});

describe('a PIN for another account that has the name by now', () => {
  /** Aunt's account was called chief when it was linked; by now somebody else's is. */
  async function startsWithAnOldName(version: string) {
    const bot = await rescueHouse({ knowsFolder: true, version });
    bot.jellyfin.addUser('chief', { administrator: true, password: 'chiefs-own', limit: 3 });
    const aunt = bot.discord.addPerson('Aunt', { roles: [bot.discord.roles['admin'] ?? ''] });
    connect(bot, aunt, 'chief', bot.jellyfin.user('boss').Id);
    bot.jellyfin.revokeKey();
    await asksForRescue(bot, undefined, aunt);
    await aunt.presses('Start');
    const word = await aunt.sees(/That did not work\./, { in: 'dm' });
    expect(aunt.directMessages().some(({ text }) => text.includes('||'))).toBe(false);
    const { status } = await bot.jellyfin.signIn('chief', 'chiefs-own');
    return { text: word.text, isLeftAlone: status === 200 };
  }

  test('is left alone in 10.10, whose file says whose it is', async () => {
    const { text, isLeftAlone } = await startsWithAnOldName('10.10.7');
    expect(isLeftAlone).toBe(true);
    expect(text).toMatch(/The PIN file that appeared is for another account, so I left it alone/);
    expect(text).not.toMatch(/is the password/);
  });

  test('is handed to nobody from 10.11 on, and whose password it has become by then is said', async () => {
    const { text, isLeftAlone } = await startsWithAnOldName('10.11.11');
    expect(isLeftAlone).toBe(false);
    expect(text).toMatch(/The PIN was that of another account, which is called chief now/);
    expect(text).toMatch(/a PIN that nobody was shown is the password of chief now.*owner gets a new one with Forgot/);
    expect(text).not.toMatch(/left it alone|Run this again/);
  });
});

test('an ordinary account, which only the PIN shows to be one: no password, no other way, and what its password is', async () => {
  const bot = await rescueHouse({ knowsFolder: true });
  const aunt = bot.discord.addPerson('Aunt', { roles: [bot.discord.roles['admin'] ?? ''] });
  connect(bot, aunt, 'maya');
  bot.jellyfin.revokeKey();
  await asksForRescue(bot, undefined, aunt);
  await aunt.presses('Start');
  const word = await aunt.sees(/That did not work\. That is not an administrator's account/, { in: 'dm' });
  expect(word.text).toMatch(/a PIN that nobody was shown is the password of maya now/);
  expect(word.text).not.toMatch(/Run this again/);
  expect(aunt.directMessages().some(({ text }) => text.includes('||'))).toBe(false);
});

describe('what stands in the way of a password is seen before the old one is lost to a PIN:', () => {
  const keepsPassword = async (bot: RescueHouse) => {
    expect(bot.jellyfin.calls.filter(({ path }) => path.endsWith('/Pin'))).toEqual([]);
    expect((await bot.jellyfin.signIn('boss', forgotten)).status).toBe(200);
  };

  test('another password that is about to be shown', async () => {
    const bot = await rescueHouse({ knowsFolder: true });
    bot.dad.closesDms();
    await (await bot.dad.types('/resetpw', { user: 'boss' })).answer();
    bot.dad.opensDms();
    bot.jellyfin.revokeKey();
    await asksForRescue(bot);
    await bot.dad.presses('Start');
    await bot.dad.sees(/That did not work\. A new password for this account is on its way/, { in: 'dm' });
    await keepsPassword(bot);
  });

  test('direct messages that are closed by now', async () => {
    const bot = await rescueHouse({ knowsFolder: true });
    bot.jellyfin.revokeKey();
    await asksForRescue(bot);
    const asking = bot.jellyfin.faults.hold({ path: /ForgotPassword$/ });
    await bot.dad.presses('Start');
    await asking.arrived;
    bot.dad.closesDms();
    asking.release();
    const step = 'Dad rescue step passwordNotShown';
    await bot.discord.until(() => auditLines(bot).includes(step) || undefined, 'the step has failed');
    await keepsPassword(bot);
  });
});

test('a no to the restart restarts nothing, and is not told as what Jellyfin would not do', async () => {
  const bot = await rescueHouse({ knowsFolder: true, version: '10.11.8' });
  await bot.jellyfin.lock('boss');
  bot.jellyfin.revokeKey();
  await asksForRescue(bot);
  await bot.dad.presses('Start');
  await bot.dad.sees(/Shall I try the next way: Restart\?/, { in: 'dm' });
  await bot.dad.presses('Next way');
  await bot.dad.sees(/ends everything that is being played\. Restart it now\?/, { in: 'dm' });
  await bot.dad.presses('No');
  const word = await bot.dad.sees(/That did not work\./, { in: 'dm' });
  expect(word.text).toMatch(/did not restart Jellyfin, as nobody said yes to that/);
  expect(word.text).not.toMatch(/did not let me/);
  expect(bot.jellyfin.calls.filter(({ path }) => path === '/System/Restart')).toEqual([]);
});

describe('a card', () => {
  test('that was deleted is sent again', async () => {
    const bot = await rescueHouse();
    const first = await asksForRescue(bot);
    bot.discord.world.messages.set(
      first.channelId,
      bot.discord.world.messagesIn(first.channelId).filter(({ id }) => id !== first.id),
    );
    await bot.dad.pressesRaw(first.buttons[0]?.customId ?? '', { in: 'dm' });
    await bot.dad.sees(backIn, { in: 'dm' });
    await bot.dad.sees(/Rescue of boss: over/, { in: 'dm' });
  });

  test('that Discord does not let be edited any more (30046) goes on in another one', async () => {
    const bot = await rescueHouse();
    const first = await asksForRescue(bot);
    bot.discord.faults.on({
      method: 'PATCH',
      path: new RegExp(`/messages/${first.id}$`),
      status: 400,
      body: { code: 30046, message: 'Maximum number of edits to messages older than 1 hour reached.' },
    });
    await bot.dad.presses('Start');
    await bot.dad.sees(backIn, { in: 'dm' });
    const card = await bot.dad.sees(/Rescue of boss: over/, { in: 'dm' });
    expect(card.id).not.toBe(first.id);
  });

  test('is edited no more often than Discord likes, however much happens', async () => {
    const bot = await rescueHouse({ overrides: { rescueEditEveryMs: 300 } });
    const first = await asksForRescue(bot);
    await bot.dad.presses('Start');
    await bot.dad.sees(/Rescue of boss: over/, { in: 'dm' });
    const edits = bot.discord.requests.filter(
      ({ method, path }) => method === 'PATCH' && path.endsWith(`/messages/${first.id}`),
    );
    // The plan, and the end.
    expect(edits.length).toBeLessThanOrEqual(3);
  });
});

describe('a repair of jellyfin.db that was begun on the command line', () => {
  const record = { version: 1, account: { name: 'boss' }, startedAt: 1, stage: 'stopped' };
  const leaves = (stoppedByUs: boolean) => (household: Household) => {
    mkdirSync(join(household.jellyfin.serverDir, 'data'), { recursive: true });
    writeFileSync(`${household.jellyfin.dbPath}.latchkey.json`, JSON.stringify({ ...record, stoppedByUs }));
  };
  const logged = /it may still be stopped/;
  const stopped = { JELLYFIN_URL: 'http://127.0.0.1:1' };

  test('and left the server stopped: the admins are told, and nothing is done', async () => {
    const bot = await rescueHouse({ knowsFolder: true, before: leaves(true), env: stopped });
    const word = await bot.dad.sees(/Jellyfin may still be stopped/, { in: bot.discord.adminChannelId });
    expect(word.text).toMatch(/on the command line.*rescue that account once more, or start Jellyfin/);
    expect(bot.logged.join('')).toMatch(logged);
    expect(bot.dad.directMessages()).toEqual([]);
  });

  test('and left it stopped, but somebody has started it since: nobody is told anything', async () => {
    const bot = await rescueHouse({ knowsFolder: true, before: leaves(true) });
    await bot.app.stop();
    expect(bot.logged.join('')).not.toMatch(logged);
    expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
  });

  test('and is at work, or has stopped nothing: nobody is told anything', async () => {
    const bot = await rescueHouse({ knowsFolder: true, before: leaves(false), env: stopped });
    await bot.app.stop();
    const lock = lockRepair({ path: bot.jellyfin.dbPath, uid: 0, gid: 0 } as Parameters<typeof lockRepair>[0]);
    leaves(true)(bot);
    await bot.restart();
    await bot.app.stop();
    lock.release();
    expect(bot.logged.join('')).not.toMatch(logged);
    expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
  });
});
