import { afterEach, describe, expect, test } from 'vitest';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { type BotHousehold, type BotOptions, closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { changesPolicy, deletesAccount } from '../support/in-jellyfin.js';
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
  // What would help an owner of it takes an admin role.
  const refused = await (await bot.gran.types('/resetpw', { user: 'boss' })).answer();
  expect(refused.text).toMatch(
    /^│ That account is a Jellyfin administrator's\. Only a Discord admin who owns .* change it\.$/m,
  );
  expect(refused.text).not.toMatch(/Is it yours|rescue/);
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

test('a helper sees all of an administrator’s account that is their own, and whose requests wait for that account alone', async () => {
  const bot = await startBot({
    before: ({ jellyfin }) => {
      jellyfin.addUser('boss', { administrator: true, limit: 3 });
      jellyfin.addUser('kid');
    },
  });
  connect(bot, bot.gran, 'boss');
  const own = await (await bot.gran.types('/status', { user: 'boss' })).answer();
  expect(own.text).not.toMatch(/only admins see more/);
  expect(own.labels).toContain('My devices');
  const uncle = bot.discord.addPerson('Uncle');
  connect(bot, bot.maya, 'maya');
  connect(bot, uncle, 'kid');
  for (const who of [bot.maya, uncle]) await (await who.types('/resetpw')).answer();
  const card = await (await bot.gran.types('/status', { user: 'maya' })).answer();
  expect(card.text).toContain(bot.maya.mention);
  expect(card.text).not.toContain(uncle.mention);
});

test('the household’s state names who is over the limit, and has a button for them', async () => {
  const bot = await startBot();
  await changesPolicy(bot.jellyfin, 'maya', { LoginAttemptsBeforeLockout: 3, InvalidLoginAttemptCount: 3 });
  const household = await (await bot.gran.types('/status')).answer();
  expect(household.text).toMatch(/over the limit.*maya|maya.*over the limit/i);
  expect(household.labels).toContain('Unlock maya');
});

describe('a member who names an account', () => {
  test('as themselves means their own; somebody else’s mention is no name to ask by', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    expect((await (await bot.maya.types('/resetpw', { user: bot.maya.mention })).answer()).text).toMatch(
      /asked the admins for a new password for \*\*maya/,
    );
    const eve = bot.discord.addPerson('Eve');
    expect((await (await eve.types('/resetpw', { user: bot.maya.mention })).answer()).text).not.toMatch(/asked the/);
  });

  test('by its id means that one; a name that none of theirs has is not theirs, though one of theirs is deleted', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('kid') });
    for (const name of ['maya', 'kid']) await bot.links(bot.maya, name);
    const { Id: id } = bot.jellyfin.user('maya');
    const asked = await (await bot.maya.types('/resetpw', { user: id })).answer();
    expect(asked.text).toMatch(/asked the admins for a new password for \*\*maya/);
    await deletesAccount(bot.jellyfin, 'kid');
    const said = await (await bot.maya.types('/resetpw', { user: 'root' })).answer();
    expect(said.text).toMatch(/not one of your accounts/);
  });
});

describe('the admin channel, which helpers read, holds of an administrator’s account its name and what its owner said', () => {
  /** What would tell how it stands: times of locks, addresses, sign-ins, devices, what was typed wrong, what may be pressed. */
  const state =
    /<t:\d+:[Rf]|203\.0\.113|television|never locks|[Ll]ast seen|never seen|: \d of \d|Its owner|open ·|locked ·/;
  const only = "A Jellyfin administrator's account: only admins see more of it.";

  /** Maya owns `boss`, which somebody from outside has locked; Dad owns another administrator's account. */
  async function bossLocked(env: BotOptions['env'] = {}) {
    const bot = await startBot({
      env,
      before: ({ jellyfin }) => {
        for (const name of ['boss', 'chief'])
          jellyfin.addUser(name, { administrator: true, limit: 3, password: `${name}-1` });
      },
    });
    connect(bot, bot.maya, 'boss');
    connect(bot, bot.dad, 'chief');
    await bot.app.runJob('lockouts');
    await bot.jellyfin.signIn('boss', 'boss-1', { device: 'television' });
    await bot.jellyfin.lock('boss', '203.0.113.9');
    await bot.app.runJob('lockouts');
    return bot;
  }

  /** The card as everybody in the channel reads it, and what a helper and an admin read behind its one button. */
  async function behind(bot: BotHousehold, card: SeenMessage) {
    expect([card.text.replace(only, ''), card.labels]).toEqual([expect.not.stringMatching(state), ['Details']]);
    const helpers = await (await bot.gran.presses('Details', { on: card })).answer();
    expect([helpers.private, helpers.text.includes(only), helpers.labels]).toEqual([true, true, []]);
    expect(helpers.text).not.toMatch(state);
    const admins = await (await bot.dad.presses('Details', { on: card })).answer();
    expect(admins.private).toBe(true);
    return admins;
  }

  test('a lockout', async () => {
    const bot = await bossLocked();
    const card = await bot.dad.sees(/^boss is locked: too many wrong passwords\./, { in: bot.discord.adminChannelId });
    const admins = await behind(bot, card);
    expect(admins.text).toMatch(/locked <t:\d+:R>, from 203\.0\.113\.9/);
    await bot.dad.presses('Unlock', { on: admins });
    await bot.dad.sees(/boss\*\* is unlocked/);
    const over = await bot.dad.sees(/unlocked by/, { in: bot.discord.adminChannelId });
    expect(over.labels).toEqual([]);
  });

  test('an owner’s It wasn’t me', async () => {
    const bot = await bossLocked();
    await bot.maya.presses("It wasn't me");
    const card = await bot.dad.sees(/somebody else who typed wrong passwords for the Jellyfin account boss/);
    const admins = await behind(bot, card);
    expect(admins.text).toMatch(/from 203\.0\.113\.9[^]*Signed in at this moment[^]*television/);
    const asked = await (await bot.dad.presses('Sign out everywhere', { on: admins })).answer();
    await bot.dad.presses('Sign out everywhere', { on: asked });
    const over = await bot.dad.sees(/signed it out everywhere/, { in: bot.discord.adminChannelId });
    expect(over.labels).toEqual([]);
  });

  test('a request, waiting and failed', async () => {
    const bot = await bossLocked();
    await (await bot.maya.types('/unlock')).answer();
    const path = /^\/Users\/\w+\/Policy/;
    const mend = bot.jellyfin.faults.on({ method: 'POST', path, status: 403 });
    const asks = await bot.dad.sees(/asks to unlock boss/, { in: bot.discord.adminChannelId });
    const admins = await behind(bot, asks);
    expect(admins.text).toMatch(/locked · Wrong passwords: 3 of 3/);
    await bot.dad.presses('Approve', { on: admins });
    const failed = await bot.dad.sees(/request did not work/, { in: bot.discord.adminChannelId });
    mend();
    const again = await behind(bot, failed);
    expect(again.text).toMatch(/Jellyfin does not let me do that/);
    await bot.dad.presses('Try again', { on: again });
    const done = await bot.dad.sees(/Done: boss is unlocked/, { in: bot.discord.adminChannelId });
    expect(done.labels).toEqual([]);
  });

  test('and everything, with its one tap, where nobody is a helper', async () => {
    const bot = await bossLocked({ DISCORD_HELPER_ROLE_IDS: '' });
    const card = await bot.dad.sees(/^boss is locked.*203\.0\.113\.9/, { in: bot.discord.adminChannelId });
    expect(card.labels).toEqual(['Unlock']);
    await bot.maya.presses("It wasn't me");
    const denied = await bot.dad.sees(/somebody else who typed wrong passwords/);
    expect([denied.text, denied.labels]).toEqual([expect.stringMatching(/television/), ['Sign out everywhere']]);
    await (await bot.maya.types('/unlock')).answer();
    const asks = await bot.dad.sees(/asks to unlock boss/, { in: bot.discord.adminChannelId });
    expect([asks.text, asks.labels]).toEqual([expect.stringMatching(/: 3 of 3/), ['Approve', 'Deny']]);
    await bot.dad.presses('Approve', { on: asks });
    await bot.dad.sees(/Done: boss is unlocked/, { in: bot.discord.adminChannelId });
  });
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
