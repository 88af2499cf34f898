import { afterEach, expect, test } from '@jest/globals';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll, startBot, type BotHousehold, type BotOptions } from '../support/bot.js';
import { auditLines, callsDuring, changes } from '../support/traces.js';
import { connect } from '../support/connect.js';

afterEach(closeAll);

const hourMs = 3_600_000;
const cards = (bot: BotHousehold) => bot.discord.messagesIn(bot.discord.adminChannelId);

async function lockedOut(options: BotOptions = {}) {
  const bot = await startBot({ ...options, env: { SELF_UNLOCK: 'allow', ...options.env } });
  await bot.links(bot.maya, 'maya');
  await bot.jellyfin.lock('maya');
  return bot;
}

async function unlocks(bot: BotHousehold) {
  const said = await (await bot.maya.types('/unlock')).answer();
  return said.text;
}

test('an owner unlocks their own account at once; the admins see one card that calls nobody', async () => {
  const bot = await lockedOut();
  expect(await unlocks(bot)).toMatch(/\*\*maya\*\* is unlocked: sign in with your usual password/);
  expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
  const card = await bot.dad.sees(/ unlocked maya themselves/, { in: bot.discord.adminChannelId });
  expect(card.content).toBe(`${bot.maya.mention} unlocked maya themselves.`);
  expect(card.pings).toMatchObject({ roles: [], users: [] });
  expect(card.labels).toEqual([]);
  await bot.app.runJob('upkeep');
  await bot.restart();
  await bot.app.runJob('upkeep');
  expect(cards(bot)).toHaveLength(1);
  expect(bot.maya.directMessages()).toEqual([]);
  expect(auditLines(bot).slice(-2)).toEqual(['Maya self unlock begun', 'Maya unlock done']);
});

test('/status says Unlock, not Ask for unlock, and the button does it', async () => {
  const bot = await lockedOut();
  const said = await (await bot.maya.types('/status')).answer();
  expect(said.labels).toEqual(['Unlock', 'Reset my password']);
  expect((await (await bot.maya.presses('Unlock')).answer()).text).toMatch(/is unlocked/);
});

test('after it the device can be signed in by a code; the word about the lockout and /signin say Unlock, too', async () => {
  const bot = await startBot({ env: { SELF_UNLOCK: 'allow' } });
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('lockouts');
  const [word] = bot.maya.directMessages();
  expect(word?.labels).toEqual(['Unlock', 'Reset my password', "It wasn't me"]);
  expect(word?.text).toMatch(/Press \*Unlock\* if you know/);
  expect((await (await bot.maya.types('/signin', { code: '123456' })).answer()).labels).toEqual(['Unlock']);
  const said = await (await bot.maya.types('/unlock')).answer();
  expect(said.labels).toEqual(['Sign in with a code', 'Reset my password']);
});

test.each([
  ['well', undefined, /maya is unlocked/],
  ['badly', 403, /could not be unlocked|does not let me/],
])(
  'whose answer is lost, and which ended %s, is told in a direct message, once',
  async (_how, status, told) => {
    const bot = await lockedOut();
    if (status !== undefined) bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status });
    const lost = bot.discord.faults.on({ method: 'PATCH', path: /webhooks/, status: 500, times: 99 });
    await bot.maya.types('/unlock');
    await bot.maya.sees(told, { in: 'dm' });
    lost.off();
    await bot.app.runJob('upkeep');
    await bot.restart();
    await bot.app.runJob('upkeep');
    expect(bot.maya.directMessages()).toHaveLength(1);
  },
  40_000,
);

test('the fourth time within a day is an ordinary request, which says when one can do it again; restarts do not help', async () => {
  const bot = await lockedOut();
  for (let n = 0; n < 3; n += 1) {
    expect(await unlocks(bot)).toMatch(/is unlocked/);
    bot.passes(2 * hourMs);
    await bot.jellyfin.lock('maya');
  }
  await bot.restart();
  expect((await (await bot.maya.types('/status')).answer()).labels).toContain('Ask for unlock');
  const said = await unlocks(bot);
  expect(said).toMatch(/unlocked that way 3 times within a day, so an admin has to look at it.*<t:\d+:R>/);
  expect(said).toMatch(/asked the admins to unlock/);
  expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
  const card = await bot.dad.sees(/asks to unlock maya/, { in: bot.discord.adminChannelId });
  expect(card.labels).toEqual(['Approve', 'Deny']);
  const at = Number(/<t:(\d+):R>/.exec(said)?.[1]) * 1000;
  // Six hours went by since the first; so that one falls out of the day in eighteen.
  expect(Math.abs(at - (Date.now() + 24 * hourMs))).toBeLessThan(60_000);
  bot.passes(18 * hourMs + 60_000);
  expect(await unlocks(bot)).toMatch(/is unlocked/);
  // The card follows when the answer is there.
  await bot.app.runJob('upkeep');
  expect(cards(bot).filter(({ labels }) => labels.includes('Approve'))).toEqual([]);
});

test('the limit is the account’s, whichever owner unlocks it, and one owner’s unlock answers what the other asked', async () => {
  const bot = await lockedOut();
  const uncle = bot.discord.addPerson('Uncle');
  await bot.links(uncle, 'maya');
  for (let n = 0; n < 3; n += 1) {
    await unlocks(bot);
    await bot.jellyfin.lock('maya');
  }
  const asked = await (await uncle.types('/unlock')).answer();
  expect(asked.text).toMatch(/an admin has to look at it/);
  bot.passes(24 * hourMs - 60_000);
  await bot.app.runJob('upkeep');
  bot.passes(60_001);
  expect(await unlocks(bot)).toMatch(/is unlocked/);
});

test('an account that was switched off is never switched on', async () => {
  const bot = await startBot({
    env: { SELF_UNLOCK: 'allow' },
    before: ({ jellyfin }) => void jellyfin.addUser('leo', { password: 'x', disabled: true, limit: 3 }),
  });
  await bot.links(bot.maya, 'leo');
  const calls = await callsDuring(bot, async () => expect(await unlocks(bot)).toMatch(/switched off by an admin/));
  expect(changes(calls)).toEqual([]);
});

test('an administrator’s account is asked for, by a member and by a helper; an admin unlocks their own as ever', async () => {
  const bot = await startBot({
    env: { SELF_UNLOCK: 'allow' },
    before: ({ jellyfin }) => void jellyfin.addUser('boss', { password: 'x', administrator: true, limit: 3 }),
  });
  for (const person of [bot.maya, bot.gran, bot.dad]) connect(bot, person, 'boss');
  await bot.jellyfin.lock('boss');
  for (const person of [bot.maya, bot.gran]) {
    expect((await (await person.types('/unlock', { user: 'boss' })).answer()).text).toMatch(/asked the admins/);
  }
  expect(bot.jellyfin.user('boss').Policy.IsDisabled).toBe(true);
  expect((await (await bot.dad.types('/unlock', { user: 'boss' })).answer()).text).toMatch(/is unlocked/);
});

test('an account that is not theirs, or not linked any more, is not touched', async () => {
  const bot = await lockedOut();
  const uncle = bot.discord.addPerson('Uncle');
  const user = bot.jellyfin.user('maya').Id;
  const calls = await callsDuring(bot, async () => {
    const said = await (await uncle.pressesRaw(`unlock:ask:${user}`)).answer();
    expect(said.text).toMatch(/not one of your accounts/);
  });
  expect(calls).toEqual([]);
});

test('a Jellyfin that fails in the middle: the member hears why, and an admin can try again', async () => {
  const bot = await lockedOut();
  const mend = bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 403 });
  expect(await unlocks(bot)).toMatch(/does not let me/);
  mend();
  const card = await bot.dad.sees(/tried to unlock maya themselves, and it did not work/, {
    in: bot.discord.adminChannelId,
  });
  expect(card.pings.roles).toEqual([]);
  await bot.gran.presses('Try again');
  await bot.maya.sees(/is unlocked/, { in: 'dm' });
});

test('what was asked for before it was allowed is done at the next try; ask stays the default', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.jellyfin.lock('maya');
  expect(await unlocks(bot)).toMatch(/asked the admins/);
  expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
});
