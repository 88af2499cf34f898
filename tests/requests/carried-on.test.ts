import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Person } from '../../sandbox/discord/index.js';
import { letsIn } from '../passes/passes-house.js';
import { asksForRescue, rescueHouse } from '../rescue/rescue-house.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { comesBack, leavesForAnother } from '../support/leaves.js';
import { asks, passwordsSet, showsPassword, twoOwners } from '../support/two-owners.js';

afterEach(closeAll);

const always = { status: 500, times: 999 };
/** Discord takes nothing for somebody's direct messages: what was approved is cut short, and tried again later. */
const takesNoDms = ({ discord }: BotHousehold, { id }: Person) => {
  const dm = discord.world.directMessagesWith(id).id;
  return discord.faults.on({ path: new RegExp(`^/(users/@me/channels|channels/${dm}/messages)`), ...always });
};
const isCutShort = ({ logged }: BotHousehold) =>
  vi.waitFor(() => expect(logged.join()).toMatch(/was cut short/), { timeout: 20_000 });
const passwordsOf = (person: Person) => person.directMessages().filter(showsPassword);
/** Somebody has approved Maya's new password, and Discord was in trouble before it could be sent. */
async function approvedAndCutShort(approver: (bot: BotHousehold) => Person) {
  const bot = await twoOwners();
  const card = await asks(bot, bot.maya, '/resetpw');
  const trouble = takesNoDms(bot, bot.maya);
  await approver(bot).presses('Approve', { on: card });
  await isCutShort(bot);
  return { bot, trouble };
}
const withBoss: Parameters<typeof startBot>[0] = {
  before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true }),
};

/** Both ways in which an approved request goes on that its press did not bring to its end. */
const ways: readonly [string, (bot: BotHousehold) => Promise<void>][] = [
  ['a minute later', (bot) => bot.app.runJob('upkeep')],
  ['after a restart', (bot) => bot.restart()],
];

describe.each(ways)('what was decided before and is carried out %s', (_when, goesOn) => {
  test('is sent to nobody who has left the server meanwhile, which the card says; back again, they can have it', async () => {
    const { bot, trouble } = await approvedAndCutShort(({ dad }) => dad);
    leavesForAnother(bot, bot.maya);
    trouble.off();
    await goesOn(bot);
    const failed = await bot.dad.sees(/request did not work/);
    expect(failed.text).toMatch(/has left the Discord server/);
    await bot.dad.sees(/is not in the Discord server any more: the link to maya sleeps/);
    await bot.app.runJob('upkeep');
    // Nor is anything else.
    expect([passwordsSet(bot), bot.maya.directMessages(), bot.uncle.directMessages()]).toEqual([0, [], []]);
    comesBack(bot, bot.maya);
    await bot.dad.presses('Try again', { on: failed });
    await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
  });

  test('nor is an administrator’s password to its owner, an admin who has left', async () => {
    const bot = await startBot(withBoss);
    connect(bot, bot.dad, 'boss');
    const trouble = takesNoDms(bot, bot.dad);
    await (await bot.dad.types('/resetpw', { user: 'boss' })).answer();
    await isCutShort(bot);
    leavesForAnother(bot, bot.dad);
    trouble.off();
    await goesOn(bot);
    await bot.gran.sees(/the link to boss sleeps/);
    await bot.app.runJob('upkeep');
    expect([passwordsSet(bot), passwordsOf(bot.dad)]).toEqual([0, []]);
  });

  test('is not done for a helper who is none any more; who is one may try it again', async () => {
    const { bot, trouble } = await approvedAndCutShort(({ gran }) => gran);
    bot.gran.setRoles([]);
    trouble.off();
    await goesOn(bot);
    const failed = await bot.dad.sees(/request did not work/);
    expect(failed.text).toMatch(/Whoever approved this may no longer do that/);
    await bot.maya.sees(/may no longer do that/, { in: 'dm' });
    expect(passwordsSet(bot)).toBe(0);
    await bot.dad.presses('Try again', { on: failed });
    await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
  });

  test('waits while Discord does not say whether they are still there', async () => {
    const { bot, trouble } = await approvedAndCutShort(({ dad }) => dad);
    trouble.off();
    const unsaid = bot.discord.faults.on({ method: 'GET', path: new RegExp(`/members/${bot.maya.id}$`), ...always });
    await goesOn(bot);
    expect([passwordsSet(bot), passwordsOf(bot.maya)]).toEqual([0, []]);
    unsaid.off();
    await bot.app.runJob('upkeep');
    await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
  });

  test('makes another administrator’s new password for nobody who is no admin any more', async () => {
    const bot = await rescueHouse({
      before: ({ jellyfin }) => void jellyfin.addUser('chief', { administrator: true }),
    });
    await asksForRescue(bot, 'chief');
    await bot.dad.presses('Start');
    await bot.dad.sees(/you are back in/i, { in: 'dm' });
    await bot.dad.sees(/Tap it to see it/, { in: 'dm' });
    const before = passwordsSet(bot);
    const trouble = takesNoDms(bot, bot.dad);
    await bot.dad.presses('New one');
    await isCutShort(bot);
    bot.dad.setRoles([]);
    trouble.off();
    await goesOn(bot);
    await bot.app.runJob('upkeep');
    expect(passwordsSet(bot)).toBe(before);
  });
});

test('a pass of an admin’s who is none any more by the time of the write is not opened; another admin may try it again', async () => {
  const bot = await startBot();
  await changesPolicy(bot.jellyfin, 'maya', { EnableRemoteAccess: false });
  const unsaid = bot.discord.faults.on({ method: 'GET', path: new RegExp(`/members/${bot.dad.id}$`), ...always });
  await letsIn(bot, 'remote');
  await isCutShort(bot);
  const isOpen = () => bot.jellyfin.user('maya').Policy.EnableRemoteAccess;
  const mum = bot.discord.addPerson('Mum', { roles: [bot.discord.roles['admin'] ?? ''] });
  bot.dad.setRoles([]);
  unsaid.off();
  await bot.app.runJob('upkeep');
  const failed = await mum.sees(/did not work/);
  expect(isOpen()).toBe(false);
  await mum.presses('Try again', { on: failed });
  await mum.sees(/Open until/);
  expect(isOpen()).toBe(true);
});
