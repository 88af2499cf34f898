import { afterEach, describe, expect, test } from 'vitest';
import { closeAll, startBot } from '../support/bot.js';
import { auditLines, callsDuring, passwordIn } from '../support/traces.js';
import { hourMs, later, listed, mayaHasOne, opens, setsOwn } from './own-password.js';
import { isGiven, passwordsSet } from '../support/two-owners.js';

afterEach(closeAll);

describe('a temporary password', () => {
  describe.each(['10.10.7', '10.11.8', '10.11.11', '12.0'])('on Jellyfin %s', (version) => {
    test('a password of one’s own is seen: the message is scrubbed without a sound, and nothing is left to be replaced', async () => {
      const bot = await startBot({ version });
      const { password } = await mayaHasOne(bot);
      await later(bot, 60_000);
      expect(bot.maya.directMessages()[0]?.text).toContain(password);
      expect(await listed(bot)).toMatch(/^maya \(.*\), until <t:/);
      await setsOwn(bot, password);
      await later(bot, 60_000);
      expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
        expect.stringMatching(/The temporary password that stood here was replaced/),
      ]);
      expect(bot.maya.directMessages()[0]?.labels).toEqual([]);
      expect(await listed(bot)).toBe('');
      await later(bot, 100 * hourMs);
      expect(bot.maya.notifications).toHaveLength(1);
      expect(await opens(bot, 'my-very-own')).toBe(true);
      expect(auditLines(bot).slice(-2)).toEqual(['Dad reset done', 'latchkey temporary password replaced']);
    });

    test('one that was used and not replaced is reminded of twice, never taken away, and followed until it is replaced', async () => {
      const bot = await startBot({ version });
      const { password, message } = await mayaHasOne(bot);
      expect(await opens(bot, password)).toBe(true);
      await later(bot, 11 * hourMs);
      expect(bot.maya.notifications).toHaveLength(1);
      await later(bot, hourMs + 60_000);
      const reminder = await bot.maya.sees(/You are still using the temporary password for maya/, { in: 'dm' });
      expect(reminder.content).not.toContain(password);
      expect(reminder.text).toMatch(/Profile.*Password/);
      expect(reminder.labels).toEqual(['Show my account']);
      expect(await listed(bot)).toMatch(/signed in, but no own password set yet/);
      await bot.restart();
      await later(bot, 12 * hourMs);
      await later(bot, 200 * hourMs);
      expect(bot.maya.notifications).toHaveLength(3);
      expect(bot.maya.directMessages()[0]?.text).toBe(message.text);
      expect(await opens(bot, password)).toBe(true);
      expect(passwordsSet(bot)).toBe(1);
      await setsOwn(bot, password);
      await later(bot, 60_000);
      const said = bot.maya.directMessages().map(({ content }) => content);
      expect(said[0]).toMatch(/was replaced/);
      expect(said.slice(1)).toEqual(
        Array.from({ length: 2 }, () => expect.stringMatching(/^This reminder is over\. /)),
      );
      expect(bot.maya.notifications).toHaveLength(3);
    });

    test('one that was never used is reminded of once, then taken away: nobody knows what opens the account now', async () => {
      const bot = await startBot({ version });
      const { password } = await mayaHasOne(bot);
      await later(bot, 12 * hourMs + 60_000);
      const reminder = await bot.maya.sees(/You have not signed in to Jellyfin with your temporary password/, {
        in: 'dm',
      });
      expect(reminder.text).toMatch(/It works until <t:\d+:f>/);
      expect(await opens(bot, 'wrong')).toBe(false);
      await later(bot, 12 * hourMs, 3);
      const [shown, changed, end, ...others] = bot.maya.directMessages();
      expect(others).toEqual([]);
      expect(shown?.content).toMatch(/was not used in time and does not work any more/);
      expect(changed?.content).toMatch(/This reminder is over/);
      expect(end?.content).toMatch(/^Your temporary password for maya was not used in time/);
      expect(end?.text).toMatch(/ask for a new one with <\/resetpw:\d+>/);
      expect(bot.maya.notifications).toHaveLength(3);
      expect(await opens(bot, password)).toBe(false);
      expect(passwordsSet(bot)).toBe(2);
      expect(await listed(bot)).toBe('');
      expect(auditLines(bot).at(-1)).toBe('latchkey temporary password expired');
      // And the way on works.
      const again = await isGiven(bot, bot.maya);
      expect(again.id).not.toBe(shown?.id);
    });
  });

  test('the time is the household’s to set', async () => {
    const bot = await startBot({ env: { TEMP_PASSWORD_TTL: '2h' } });
    const { password } = await mayaHasOne(bot);
    await later(bot, 61 * 60_000);
    await bot.maya.sees(/not signed in/, { in: 'dm' });
    await later(bot, hourMs);
    await bot.maya.sees(/was not used in time, so/, { in: 'dm' });
    expect(await opens(bot, password)).toBe(false);
  });

  test('also for one that a helper passed on by hand', async () => {
    const bot = await startBot({ env: { TEMP_PASSWORD_TTL: '2h' } });
    bot.jellyfin.addUser('leo', { password: 'x' });
    const said = await (await bot.gran.types('/resetpw', { user: 'leo' })).answer();
    await bot.restart();
    await later(bot, 2 * hourMs + 60_000);
    expect(await opens(bot, passwordIn(said.text), 'leo')).toBe(false);
  });

  test('who says that they have set their own without doing so keeps the temporary one, and is reminded', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    expect(await opens(bot, password)).toBe(true);
    await bot.maya.presses('I have set my own');
    await bot.maya.sees(/Good, so it is covered/, { in: 'dm' });
    await later(bot, 60_000);
    expect(await listed(bot)).toMatch(/signed in, but no own password set yet/);
    await later(bot, 30 * hourMs);
    await bot.maya.sees(/You are still using the temporary password/, { in: 'dm' });
    expect(bot.maya.notifications).toHaveLength(2);
    expect(await opens(bot, password)).toBe(true);
    await setsOwn(bot, password);
    await later(bot, 60_000);
    await bot.maya.sees(/stood here was replaced/, { in: 'dm' });
  });

  test('who says so and needs the password once more, to set their own, gets another where it stood', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await bot.maya.presses('I have set my own');
    const hidden = await bot.maya.sees(/Should Jellyfin still ask for the temporary password that stood here/, {
      in: 'dm',
    });
    expect(hidden.labels).toEqual(['New one']);
    await bot.maya.presses('New one', { on: hidden });
    const another = passwordIn((await bot.maya.sees(/Tap it to see it/, { in: 'dm' })).text);
    expect([await opens(bot, password), await opens(bot, another)]).toEqual([false, true]);
    expect(bot.maya.directMessages()).toHaveLength(1);
  });

  test('who presses it without having signed in has hidden their password, and it is taken away in time all the same', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await bot.maya.presses('I have set my own');
    await bot.maya.sees(/Good, so it is covered/, { in: 'dm' });
    expect(await listed(bot)).toMatch(/^maya \(.*\), until <t:/);
    await later(bot, 12 * hourMs + 60_000);
    const reminder = await bot.maya.sees(/You have not signed in to Jellyfin with your temporary password/, {
      in: 'dm',
    });
    expect(reminder.text).toMatch(/Do you not have it any more\? Ask for a new one/);
    await later(bot, 12 * hourMs, 3);
    const [shown, , end, ...others] = bot.maya.directMessages();
    expect(others).toEqual([]);
    expect(shown?.content).toMatch(/was not used in time and does not work any more/);
    expect(end?.content).toMatch(/^Your temporary password for maya was not used in time/);
    expect(await opens(bot, password)).toBe(false);
  });

  test('a newer password ends the older one: no reminder of it, and its own time counts', async () => {
    const bot = await startBot();
    await mayaHasOne(bot);
    await later(bot, 11 * hourMs);
    await (await bot.dad.types('/resetpw', { user: 'maya' })).answer();
    const newer = await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
    await later(bot, 2 * hourMs);
    expect(bot.maya.notifications).toHaveLength(2);
    expect(bot.maya.directMessages().map(({ text }) => text)).toEqual([
      expect.stringMatching(/there is a newer one/),
      newer.text,
    ]);
    await later(bot, 10 * hourMs);
    expect(bot.maya.notifications).toHaveLength(3);
  });

  test('New one is not taken for a password of one’s own, and its time begins anew', async () => {
    const bot = await startBot();
    const { message } = await mayaHasOne(bot);
    await later(bot, 11 * hourMs);
    await bot.maya.presses('New one');
    const shown = await bot.discord.until(() => {
      const [now] = bot.maya.directMessages();
      return now && now.text !== message.text && now.text.includes('||') ? now : undefined;
    }, 'another password stands there');
    await later(bot, 2 * hourMs);
    expect(bot.maya.directMessages().map(({ text }) => text)).toEqual([shown.text]);
    await later(bot, 11 * hourMs);
    expect(bot.maya.directMessages()[0]?.text).toBe(shown.text);
    await bot.maya.sees(/not signed in/, { in: 'dm' });
  });

  test('a round costs one question, however many accounts there are, and none where no password is out', async () => {
    const bot = await startBot();
    const log = () => bot.jellyfin.calls.filter(({ path }) => path.startsWith('/System/ActivityLog')).length;
    const before = log();
    await later(bot, 60_000);
    expect(log()).toBe(before);
    await mayaHasOne(bot);
    await later(bot, 60_000);
    bot.jellyfin.addManyUsers(200);
    bot.jellyfin.addManyEntries(5000);
    const then = log();
    const others = await callsDuring(bot, () => later(bot, 60_000, 5));
    expect(others).toEqual([]);
    // The clock's own round may come in between.
    expect(log()).toBeLessThanOrEqual(then + 6);
  });
});
