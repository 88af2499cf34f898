import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { RefusalLines } from '../../src/jellyfin/refusal-lines.js';
import { type BotHousehold, type BotOptions, closeAll, startBot } from '../support/bot.js';
import { forges } from '../support/forged.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { callsDuring } from '../support/traces.js';

afterEach(closeAll);

const token = 'feedfacefeedfacefeedfacefeed9016';

/** Leo's account may sign in on one device only, at home only, and Maya owns it; the log has a token in it. */
async function listed(options: BotOptions = {}): Promise<BotHousehold> {
  const bot = await startBot({
    ...options,
    before: ({ jellyfin }) =>
      void jellyfin.addUser('leo', {
        password: 'popcorn',
        policy: { EnableAllDevices: false, EnabledDevices: ['tv'], EnableRemoteAccess: false },
      }),
  });
  await bot.links(bot.maya, 'leo');
  bot.jellyfin.logs(`Logging out access token "${token}"`);
  return bot;
}

async function asks(bot: BotHousehold, person = bot.maya) {
  const said = await (await person.types('/status', person === bot.maya ? {} : { user: 'leo' })).answer();
  return (await person.presses('Which was it?', { on: said })).answer();
}

describe('Which was it?', () => {
  test('the device: the last refusal that the log names, said with its time, before all else', async () => {
    const bot = await listed();
    expect((await bot.jellyfin.signIn('leo', 'popcorn', { from: '203.0.113.9' })).status).toBe(403);
    expect((await bot.jellyfin.signIn('leo', 'popcorn')).status).toBe(403);
    const said = await asks(bot);
    expect(said.text).toMatch(
      /Refused <t:\d+:t>: this device is not on the account's list\.\*\* So it says in Jellyfin's log[^]*### leo: listed/,
    );
    expect(said.labels).not.toContain('Which was it?');
    // The log rules the password out, and a code asks for the list of devices, too.
    expect(said.text).not.toMatch(/it is the password/);
    expect(said.labels).not.toEqual(expect.arrayContaining(['Reset my password']));
    expect(said.labels).not.toEqual(expect.arrayContaining(['Sign in with a code']));
    expect(said.labels[0]).toBe('Let me in for a while');
    expect((await asks(bot, bot.gran)).text).toMatch(/listed devices only/);
    expect(JSON.stringify(bot.discord.requests) + bot.logged.join('')).not.toContain(token);
  });

  test('the place, which then stands first', async () => {
    const bot = await listed();
    await bot.jellyfin.signIn('leo', 'popcorn', { from: '203.0.113.9' });
    expect((await asks(bot)).text).toMatch(
      /at home only\.\*\* So it says[^]*### leo: at home only\n.*\n.*one listed device only/,
    );
  });

  test('the password', async () => {
    const bot = await listed();
    await bot.jellyfin.signIn('leo', 'wrong');
    expect((await asks(bot)).text).toMatch(/Refused <t:\d+:t>: wrong password/);
  });

  test('none of it: an hour ago, somebody else’s, or mended since', async () => {
    const bot = await listed();
    await bot.jellyfin.signIn('maya', 'wrong');
    expect((await asks(bot)).text).toMatch(/names none of this for the last hour/);
    await bot.jellyfin.signIn('leo', 'popcorn');
    bot.passes(61 * 60_000);
    expect((await asks(bot)).text).toMatch(/names none of this for the last hour/);
    bot.passes(-61 * 60_000);
    await changesPolicy(bot.jellyfin, 'leo', { EnableAllDevices: true });
    expect((await asks(bot)).text).toMatch(/names none of this for the last hour/);
  });

  test('a log that was cut short is asked for again, and one that is not given changes nothing', async () => {
    const bot = await listed();
    await bot.jellyfin.signIn('leo', 'popcorn');
    bot.jellyfin.faults.on({ path: /^\/System\/Logs\/Log/, cut: 'mid', times: 3 });
    expect((await asks(bot)).text).toMatch(/is not on the account's list\.\*\* So it says/);
    const gone = bot.jellyfin.faults.on({ path: /^\/System\/Logs/, status: 403, times: 99 });
    expect((await asks(bot)).text).toMatch(/names none of this[^]*### leo: listed devices only/);
    gone();
    bot.jellyfin.faults.on({ path: /^\/System\/Logs\/Log/, cut: 'mid', times: 99 });
    expect((await asks(bot)).text).toMatch(/names none of this/);
    const cut = bot.logged.filter((line) => line.includes('log was cut short'));
    expect(cut.length).toBeGreaterThan(3);
    // Neither what came nor what was asked with: the one holds tokens, the other is the key.
    for (const line of cut) expect(line).not.toMatch(/headers|config|stack|Authentication request/);
  });

  test('a refusal before midnight stands in the log of the day before, where today’s names none', async () => {
    const bot = await listed({ oneClock: true });
    const utc = new Date();
    const offset = 23 * 60 + 58 - (utc.getUTCHours() * 60 + utc.getUTCMinutes());
    bot.jellyfin.moveTo(offset > 14 * 60 ? offset - 24 * 60 : offset);
    await bot.jellyfin.signIn('leo', 'popcorn');
    bot.passes(4 * 60_000);
    bot.jellyfin.logs('the first line of another day');
    expect(
      readdirSync(join(bot.jellyfin.serverDir, 'log')).filter((name) => name.startsWith('log_')).length,
    ).toBeGreaterThan(1);
    expect((await asks(bot)).text).toMatch(/Refused <t:\d+:t>: this device is not on/);
    await bot.jellyfin.signIn('leo', 'wrong');
    expect((await asks(bot)).text).toMatch(/Refused <t:\d+:t>: wrong password/);
    bot.passes(61 * 60_000);
    expect((await asks(bot)).text).toMatch(/names none of this for the last hour/);
  });

  test('is nobody’s to ask about somebody else’s account', async () => {
    const bot = await listed();
    const id = bot.jellyfin.user('root').Id;
    const calls = await callsDuring(bot, async () => {
      expect((await forges(bot, bot.maya, 'buttons', `status:why:${id}`).answer()).text).toMatch(
        /not one of your accounts/,
      );
    });
    expect(calls).toEqual([]);
  });
});

describe('the hours of an account', () => {
  const hours = (startHour: number) => [
    { Id: 1, UserId: '', DayOfWeek: 'Everyday', StartHour: startHour, EndHour: startHour + 1 },
  ];

  test('are judged in the zone of the server, by the stamps of its log, at three calls', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('leo', { password: 'popcorn' }) });
    await bot.links(bot.maya, 'leo');
    const here = -new Date().getTimezoneOffset();
    // Twelve hours away from the bot's own clock.
    bot.jellyfin.moveTo(here + (here > 0 ? -720 : 720));
    bot.jellyfin.logs('the first line in the other zone');
    const there = (new Date().getHours() + 12) % 24;
    await changesPolicy(bot.jellyfin, 'leo', { AccessSchedules: hours(there) });
    expect((await bot.jellyfin.signIn('leo', 'popcorn')).status).toBe(200);
    const calls = await callsDuring(bot, async () => {
      expect((await (await bot.maya.types('/status')).answer()).text).not.toMatch(/Not now|by Jellyfin's clock/);
    });
    expect(calls.length).toBeLessThanOrEqual(3);
    await changesPolicy(bot.jellyfin, 'leo', { AccessSchedules: hours((there + 12) % 24) });
    expect((await bot.jellyfin.signIn('leo', 'popcorn')).status).toBe(403);
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### leo: not at this hour/);
  });

  test('are told by the server’s clock where that is not known', async () => {
    const bot = await startBot({
      before: ({ jellyfin }) => void jellyfin.addUser('leo', { policy: { AccessSchedules: hours(20) } }),
    });
    await bot.links(bot.maya, 'leo');
    bot.jellyfin.faults.on({ path: /^\/System\/Logs/, status: 403, times: 99 });
    const said = await (await bot.maya.types('/status')).answer();
    expect(said.text).toMatch(
      /### leo: certain hours only\n.*at certain hours only\*\*, by Jellyfin's clock: every day 20:00–21:00/,
    );
  });
});

describe('the lines of a log', () => {
  const read = (...lines: string[]) => {
    const all = new RefusalLines('leo');
    // In pieces, as they come over the network.
    for (const part of lines.join('\n').match(/[^]{1,7}/g) ?? []) all.add(part);
    return all.end();
  };
  const stamp = '[2026-11-30 04:28:49.910 +09:00]';
  const ofUsers = (thread: number, text: string) =>
    `${stamp} [INF] [${thread}] Jellyfin.Server.Implementations.Users.UserManager: ${text}`;
  const error = (thread: number, text: string) =>
    `${stamp} [ERR] [${thread}] Jellyfin.Api.Middleware.ExceptionMiddleware: Error processing request: "[127.0.0.1] ${text}".`;
  const device = 'User is not allowed access from this device';

  test('tell the moment by the zone in their stamp', () => {
    const { refusal, utcOffsetMinutes } = read(
      ofUsers(3, 'Authentication request for "Leo" has been denied (IP: "1").'),
    );
    expect(refusal).toEqual({ why: 'password', at: Date.parse('2026-11-29T19:28:49.910Z') });
    expect(utcOffsetMinutes).toBe(540);
  });

  test('belong together by the number of their thread, and to nobody else', () => {
    const right = (name: string) => `Authentication request for "${name}" has succeeded.`;
    expect(read(ofUsers(3, right('leo')), ofUsers(4, right('maya')), error(4, device)).refusal).toBeUndefined();
    expect(read(ofUsers(3, right('leo')), ofUsers(4, right('maya')), error(3, device)).refusal?.why).toBe('devices');
    expect(read(ofUsers(3, right('leo')), ofUsers(3, right('maya')), error(3, device)).refusal).toBeUndefined();
    expect(read(error(3, device), `${'x'.repeat(9000)}${ofUsers(3, right('leo'))}`).refusal).toBeUndefined();
  });

  test('say nothing where somebody has written a moment that never was into them, by the name they sign in with', () => {
    const forged = (when: string) =>
      ofUsers(3, 'Authentication request for "leo" has been denied').replace(stamp, when);
    const nothing = { refusal: undefined, utcOffsetMinutes: undefined };
    expect(read(forged('[9999-99-99 99:99:99.999 +00:00]'))).toEqual(nothing);
    expect(read(forged('[2026-11-30 04:28:49.910 +99:99]'))).toEqual(nothing);
  });

  test('tell a missing provider from a wrong password', () => {
    const missing = 'User "leo" was found with invalid/missing Authentication Provider "Gone". Assigning user';
    const denied = 'Authentication request for "leo" has been denied (IP: "127.0.0.1").';
    expect(read(ofUsers(3, missing), ofUsers(3, denied)).refusal?.why).toBe('providerGone');
    expect(read(ofUsers(3, missing), ofUsers(4, denied)).refusal?.why).toBe('password');
    expect(read(ofUsers(3, missing), ofUsers(3, denied), ofUsers(3, denied)).refusal?.why).toBe('password');
  });
});
