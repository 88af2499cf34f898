import { existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { until } from '../kill/until.js';
import { getsPass, houseWith, signsIn } from '../passes/passes-house.js';
import { closeAll, startBot } from '../support/bot.js';
import { withDatabase } from '../support/database.js';

afterEach(closeAll);

const hour = 3_600_000;

test('what came due while the bot was away is done when it starts, and not a minute later', async () => {
  const bot = await houseWith('remote');
  await getsPass(bot, 'remote', '1 hour');
  const path = /^\/users\/@me\/channels$/;
  const silent = bot.discord.faults.on({ method: 'POST', path, status: 500, times: 99 });
  bot.jellyfin.addUser('films', { password: 'x' });
  await (await bot.dad.types('/link', { member: bot.gran, user: 'films' })).answer();
  await bot.app.stop();
  silent.off();
  bot.passes(2 * hour);
  await bot.restart();
  await bot.maya.sees(/restricted as before/, { in: 'dm' });
  expect(await signsIn(bot, 'remote')).toBe(403);
  await bot.gran.sees(/You are linked/, { in: 'dm' });
});

test('a bot that was stopped is offline, leaves one file that holds everything, and is not called healthy', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await (await bot.maya.types('/resetpw')).answer();
  await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks for a new password for maya/) });
  await bot.dad.sees(/Done: /);
  // A round that goes on when the bot ends, for longer than it is waited for.
  const held = bot.jellyfin.faults.hold({ path: /ActivityLog/ });
  const round = bot.app.runJob('upkeep').catch(() => undefined);
  await held.arrived;
  expect(existsSync(`${bot.database}.heartbeat`)).toBe(true);
  await bot.app.stop(10);
  expect(bot.discord.gateway.sessions.some(({ connected }) => connected)).toBe(false);
  expect(existsSync(`${bot.database}-wal`)).toBe(false);
  held.release();
  await round;
  expect(existsSync(`${bot.database}.heartbeat`)).toBe(false);
});

test('what happened while the bot was away is looked for at its start, unless nobody wants to hear of lockouts', async () => {
  const begins = async (watch: 'on' | 'off') => {
    let arrived: Promise<unknown> = Promise.resolve();
    let isLookedFor = false;
    const bot = await startBot({
      env: { WATCH_LOCKOUTS: watch },
      overrides: { jobsByHand: false },
      before: ({ jellyfin }) => {
        const looking = jellyfin.faults.hold({ path: /^\/GetUtcTime/ });
        void looking.arrived.then(() => {
          isLookedFor = true;
          looking.release();
        });
        // How Jellyfin is, is looked at in any case, a moment later.
        const other = jellyfin.faults.hold({ path: /^\/System\/Info\/Public/ });
        arrived = other.arrived.then(() => other.release());
      },
    });
    await arrived;
    await bot.app.stop();
    return isLookedFor;
  };
  expect([await begins('on'), await begins('off')]).toEqual([true, false]);
});

test('what cannot be carried on at a start is in the log, and the bot answers all the same', async () => {
  const bot = await startBot();
  await bot.app.stop();
  withDatabase(bot.database, (db) =>
    db.exec(`INSERT INTO requests (kind, state, member_id, account_id, account_name, admin_account, snapshot, created_at)
      VALUES ('unlock', 'approved', '1', 'a', 'a', 0, 'not what the bot writes', 1)`),
  );
  await bot.restart();
  const isLogged = () => bot.logged.some((line) => line.includes('could not be carried on')) || undefined;
  await until(isLogged, () => 'nothing is in the log');
  expect((await (await bot.maya.types('/help')).answer()).text).toMatch(/gets you back into Jellyfin/);
});
