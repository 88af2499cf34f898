import { afterEach, describe, expect, test } from '@jest/globals';
import { mayasPassword } from '../../sandbox/household.js';
import { connect } from '../support/connect.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { auditLines, passwordIn } from '../support/traces.js';
import { hourMs, isDeleted, isSetByAdmin, later, listed, mayaHasOne, opens, setsOwn } from './own-password.js';
import { asks, passwordsSet } from '../support/two-owners.js';

afterEach(closeAll);

const day = 24 * hourMs + 60_000;
const reading = { method: 'GET', path: /^\/Users\/[0-9a-f]{32}$/ };
const setting = { method: 'POST', path: /^\/Users\/Password/ };
const readingLog = { path: /ActivityLog/ };

test('a server that is down when the time is over: nothing is said until it answers, and then once', async () => {
  const bot = await startBot();
  const { password, message } = await mayaHasOne(bot);
  await bot.jellyfin.starting('refused');
  await later(bot, day, 3);
  expect(bot.maya.directMessages().map(({ text }) => text)).toEqual([message.text]);
  expect(await listed(bot)).toMatch(/^maya/);
  await bot.restart();
  await bot.jellyfin.starting('real');
  await later(bot, 60_000, 3);
  await bot.maya.sees(/was not used in time, so/, { in: 'dm' });
  expect(bot.maya.notifications).toHaveLength(2);
  expect(await opens(bot, password)).toBe(false);
  expect(passwordsSet(bot)).toBe(2);
});

/** Stops the bot at its first look at the account in the next round, or at the second, right before the change. */
function before({ jellyfin }: BotHousehold, moment: 'first look' | 'last look') {
  if (moment === 'first look') return Promise.resolve(jellyfin.faults.hold(reading));
  return new Promise<ReturnType<typeof jellyfin.faults.hold>>((resolve) => {
    const off = jellyfin.onCall(({ method, path }) => {
      if (method !== reading.method || !reading.path.test(path)) return;
      off();
      resolve(jellyfin.faults.hold(reading));
    });
  });
}

test.each(['first look', 'last look'] as const)(
  'who sets their own password right before the bot’s %s, as it is to take the temporary one away, keeps it',
  async (moment) => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await later(bot, 13 * hourMs);
    const hold = before(bot, moment);
    bot.passes(12 * hourMs);
    const round = bot.app.runJob('upkeep');
    await (
      await hold
    ).arrived;
    const { token } = await bot.jellyfin.signIn('maya', password);
    expect(token).toBeDefined();
    await setsOwn(bot, password);
    (await hold).release();
    await round;
    await later(bot, 60_000);
    expect(await opens(bot, 'my-very-own')).toBe(true);
    expect(passwordsSet(bot)).toBe(2);
    await bot.maya.sees(/stood here was replaced/, { in: 'dm' });
    expect(bot.maya.notifications).toHaveLength(2);
  },
);

test('a password that an administrator sets in the dashboard right before the bot’s last look stays as well', async () => {
  const bot = await startBot();
  await mayaHasOne(bot);
  await later(bot, 13 * hourMs);
  const hold = before(bot, 'last look');
  bot.passes(12 * hourMs);
  const round = bot.app.runJob('upkeep');
  await (
    await hold
  ).arrived;
  await isSetByAdmin(bot, 'set-by-dad');
  (await hold).release();
  await round;
  await later(bot, 60_000);
  expect(await opens(bot, 'set-by-dad')).toBe(true);
  await bot.maya.sees(/stood here was replaced/, { in: 'dm' });
});

test('somebody who comes in at the very moment of the change is told honestly what happened', async () => {
  const bot = await startBot();
  const { password } = await mayaHasOne(bot);
  await later(bot, 13 * hourMs);
  const hold = bot.jellyfin.faults.hold(setting);
  bot.passes(12 * hourMs);
  const round = bot.app.runJob('upkeep');
  await hold.arrived;
  expect(await opens(bot, password)).toBe(true);
  hold.release();
  await round;
  const word = await bot.maya.sees(/just signed in as maya and are thrown out again, that was me/, { in: 'dm' });
  expect(word.text).toMatch(/a password that you set then may be gone, too/);
  expect(auditLines(bot).at(-1)).toBe('latchkey temporary password cut off');
});

describe.each([
  ['before it changed anything', 'before', 2],
  ['after it did', 'after', 1],
] as const)('a server that is cut off while the password is taken away, %s', (_, cut, more) => {
  test('is asked what became of it; the person hears of it once', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    bot.jellyfin.faults.on({ ...setting, cut, times: 2 });
    await later(bot, day, 1);
    expect(bot.maya.notifications).toHaveLength(1);
    await bot.restart();
    const sofar = passwordsSet(bot);
    await later(bot, 60_000, 3);
    expect(passwordsSet(bot) - sofar).toBe(more - 1);
    await bot.maya.sees(/was not used in time, so/, { in: 'dm' });
    expect(bot.maya.notifications).toHaveLength(2);
    expect(await opens(bot, password)).toBe(false);
    expect(auditLines(bot).filter((line) => /expired/.test(line))).toHaveLength(1);
  });
});

describe('where nobody can tell whether it was used', () => {
  test('as the server’s log was cleared, it is left alone, and its person is told so', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await later(bot, 60_000);
    bot.jellyfin.clearLog();
    await later(bot, 13 * hourMs);
    await bot.maya.sees(/Have you set a password of your own for maya yet\?/, { in: 'dm' });
    await later(bot, 12 * hourMs);
    const word = await bot.maya.sees(/I cannot tell whether you still use it/, { in: 'dm' });
    expect(word.text).toMatch(/So I left it as it is/);
    expect(bot.maya.directMessages()[0]?.text).not.toContain(password);
    expect(await opens(bot, password)).toBe(true);
    expect(passwordsSet(bot)).toBe(1);
    expect(bot.maya.notifications).toHaveLength(3);
  });

  test('as the log could not be read when it was set, the same; the password is delivered all the same', async () => {
    const bot = await startBot();
    const mend = bot.jellyfin.faults.on({ ...readingLog, status: 500 });
    const { password } = await mayaHasOne(bot);
    mend();
    await later(bot, day);
    await bot.maya.sees(/I cannot tell whether you still use it/, { in: 'dm' });
    expect(await opens(bot, password)).toBe(true);
  });

  test('a change in a log that counts from 1 again is seen all the same', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await later(bot, 60_000);
    bot.jellyfin.clearLog();
    await setsOwn(bot, password);
    await later(bot, 60_000);
    await bot.maya.sees(/stood here was replaced/, { in: 'dm' });
  });
});

test('an account that was deleted meanwhile ends it without a word', async () => {
  const bot = await startBot();
  await mayaHasOne(bot);
  await isDeleted(bot, 'maya');
  await later(bot, 13 * hourMs);
  await bot.maya.sees(/of no use any more: its Jellyfin account was deleted/, { in: 'dm' });
  expect(bot.maya.notifications).toHaveLength(1);
  expect(await listed(bot)).toBe('');
});

describe('a member whose link is taken away meanwhile', () => {
  test('does not read the password any more, hears nothing, and it is taken away in its time', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    await later(bot, 60_000);
    expect(bot.maya.directMessages()[0]?.text).toMatch(/not linked to you any more/);
    await later(bot, 13 * hourMs);
    await later(bot, 12 * hourMs);
    expect(bot.maya.notifications).toHaveLength(1);
    expect(await opens(bot, password)).toBe(false);
    expect(auditLines(bot).at(-1)).toBe('latchkey temporary password expired');
  });

  test('and who uses it is not thrown out by the bot', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await opens(bot, password);
    await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    await later(bot, day);
    expect(bot.maya.notifications).toHaveLength(1);
    expect(await opens(bot, password)).toBe(true);
    expect(auditLines(bot).at(-1)).toBe('latchkey temporary password unlinked');
  });
});

test('a locked account stays locked when its unused password is taken away', async () => {
  const bot = await startBot();
  await mayaHasOne(bot);
  await bot.jellyfin.lock('maya');
  await later(bot, day);
  await bot.maya.sees(/was not used in time, so/, { in: 'dm' });
  expect(bot.jellyfin.user('maya').Policy).toMatchObject({ IsDisabled: true, InvalidLoginAttemptCount: 3 });
});

test('an account that has become an administrator’s is left alone', async () => {
  const bot = await startBot();
  const { password } = await mayaHasOne(bot);
  const { Id, Policy } = bot.jellyfin.user('maya');
  const headers = { authorization: `MediaBrowser Token="${bot.jellyfin.apiKey}"`, 'content-type': 'application/json' };
  const body = JSON.stringify({ ...Policy, IsAdministrator: true });
  await fetch(`${bot.jellyfin.url}/Users/${Id}/Policy`, { method: 'POST', headers, body });
  await later(bot, day);
  await bot.maya.sees(/I cannot tell whether/, { in: 'dm' });
  expect(await opens(bot, password)).toBe(true);
});

test('a password that a helper passed on by hand: no reminders; that nobody used it the helper hears', async () => {
  const bot = await startBot();
  bot.jellyfin.addUser('leo', { password: 'x' });
  const said = await (await bot.gran.types('/resetpw', { user: 'leo' })).answer();
  // A bot that is stopped first finishes what it is in the middle of.
  await bot.restart();
  await later(bot, 13 * hourMs);
  expect(bot.gran.directMessages()).toEqual([]);
  await later(bot, 12 * hourMs);
  const word = await bot.gran.sees(/temporary password for leo that you passed on was not used/, { in: 'dm' });
  expect(word.labels).toEqual(['Reset password']);
  expect(await opens(bot, passwordIn(said.text), 'leo')).toBe(false);
  expect((await (await bot.gran.presses('Reset password')).answer()).text).toMatch(/Please pass it on/);
});

test('a new password that the server refused leaves the one before followed as it was', async () => {
  const bot = await startBot();
  const { password } = await mayaHasOne(bot);
  const mend = bot.jellyfin.faults.on({ ...setting, status: 403 });
  expect((await (await bot.maya.presses('New one')).answer()).text).toMatch(/does not let me/);
  mend();
  await setsOwn(bot, password);
  await later(bot, 60_000);
  await bot.maya.sees(/stood here was replaced/, { in: 'dm' });
});

test('one of two owners asks for another: the other owner’s message is scrubbed, and only the newer is followed', async () => {
  const bot = await startBot();
  const uncle = bot.discord.addPerson('Uncle');
  const { password } = await mayaHasOne(bot);
  connect(bot, uncle, 'maya');
  await asks(bot, uncle, '/resetpw');
  await bot.dad.presses('Approve');
  await bot.maya.sees(/there is a newer one/, { in: 'dm' });
  await later(bot, 13 * hourMs);
  await uncle.sees(/not signed in/, { in: 'dm' });
  expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
    expect.stringMatching(/there is a newer one/),
    expect.stringMatching(/^Your Jellyfin account maya has a new password/),
  ]);
  expect([await opens(bot, password), await opens(bot, mayasPassword)]).toEqual([false, false]);
});
