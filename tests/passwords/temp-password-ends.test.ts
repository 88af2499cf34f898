import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditLines, passwordIn } from '../support/traces.js';
import { hourMs, later, listed, mayaHasOne, opens, setsOwn } from './own-password.js';
import { asks, editsIn, passwordsSet, waitsBehindButton } from '../support/two-owners.js';
import { mayasPassword } from '../../sandbox/household.js';
import { connect } from '../support/connect.js';
import { changesPolicy, deletesAccount, setsPassword } from '../support/in-jellyfin.js';

afterEach(closeAll);

describe('the end of a temporary password', () => {
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

  /** Lets the bot come to that moment of taking the password away, and does something then. */
  async function interrupts(bot: BotHousehold, moment: 'first look' | 'last look', act: () => Promise<void>) {
    await later(bot, 13 * hourMs);
    const held = before(bot, moment);
    bot.passes(12 * hourMs);
    const round = bot.app.runJob('upkeep');
    const hold = await held;
    await hold.arrived;
    await act();
    hold.release();
    await round;
    await later(bot, 60_000);
  }

  test.each(['first look', 'last look'] as const)(
    'who sets their own password right before the bot’s %s, as it is to take the temporary one away, keeps it',
    async (moment) => {
      const bot = await startBot();
      const { password } = await mayaHasOne(bot);
      await interrupts(bot, moment, async () => {
        const { token } = await bot.jellyfin.signIn('maya', password);
        expect(token).toBeDefined();
        await setsOwn(bot, password);
      });
      expect(await opens(bot, 'my-very-own')).toBe(true);
      expect(passwordsSet(bot)).toBe(2);
      await bot.maya.sees(/stood here was replaced/, { in: 'dm' });
      expect(bot.maya.notifications).toHaveLength(2);
    },
  );

  test('who sets their own password while the server has not confirmed the bot’s, keeps it', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await later(bot, 13 * hourMs);
    const { faults } = bot.jellyfin;
    faults.on({ ...setting, status: 500, times: 1 });
    const second = new Promise<ReturnType<typeof faults.hold>>((resolve) => {
      const off = bot.jellyfin.onCall(({ path }) => {
        if (!setting.path.test(path)) return;
        off();
        resolve(faults.hold(reading));
      });
    });
    bot.passes(12 * hourMs);
    const round = bot.app.runJob('upkeep');
    const hold = await second;
    await hold.arrived;
    await setsOwn(bot, password);
    hold.release();
    await round;
    await later(bot, 60_000);
    expect(await opens(bot, 'my-very-own')).toBe(true);
  });

  test('who signs in right before the bot’s last look keeps the password, and is reminded to set their own', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await interrupts(bot, 'last look', async () => {
      expect(await opens(bot, password)).toBe(true);
    });
    expect(await opens(bot, password)).toBe(true);
    await bot.maya.sees(/You are still using the temporary password/, { in: 'dm' });
  });

  test('one that the server did not let be taken away is said to be replaced when its owner sets their own', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await later(bot, 13 * hourMs);
    const mend = bot.jellyfin.faults.on({ ...setting, status: 403 });
    await later(bot, 12 * hourMs, 1);
    mend();
    await setsOwn(bot, password);
    await later(bot, 60_000);
    expect(auditLines(bot).at(-1)).toBe('latchkey temporary password replaced');
  });

  test('a message that may not be edited any more is left alone for an hour, and then covered', async () => {
    const bot = await startBot();
    const { password, message } = await mayaHasOne(bot);
    const body = { code: 30046, message: 'Maximum number of edits' };
    const fault = bot.discord.faults.on({ ...editsIn(message.channelId), status: 400, body, times: 99 });
    await setsOwn(bot, password);
    await later(bot, 60_000, 3);
    expect(fault.met).toBe(1);
    fault.off();
    await later(bot, hourMs);
    await bot.maya.sees(/stood here was replaced/, { in: 'dm' });
  });

  test('New one and I have set my own, pressed on a message that is over, change nothing', async () => {
    const bot = await startBot();
    const { password, message } = await mayaHasOne(bot);
    await setsOwn(bot, password);
    await later(bot, 60_000);
    const lines = auditLines(bot).length;
    const [, isIn, renew] = message.buttons.map(({ customId }) => customId ?? '');
    await bot.maya.pressesRaw(isIn ?? '', { message });
    expect((await (await bot.maya.pressesRaw(renew ?? '', { message })).answer()).text).toMatch(/too old for that/);
    await later(bot, 60_000);
    expect(auditLines(bot).slice(lines)).toEqual(['Maya resetpw renew passwordOld']);
    expect(await opens(bot, 'my-very-own')).toBe(true);
  });

  test('I have set my own, pressed twice, is noted once; New one is too late once the time is over, before a round, too', async () => {
    const bot = await startBot();
    const { message } = await mayaHasOne(bot);
    const [, isIn, renew] = message.buttons.map(({ customId }) => customId ?? '');
    for (let n = 0; n < 2; n += 1) await (await bot.maya.pressesRaw(isIn ?? '', { message })).answer();
    bot.passes(day);
    expect((await (await bot.maya.pressesRaw(renew ?? '', { message })).answer()).text).toMatch(/too old for that/);
    expect(passwordsSet(bot)).toBe(1);
    expect(auditLines(bot).filter((line) => /own set/.test(line))).toHaveLength(1);
  });

  test('a change that the bot makes itself while a round is on its way is not taken for its owner’s', async () => {
    const bot = await startBot();
    const { message } = await mayaHasOne(bot);
    await later(bot, 60_000);
    const hold = bot.jellyfin.faults.hold({ path: /ActivityLog.*minDate/i });
    bot.passes(60_000);
    const round = bot.app.runJob('upkeep');
    await hold.arrived;
    await bot.maya.presses('New one');
    const shown = await bot.discord.until(
      () => bot.maya.directMessages().find(({ text }) => text.includes('||') && text !== message.text),
      'another password stands there',
    );
    hold.release();
    await round;
    await later(bot, 60_000);
    expect(bot.maya.directMessages().map(({ text }) => text)).toEqual([shown.text]);
    expect(await opens(bot, passwordIn(shown.text))).toBe(true);
  });

  test('a password that an administrator sets in the dashboard right before the bot’s last look stays as well', async () => {
    const bot = await startBot();
    await mayaHasOne(bot);
    await interrupts(bot, 'last look', async () => {
      await setsPassword(bot.jellyfin, 'maya', 'set-by-dad');
    });
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
    await deletesAccount(bot.jellyfin, 'maya');
    await later(bot, 13 * hourMs);
    await bot.maya.sees(/of no use any more: its Jellyfin account was deleted/, { in: 'dm' });
    expect(bot.maya.notifications).toHaveLength(1);
    expect(await listed(bot)).toBe('');
  });

  describe('a member whose link is taken away meanwhile', () => {
    test('does not read the password any more, hears that alone, and it is taken away in its time', async () => {
      const bot = await startBot();
      const { password } = await mayaHasOne(bot);
      await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
      await later(bot, 60_000);
      expect(bot.maya.directMessages()[0]?.text).toMatch(/not linked to you any more/);
      await later(bot, 13 * hourMs);
      await later(bot, 12 * hourMs);
      expect(bot.maya.notifications).toHaveLength(2);
      expect(bot.maya.directMessages().at(-1)?.content).toMatch(/took the link away/);
      expect(await opens(bot, password)).toBe(false);
      expect(auditLines(bot).at(-1)).toBe('latchkey temporary password expired');
    });

    test('and who uses it is not thrown out by the bot', async () => {
      const bot = await startBot();
      const { password } = await mayaHasOne(bot);
      await opens(bot, password);
      await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
      await later(bot, day);
      expect(bot.maya.notifications).toHaveLength(2);
      expect(bot.maya.directMessages().at(-1)?.content).toMatch(/took the link away/);
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

  test.each([
    ['has become an administrator’s', { IsAdministrator: true }],
    ['has its password checked elsewhere by now', { AuthenticationProviderId: 'Jellyfin.Plugin.LDAP_Auth.Ldap' }],
  ])('an account that %s is left alone', async (_, change) => {
    const bot = await startBot();
    await mayaHasOne(bot);
    await changesPolicy(bot.jellyfin, 'maya', change);
    await later(bot, day);
    await bot.maya.sees(/I cannot tell whether/, { in: 'dm' });
    expect(passwordsSet(bot)).toBe(1);
  });

  test('an administrator’s, which another of them had made for its owner, is taken away like any other', async () => {
    const bot = await startBot({
      before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true, password: 'x' }),
    });
    connect(bot, bot.dad, 'boss');
    await (await bot.dad.types('/resetpw', { user: 'boss' })).answer();
    await bot.dad.sees(/Tap it to see it/, { in: 'dm' });
    await later(bot, day);
    await bot.dad.sees(/was not used in time, so/, { in: 'dm' });
    expect(passwordsSet(bot)).toBe(2);
  });

  test('a log that is cleared right before the bot’s last look tells nothing: the password is left alone', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    await interrupts(bot, 'last look', () => Promise.resolve(bot.jellyfin.clearLog()));
    expect(passwordsSet(bot)).toBe(1);
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
});

describe('trouble with a temporary password', () => {
  const sendsIn = (channelId: string) => ({ method: 'POST', path: new RegExp(`^/channels/${channelId}/messages$`) });

  const refused = { status: 400, body: { code: 50035, message: 'Invalid Form Body', errors: {} } } as const;

  /** What rang on Maya's phone after her password. */
  const rang = (bot: BotHousehold) => bot.maya.notifications.slice(1).map(({ preview }) => preview);

  describe.each([
    ['fails (500)', { status: 500, times: 9 }],
    ['is cut off before it is done', { cut: 'before', times: 9 }],
    ['is cut off after it is done', { cut: 'after', times: 9 }],
  ] as const)('when the word %s', (_, trouble) => {
    test('a later round tells it, once, after a restart, too', async () => {
      const bot = await startBot();
      const { message } = await mayaHasOne(bot);
      const fault = bot.discord.faults.on({ ...sendsIn(message.channelId), ...trouble });
      await later(bot, 13 * hourMs, 1);
      expect(fault.met).toBeGreaterThan(0);
      fault.off();
      for (const one of bot.maya.directMessages()) bot.discord.ageMessage(one.id, 600_000);
      bot.passes(600_000);
      await bot.restart();
      await later(bot, 60_000);
      expect(rang(bot)).toEqual([expect.stringMatching(/have not signed in/)]);
      await later(bot, 12 * hourMs);
      expect(rang(bot)).toEqual([expect.anything(), expect.stringMatching(/was not used in time/)]);
    });
  });

  test('a scrub that Discord does not take is done by a later round; the password does not work any more all the same', async () => {
    const bot = await startBot();
    const { message, password } = await mayaHasOne(bot);
    const fault = bot.discord.faults.on({ ...editsIn(message.channelId), status: 500, times: 50 });
    await setsOwn(bot, password);
    await later(bot, 60_000);
    expect(await listed(bot)).toBe('');
    expect(bot.maya.directMessages()[0]?.text).toBe(message.text);
    fault.off();
    await bot.restart();
    await later(bot, 60_000);
    expect(bot.maya.directMessages()[0]?.text).toMatch(/was replaced/);
  });

  test('a message that is gone, or that Discord will not have changed, is not asked for again and again', async () => {
    const bot = await startBot();
    const { message, password } = await mayaHasOne(bot);
    const fault = bot.discord.faults.on({ ...editsIn(message.channelId), ...refused, times: 50 });
    await setsOwn(bot, password);
    await later(bot, 60_000, 5);
    expect(fault.met).toBe(1);
    expect(await listed(bot)).toBe('');
  });

  describe('a member who takes no direct messages', () => {
    async function wasShown() {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      await waitsBehindButton(bot);
      await (await bot.maya.presses('Show my password')).answer();
      await bot.dad.sees(/^Done/);
      return bot;
    }

    test('is named where they asked, without detail, and reads it at their next command, once', async () => {
      const bot = await wasShown();
      await later(bot, 13 * hourMs);
      const word = await bot.maya.sees(/There is something about your password that you should know/, {
        in: bot.discord.generalChannelId,
      });
      expect(word.pings.users).toEqual([bot.maya.id]);
      expect(word.text).not.toMatch(/temporary|account maya/);
      const said = await (await bot.maya.types('/status')).answer();
      expect(said.lines[0]).toMatch(/You have not signed in to Jellyfin with your temporary password for maya yet/);
      expect(said.text).toMatch(/Do you not have it any more\?/);
      expect((await (await bot.maya.types('/status')).answer()).text).not.toMatch(/You have not signed in/);
      await later(bot, 12 * hourMs);
      const end = await (await bot.maya.types('/status')).answer();
      expect(end.lines[0]).toMatch(/was not used in time, so it does not work any more/);
    });

    test('does not read a reminder that is not true any more', async () => {
      const bot = await wasShown();
      await later(bot, 13 * hourMs);
      bot.jellyfin.addEntry({ type: 'UserPasswordChanged', name: 'changed', userId: dbId(bot) });
      await later(bot, 60_000);
      expect((await (await bot.maya.types('/status')).answer()).text).not.toMatch(/temporary/);
    });
  });

  /** The account's id as the server's database writes it. */
  function dbId(bot: BotHousehold) {
    const id = bot.jellyfin.user('maya').Id.toUpperCase();
    return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
});
