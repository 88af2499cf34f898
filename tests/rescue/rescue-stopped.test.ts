import Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from '@jest/globals';
import { closeAll } from '../support/bot.js';
import { asksForRescue, cardOf, rescueHouse } from './rescue-house.js';

afterEach(closeAll);

describe('a bot that is stopped while a rescue goes on', () => {
  test('and only the plan waits, says that nothing was done', async () => {
    const bot = await rescueHouse();
    await asksForRescue(bot);
    await bot.app.stop();
    const word = bot.dad.directMessages().at(-1);
    expect(word?.text).toMatch(/Nothing was done/);
    expect(word?.text).toMatch(/I am being restarted/);
    await bot.restart();
    expect(cardOf(bot.dad).labels).toEqual([]);
    const pressed = await bot.dad.pressesRaw('rescue:yes:1:1', { in: 'dm' });
    expect((await pressed.answer()).text).toMatch(/That rescue is over/);
    expect(bot.dad.directMessages().filter(({ text }) => /Nothing was done|in the middle/.test(text))).toHaveLength(1);
    await asksForRescue(bot);
  });

  test('in the middle of a password, says at its next start that it was cut short, and sets no other', async () => {
    const bot = await rescueHouse();
    await asksForRescue(bot);
    const hold = bot.jellyfin.faults.hold({ method: 'POST', path: /^\/Users\/Password/ });
    await bot.dad.presses('Start');
    await hold.arrived;
    await bot.app.stop(100);
    await bot.restart();
    const word = await bot.dad.sees(/stopped in the middle of the rescue of boss. Use <\/rescue:\d+>/, { in: 'dm' });
    expect(word.text).toMatch(/the old one may not work any more/);
    expect(bot.dad.notifications.at(-1)?.messageId).toBe(word.id);
    await bot.dad.sees(/No password could be shown here/, { in: 'dm' });
    await bot.app.runJob('upkeep');
    expect(bot.jellyfin.calls.filter(({ path }) => path.startsWith('/Users/Password'))).toHaveLength(0);
    await bot.dad.sees(/Rescue of boss: cut short/, { in: 'dm' });
    hold.release();
  });

  test('and Discord is in trouble, is told by the start after that', async () => {
    const bot = await rescueHouse();
    await asksForRescue(bot);
    const dm = cardOf(bot.dad).channelId;
    const trouble = bot.discord.faults.on({ path: new RegExp(`/channels/${dm}/messages`), status: 500, times: 99 });
    await bot.app.stop(50);
    // The card's edit and the last word, each tried four times: what is still under way would come through afterwards.
    await bot.discord.until(() => trouble.met >= 8 || undefined, 'both calls are given up');
    trouble.off();
    const db = new Database(bot.database, { readonly: true });
    expect(db.prepare('SELECT count(*) AS open FROM rescues WHERE ended_at IS NULL').get()).toEqual({ open: 1 });
    db.close();
    await bot.restart();
    await bot.dad.sees(/stopped in the middle of the rescue of boss/, { in: 'dm' });
    await bot.dad.sees(/Rescue of boss: cut short/, { in: 'dm' });
  });
});
