import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import { type BotHousehold, type BotOptions, closeAll, startBot } from '../support/bot.js';
import { changesPolicy, opensInJellyfin } from '../support/in-jellyfin.js';
import { auditLines, callsDuring, changes } from '../support/traces.js';

afterEach(closeAll);

const minuteMs = 60_000;

/** A household whose locks end after half an hour, and in which Maya is linked. */
async function ending(options: BotOptions = {}): Promise<BotHousehold> {
  const bot = await startBot({ ...options, env: { LOCKOUT_ENDS_AFTER: '30m', ...options.env } });
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  return bot;
}

async function isLocked(bot: BotHousehold, name = 'maya') {
  await bot.jellyfin.lock(name);
  await bot.app.runJob('lockouts');
}

async function afterMinutes(bot: BotHousehold, minutes: number) {
  bot.passes(minutes * minuteMs);
  await bot.app.runJob('lockouts');
  await bot.app.runJob('lockouts');
}

const isOpen = (bot: BotHousehold, name = 'maya') => !bot.jellyfin.user(name).Policy.IsDisabled;
const card = ({ discord }: BotHousehold) => discord.messagesIn(discord.adminChannelId).at(-1);
/** In how many minutes the card says that it opens. */
function opensIn({ discord }: BotHousehold, ahead = 0): number | undefined {
  const at = discord
    .messagesIn(discord.adminChannelId)
    .flatMap(({ text }) => /It opens by itself <t:(\d+):R>/.exec(text)?.[1] ?? [])
    .at(-1);
  return at === undefined ? undefined : Math.round((Number(at) * 1000 - Date.now()) / minuteMs) - ahead;
}

describe.each(['10.10.7', '10.11.8', '12.0'])('Jellyfin %s', (version) => {
  test('a lock ends by itself after its time: card and owner knew when, both say that it is over, and the policy is as it was', async () => {
    const bot = await ending({ version });
    const before = bot.jellyfin.user('maya').Policy;
    await isLocked(bot);
    expect(opensIn(bot)).toBe(30);
    expect(bot.maya.directMessages()[0]?.text).toMatch(/It opens by itself <t:\d+:R>/);
    for (const [person, user] of [
      [bot.maya, {}],
      [bot.gran, { user: 'maya' }],
    ] as const)
      expect((await (await person.types('/status', user)).answer()).text).toMatch(
        /\*\*Locked\*\*[^]*It opens by itself <t:\d+:R>/,
      );
    await afterMinutes(bot, 29);
    expect(isOpen(bot)).toBe(false);
    await afterMinutes(bot, 2);
    expect(bot.jellyfin.user('maya').Policy).toEqual(before);
    expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
    expect(card(bot)?.text).toMatch(/\*\*maya\*\*: opened by itself <t:\d+:R>/);
    expect(card(bot)?.labels).toEqual([]);
    expect(bot.maya.directMessages()[0]?.text).toMatch(/is not locked any more: you can sign in again/);
    expect(auditLines(bot).slice(-3)).toEqual([
      'latchkey lockout locked',
      'latchkey lockout unlocked',
      'latchkey unlock done',
    ]);
  });
});

test('each lock within a day lasts twice as long, and the fourth stays until an admin decides', async () => {
  const bot = await ending({ oneClock: true });
  const waits: (number | undefined)[] = [];
  let ahead = 0;
  for (const wait of [30, 60, 120]) {
    await isLocked(bot);
    waits.push(opensIn(bot, ahead));
    await afterMinutes(bot, wait + 1);
    ahead += wait + 1;
    expect(isOpen(bot)).toBe(true);
  }
  expect(waits).toEqual([30, 60, 120]);
  await isLocked(bot);
  expect(card(bot)?.text).toMatch(/opened by itself three times within a day already: an admin decides/);
  const told = bot.maya.directMessages();
  expect(told).toHaveLength(4);
  expect(told.at(-1)?.text).toMatch(/opened by itself three times within a day already: an admin decides/);
  const said = await (await bot.maya.types('/status')).answer();
  expect(said.text).toMatch(/\*\*Locked\*\*[^]*three times within a day already: an admin decides/);
  await afterMinutes(bot, 12 * 60);
  expect(isOpen(bot)).toBe(false);
});

test('off unless it is set: a lock lasts, and nothing is said of an end', async () => {
  const bot = await ending({ env: { LOCKOUT_ENDS_AFTER: '' } });
  await isLocked(bot);
  expect(card(bot)?.text).not.toMatch(/by itself/);
  await afterMinutes(bot, 3 * 24 * 60);
  expect(isOpen(bot)).toBe(false);
});

test('an administrator’s account never opens by itself, not even one that became an administrator’s meanwhile', async () => {
  const bot = await ending();
  await isLocked(bot, 'root');
  expect(opensIn(bot)).toBeUndefined();
  await isLocked(bot);
  expect(opensIn(bot)).toBe(30);
  await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
  await afterMinutes(bot, 60);
  expect([isOpen(bot, 'root'), isOpen(bot)]).toEqual([false, false]);
  // Nor does its card say so any longer.
  expect(opensIn(bot)).toBeUndefined();
});

test.each([
  ['was switched off', { IsDisabled: true, InvalidLoginAttemptCount: 0 }, /switched off by an administrator/],
  ['became an administrator’s', { IsAdministrator: true }, /an administrator's account: the link/],
])(
  'an account that %s meanwhile is not opened, even if that happens right before the write',
  async (_, change, says) => {
    const bot = await ending();
    await isLocked(bot);
    const id = bot.jellyfin.user('maya').Id;
    const held: Promise<unknown>[] = [];
    const stop = bot.jellyfin.onCall(({ method, path }) => {
      if (method !== 'GET' || !path.startsWith(`/Users/${id}`) || held.length > 0) return;
      // The round has read it; the unlock reads it again.
      const hold = bot.jellyfin.faults.hold({ method: 'GET', path: /^\/Users\/[0-9a-f]+/ });
      held.push(hold.arrived.then(() => changesPolicy(bot.jellyfin, 'maya', change)).then(hold.release));
    });
    bot.passes(31 * minuteMs);
    const calls = await callsDuring(bot, () => bot.app.runJob('lockouts'));
    await Promise.all(held);
    stop();
    // The administrator's own.
    expect(changes(calls)).toEqual([`POST /Users/${id}/Policy`]);
    await bot.app.runJob('lockouts');
    expect(isOpen(bot)).toBe(false);
    expect(card(bot)?.text).toMatch(says);
  },
);

test('somebody who opens it before that ends the waiting', async () => {
  const bot = await ending();
  await isLocked(bot);
  await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
  await bot.dad.sees(new RegExp(`unlocked by ${bot.gran.mention}`), { in: bot.discord.adminChannelId });
  const calls = await callsDuring(bot, () => afterMinutes(bot, 31));
  expect(calls).toEqual([]);
});

test('where Jellyfin is down when the time is over, it is opened later; who opened it in Jellyfin itself is not said to be the bot', async () => {
  const bot = await ending();
  await isLocked(bot);
  bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 500, times: 6 });
  await afterMinutes(bot, 31);
  expect(isOpen(bot)).toBe(false);
  await afterMinutes(bot, 1);
  expect(isOpen(bot)).toBe(true);
  expect(card(bot)?.text).toMatch(/opened by itself/);

  await isLocked(bot);
  bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 500, times: 3 });
  bot.passes(61 * minuteMs);
  await bot.app.runJob('lockouts');
  bot.passes(-10 * minuteMs);
  await bot.app.runJob('lockouts');
  await opensInJellyfin(bot.jellyfin, 'maya');
  await bot.app.runJob('lockouts');
  expect(card(bot)?.text).toMatch(/\*\*maya\*\*: open again since/);
});

test('a clock that goes back by a year makes nobody wait for that year', async () => {
  const bot = await ending();
  await isLocked(bot);
  await afterMinutes(bot, -365 * 24 * 60);
  expect(isOpen(bot)).toBe(false);
  await afterMinutes(bot, 31);
  expect(isOpen(bot)).toBe(true);
});

test('whoever has asked for an unlock hears that it is done', async () => {
  const bot = await ending();
  await isLocked(bot);
  await (await bot.maya.presses('Ask for unlock')).answer();
  await bot.dad.sees(/asks/, { in: bot.discord.adminChannelId });
  await afterMinutes(bot, 31);
  await bot.maya.sees(/is unlocked/, { in: 'dm' });
  const asked = bot.discord.messagesIn(bot.discord.adminChannelId).find(({ text }) => /unlock maya|asks/.test(text));
  expect(asked?.labels ?? []).toEqual([]);
});

test('nothing more is asked of Jellyfin while nothing is locked', async () => {
  const bot = await ending();
  const calls = await callsDuring(bot, () => afterMinutes(bot, 1));
  expect(calls).toEqual([]);
});
