import { afterEach, describe, expect, test } from 'vitest';
import { auditLines, passwordIn } from '../support/traces.js';
import {
  closeHouses,
  diesInTheRepair,
  isAskedAboutKey,
  lockedOut,
  signIn,
  slowly,
  startsAndGoesOn,
  stopping,
} from './locked-out.js';

afterEach(closeHouses);

const backIn = /You are back in/;

test('locked out, with no key: through jellyfin.db, while others are answered as ever', async () => {
  const bot = await lockedOut();
  await startsAndGoesOn(bot);
  await bot.dad.sees(stopping, { in: 'dm' });
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Which Jellyfin account is yours/);
  await isAskedAboutKey(bot);
  await bot.dad.presses('Keep the key');
  const word = await bot.dad.sees(backIn, { in: 'dm' });
  expect(word.text).toMatch(/A copy of jellyfin\.db from before: .*latchkey-copy/);
  const password = passwordIn((await bot.dad.sees(/Tap it to see it/, { in: 'dm' })).text);
  expect(await signIn(bot, password)).toBe(200);
  expect(bot.savedKeys).toHaveLength(1);
  const status = await (await bot.dad.types('/status')).answer();
  expect(status.text).toMatch(/No account is locked|Nobody is locked/);
  await bot.app.stop();
  expect(auditLines(bot).at(-1)).toBe('Dad rescue backIn');
});

test('a server that does not start again is said to be stopped, with the command that starts it', async () => {
  const bot = await lockedOut({ env: { JELLYFIN_START_COMMAND: 'false --please' } });
  await startsAndGoesOn(bot);
  const stopped = /Jellyfin is stopped\.(\*\*)? Start it with: false --please/;
  await bot.dad.sees(stopped, { in: 'dm' });
  await bot.dad.presses('No');
  const word = await bot.dad.sees(/The account is open in jellyfin\.db|That did not work\./, { in: 'dm' });
  expect(word.text).toMatch(stopped);
  expect(bot.dad.notifications.at(-1)?.messageId).toBe(word.id);
  // Not the command line's: whose it is, is said, for as long as Jellyfin does not answer.
  await bot.restart();
  const told = /the rescue of boss was cut short, or could not start it again.*start Jellyfin with: false --please/;
  await bot.dad.sees(told, { in: bot.discord.adminChannelId });
});

test('a server that dies as it is started is said to be stopped, perhaps, with the command that starts it', async () => {
  const bot = await lockedOut({ env: { JELLYFIN_START_COMMAND: 'true --please' } });
  await startsAndGoesOn(bot);
  await bot.dad.sees(/Shall I keep it in my settings/, { in: 'dm' });
  await bot.dad.presses('No');
  const word = await bot.dad.sees(/That did not work/, { in: 'dm' });
  expect(word.text).toMatch(/Jellyfin may be stopped\.(\*\*)? .* Start it with: true --please/);
});

test('also when the repair was refused, and the server is to run as before', async () => {
  const bot = await lockedOut({ administrator: false, env: { JELLYFIN_START_COMMAND: 'true --please' } });
  await startsAndGoesOn(bot);
  const word = await bot.dad.sees(/That did not work/, { in: 'dm' });
  expect(word.text).toMatch(/Jellyfin may be stopped\.(\*\*)? .* Start it with: true --please/);
});

test('an ordinary account is left alone, though nobody could be asked what it is', async () => {
  const bot = await lockedOut({ administrator: false });
  await startsAndGoesOn(bot);
  const word = await bot.dad.sees(/That did not work/, { in: 'dm' });
  // Locked, it lets nobody in to look what it is, so the PIN is its password by now.
  expect(word.text).toMatch(/a PIN that nobody was shown is the password of boss now/);
  expect(word.text).not.toMatch(/Run this again/);
  expect(await signIn(bot, 'forgotten')).toBe(403);
  expect(bot.dad.directMessages().some(({ text }) => text.includes('||'))).toBe(false);
});

describe('a bot that is stopped', () => {
  test('in an orderly way says how far it came, and the server runs', async () => {
    const bot = await lockedOut(slowly);
    await startsAndGoesOn(bot);
    await bot.dad.sees(stopping, { in: 'dm' });
    // However busy the machine is: one that runs out of time leaves the rest to the next start.
    await bot.app.stop(20_000);
    await bot.restart();
    const word = await bot.dad.sees(/That did not work\. I am being restarted/, { in: 'dm' });
    expect(word.text).toMatch(/API key that was made for this is deleted again/);
    // Unlocked.
    expect(await signIn(bot, 'forgotten')).toBe(401);
  });

  test('together with its repair, while the server is stopped, goes on at its next start', async () => {
    const bot = await diesInTheRepair();
    await bot.restart();
    await bot.dad.sees(/stopped in the middle of the rescue of boss, and go on with it now/, { in: 'dm' });
    await isAskedAboutKey(bot);
    // A button from before answers nothing now.
    const pressed = await bot.dad.pressesRaw(bot.oldStart, { in: 'dm' });
    expect((await pressed.answer()).text).toMatch(/answered that already/);
    expect(bot.savedKeys).toEqual([]);
    await bot.dad.presses('Keep the key');
    await bot.dad.sees(backIn, { in: 'dm' });
    const password = passwordIn((await bot.dad.sees(/Tap it to see it/, { in: 'dm' })).text);
    expect(await signIn(bot, password)).toBe(200);
  });
});
