import { afterEach, describe, expect, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { asksForRescue, rescueHouse } from '../rescue/rescue-house.js';

afterEach(closeAll);

// A keyboard may write an accented letter as one character, or as a letter and its accent.
const composed = 'Zoë'.normalize('NFC');
const decomposed = 'zoë'.normalize('NFD');

describe.each([
  { kept: composed, typed: decomposed },
  { kept: decomposed, typed: composed },
])('an account kept as $kept.length characters and typed as $typed.length', ({ kept, typed }) => {
  test('is found by /status, /unlock, /resetpw, /link, /unlink and /history', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser(kept, { password: 'x', limit: 2 }) });
    const { gran, dad, maya, jellyfin } = bot;
    await jellyfin.lock(kept);
    expect((await (await gran.types('/status', { user: typed })).answer()).text).toMatch(/Locked/);
    await (await gran.types('/unlock', { user: typed })).answer();
    expect(jellyfin.user(kept).Policy.IsDisabled).toBe(false);
    await (await gran.types('/resetpw', { user: typed })).answer();
    expect((await jellyfin.signIn(kept, 'x')).status).toBe(401);
    await (await dad.types('/link', { member: maya, user: typed })).answer();
    await maya.sees(/You are linked to the Jellyfin account/, { in: 'dm' });
    // A member's own is looked for in another way, by name alone.
    expect((await (await maya.types('/unlock', { user: typed })).answer()).text).toContain(kept);
    expect((await (await dad.types('/unlink', { member: maya, user: typed })).answer()).text).toContain(kept);
    // The history knows it by a name that Jellyfin does not know any more.
    jellyfin.renameUser(kept, 'other');
    expect((await (await dad.types('/history', { user: typed })).answer()).text).toContain(kept);
  });

  test('is found by /rescue', async () => {
    const bot = await rescueHouse({
      before: ({ jellyfin }) => void jellyfin.addUser(kept, { administrator: true, password: 'x' }),
    });
    connect(bot, bot.dad, kept);
    expect((await asksForRescue(bot, typed)).text).toContain(kept);
  });
});
