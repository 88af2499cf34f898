import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { closeAll } from '../support/bot.js';
import { auditLines, callsDuring, changes, passwordIn } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { callsJellyfin } from '../support/in-jellyfin.js';
import { botsDevices } from '../support/quick-connect.js';
import { asksForRescue, cardOf, forgotten, rescueHouse, type RescueHouse } from './rescue-house.js';
import type { Household } from '../../sandbox/household.js';
import { lockRepair } from '../../src/repair/lock.js';

afterEach(closeAll);

const backIn = /You are back in/;

const shown = /Tap it to see it/;

describe('with a key that works', () => {
  test('the plan is shown and agreed to; then the account is unlocked, and its password handed over', async () => {
    const bot = await rescueHouse();
    const { dad, jellyfin } = bot;
    await jellyfin.lock('boss');
    const calls = await callsDuring(bot, async () => {
      const plan = await asksForRescue(bot);
      expect(plan.text).toMatch(/boss.*locked after 3 wrong passwords/);
      expect(plan.labels).toEqual(['I know my password', 'I need a new one', 'Cancel']);
    });
    expect(changes(calls)).toEqual([]);

    await dad.presses('I need a new one');
    await dad.sees(backIn, { in: 'dm' });
    const password = passwordIn((await dad.sees(shown, { in: 'dm' })).text);
    expect((await jellyfin.signIn('boss', password)).status).toBe(200);

    const card = await dad.sees(/Rescue of boss: over/, { in: 'dm' });
    expect(card.labels).toEqual([]);
    expect(card.text).toMatch(/✅ Unlocked\n.*✅ A temporary password is set\n.*✅ Read back/);
    // The card, the password and the last word: each made a sound.
    expect(dad.notifications).toHaveLength(3);
    expect(bot.discord.messagesIn(bot.discord.adminChannelId).map(({ content }) => content)).toEqual([
      `${dad.mention} made a new password for boss and has it.`,
    ]);

    await dad.presses('I have set my own');
    await dad.sees(/Good, so it is covered/, { in: 'dm' });
    await bot.app.stop();
    expect(auditLines(bot)).toEqual(
      ['rescue asked', 'rescue begun', 'reset done', 'rescue backIn', 'reset own set'].map((line) => `Dad ${line}`),
    );
  });

  test('whoever knows their password keeps it, and their devices; the lock and what is asked about it end', async () => {
    const bot = await rescueHouse();
    const { dad, jellyfin } = bot;
    const { token = '' } = await jellyfin.signIn('boss', forgotten);
    await bot.app.runJob('lockouts');
    await jellyfin.lock('boss');
    await bot.app.runJob('lockouts');
    await dad.sees(/boss is locked/, { in: bot.discord.adminChannelId });
    const plan = await asksForRescue(bot);
    expect(plan.text).toMatch(/If you know your password, it stays, and your devices stay signed in/);
    await dad.presses('I know my password');
    const end = await dad.sees(/The account is open: sign in with the password that you know/, { in: 'dm' });
    expect([end.labels, end.text.includes('||')]).toEqual([[], false]);
    await callsJellyfin({ url: jellyfin.url, apiKey: token }, 'GET', '/Users/Me');
    expect((await jellyfin.signIn('boss', forgotten)).status).toBe(200);
    await dad.sees(new RegExp(`unlocked by ${dad.mention}`), { in: bot.discord.adminChannelId });
    await bot.app.stop();
    expect(auditLines(bot).filter((line) => line.startsWith('Dad'))).toEqual(
      ['rescue asked', 'rescue begun', 'rescue changed', 'unlock done'].map((line) => `Dad ${line}`),
    );
  });

  test('whose account it is as well hears that its password is another; so does whose it is alone, and by whom it was made', async () => {
    const bot = await rescueHouse();
    const mum = bot.discord.addPerson('Mum');
    bot.jellyfin.addUser('mums', { administrator: true, password: 'mums-own' });
    for (const account of ['boss', 'mums']) connect(bot, mum, account);
    for (const account of ['boss', 'mums']) {
      await asksForRescue(bot, account);
      await bot.dad.presses('Start');
      await bot.dad.sees(backIn, { in: 'dm' });
    }
    const shared = await mum.sees(/account boss has a new password/, { in: 'dm' });
    expect(shared.text).toContain(`${bot.dad.mention}, whose account it is as well, made it.`);
    const own = await mum.sees(/account mums has a new password/, { in: 'dm' });
    expect(own.text).toContain(
      `${bot.dad.mention}, who owns an administrator's account, made it to get back into Jellyfin.`,
    );
    expect(own.text).toMatch(/You get a new one with <\/resetpw:/);
  });

  test('Cancel leaves everything as it was, and says so', async () => {
    const bot = await rescueHouse();
    await bot.jellyfin.lock('boss');
    const calls = await callsDuring(bot, async () => {
      await asksForRescue(bot);
      await bot.dad.presses('Cancel');
      await bot.dad.sees(/Nothing was done/, { in: 'dm' });
    });
    expect(changes(calls)).toEqual([]);
    await bot.app.stop();
    expect(auditLines(bot)).toEqual(['Dad rescue asked', 'Dad rescue cancelled']);
  });

  test('an account that an administrator disabled is switched on only when the person says so', async () => {
    const bot = await rescueHouse({ version: '10.10.7' });
    const { dad, jellyfin } = bot;
    jellyfin.addUser('chief', { administrator: true, disabled: true, password: 'x', limit: 3 });
    for (const answer of ['No', 'Switch it on']) {
      await asksForRescue(bot, 'chief');
      await dad.presses('I need a new one');
      await dad.sees(/chief is not locked: an administrator switched it off/, { in: 'dm' });
      await dad.presses(answer);
      await dad.sees(answer === 'No' ? /That did not work/ : backIn, { in: 'dm' });
      expect(jellyfin.user('chief').Policy.IsDisabled).toBe(answer === 'No');
    }
    expect(auditLines(bot)).toContain('Dad rescue step disabledByAdmin');
  });

  test('a server admin gets the password of another administrator’s account, and New one gives them another', async () => {
    const bot = await rescueHouse();
    const { dad, gran, jellyfin } = bot;
    jellyfin.addUser('chief', { administrator: true, password: 'x', limit: 3 });
    await asksForRescue(bot, 'chief');
    await dad.presses('Start');
    await dad.sees(backIn, { in: 'dm' });
    const first = await dad.sees(shown, { in: 'dm' });
    await dad.presses('New one');
    await bot.discord.until(
      () => dad.directMessages().every(({ text }) => text !== first.text) || undefined,
      'another password stands there',
    );
    const second = await dad.sees(shown, { in: 'dm' });
    expect((await jellyfin.signIn('chief', passwordIn(second.text))).status).toBe(200);
    expect(gran.directMessages()).toEqual([]);
  });

  test.each(['open', 'locked'])(
    'somebody who starts again while the plan waits gets a new one, and the old one is over (%s)',
    async (state) => {
      const bot = await rescueHouse();
      if (state === 'locked') await bot.jellyfin.lock('boss');
      const first = await asksForRescue(bot);
      await (await bot.dad.types('/rescue', {}, { in: 'dm' })).answer();
      await bot.dad.sees(/Rescue of boss: over/, { in: 'dm' });
      await bot.discord.until(() => (cardOf(bot.dad).id === first.id ? undefined : true), 'a new card');
      expect((await (await bot.dad.pressesRaw('rescue:yes:1:1', { in: 'dm' })).answer()).text).toMatch(/is over/);
      await bot.dad.presses(state === 'locked' ? 'I need a new one' : 'Start');
      await bot.dad.sees(backIn, { in: 'dm' });
      expect(auditLines(bot).filter((line) => line === 'Dad rescue begun')).toHaveLength(1);
    },
  );

  test('somebody who starts again while it is being carried out hears that it is', async () => {
    const bot = await rescueHouse();
    await asksForRescue(bot);
    const setting = bot.jellyfin.faults.hold({ method: 'POST', path: /Password/ });
    await bot.dad.presses('Start');
    await setting.arrived;
    expect((await (await bot.dad.types('/rescue')).answer()).text).toMatch(/A rescue is going on already/);
    setting.release();
    await bot.dad.sees(backIn, { in: 'dm' });
  });

  test('two presses of one button count once', async () => {
    const bot = await rescueHouse();
    await asksForRescue(bot);
    await Promise.all([bot.dad.presses('Start'), bot.dad.presses('Start')]);
    await bot.dad.sees(backIn, { in: 'dm' });
    expect(auditLines(bot).filter((line) => line === 'Dad reset done')).toHaveLength(1);
    await bot.dad.sees(/answered that already|is over/, { in: 'dm' });
  });

  test('nobody answers for long: taken for a no, with a word', async () => {
    const bot = await rescueHouse({ overrides: { rescueAnswerWithinMs: 50 } });
    await (await bot.dad.types('/rescue')).answer();
    const word = await bot.dad.sees(/Nothing was done/, { in: 'dm' });
    expect(word.text).toMatch(/did not answer within 15 minutes/);
    expect(bot.dad.notifications.at(-1)?.messageId).toBe(word.id);
  });

  test('a question that comes long after the last press is a new message, which rings', async () => {
    const bot = await rescueHouse();
    bot.jellyfin.addUser('chief', { administrator: true, disabled: true, password: 'x', limit: 3 });
    const first = await asksForRescue(bot, 'chief');
    const hold = bot.jellyfin.faults.hold({ method: 'GET', path: /^\/Users\/\w{32}$/ });
    await bot.dad.presses('I need a new one');
    await hold.arrived;
    bot.passes(2 * 60_000);
    hold.release();
    const question = await bot.dad.sees(/switched it off, perhaps for a reason/, { in: 'dm' });
    expect(question.id).not.toBe(first.id);
    expect(bot.dad.notifications.at(-1)?.messageId).toBe(question.id);
    const old = await bot.dad.sees(/goes on further down/, { in: 'dm' });
    expect(old.id).toBe(first.id);
    expect(old.labels).toEqual([]);
  });
});

test('where no direct message can be begun nothing is begun, and the answer says what to do', async () => {
  const bot = await rescueHouse();
  const body = { code: 50007, message: 'Cannot send messages to this user' };
  bot.discord.faults.on({ method: 'POST', path: /^\/users\/@me\/channels$/, status: 403, body });
  const said = await (await bot.dad.types('/rescue')).answer();
  expect(said.text).toMatch(/cannot send you direct messages.*Nothing was done/);
});

test('with closed direct messages nothing is begun, and the answer says what to do', async () => {
  const bot = await rescueHouse();
  await bot.jellyfin.lock('boss');
  bot.dad.closesDms();
  const calls = await callsDuring(bot, async () => {
    const said = await (await bot.dad.types('/rescue')).answer();
    expect(said.text).toMatch(/cannot send you direct messages.*Nothing was done/);
  });
  expect(changes(calls)).toEqual([]);
  bot.dad.opensDms();
  await asksForRescue(bot);
});

describe('with a key that was revoked', () => {
  test('the PIN file gets them in; a key is made and kept when they say so', async () => {
    const bot = await rescueHouse({ knowsFolder: true });
    const { dad, jellyfin, discord, savedKeys } = bot;
    const { token = '' } = await jellyfin.signIn('boss', forgotten);
    await callsJellyfin({ url: jellyfin.url, apiKey: token }, 'POST', '/Auth/Keys?app=Latchkey');
    const others = await keysOf(jellyfin.url, token);
    jellyfin.revokeKey();
    const plan = await asksForRescue(bot);
    expect(plan.text).toMatch(/cannot see from here whether it is locked/);
    const hold = jellyfin.faults.hold({ path: /ForgotPassword\/Pin$/ });
    await dad.presses('Start');
    await hold.arrived;
    const pins = pinsIn(jellyfin.serverDir);
    hold.release();
    await dad.sees(/Shall I make a new API key/, { in: 'dm' });
    await dad.presses('Keep the key');
    await dad.sees(backIn, { in: 'dm' });
    const password = passwordIn((await dad.sees(shown, { in: 'dm' })).text);
    expect((await jellyfin.signIn('boss', password)).status).toBe(200);
    expect((await jellyfin.signIn('boss', forgotten)).status).toBe(401);
    expect(savedKeys).toHaveLength(1);
    // Not one that another program has, whatever it is called.
    expect(others).not.toContain(savedKeys[0]);
    // The session that made it is over.
    expect(await botsDevices({ url: jellyfin.url, apiKey: savedKeys[0] ?? '' })).toEqual([]);
    // The bot works with it at once.
    expect((await (await dad.types('/status')).answer()).text).toMatch(/10\\?\.10\\?\.7/);
    expect(dad.notifications).toHaveLength(3);
    // Neither the PIN nor the key is said to anybody, and the password to one person only.
    const requests = discord.requests.map(({ path, body }) => ({ path, text: JSON.stringify(body) ?? '' }));
    for (const secret of [...savedKeys, ...pins, ...pins.map((pin) => pin.replaceAll('-', ''))]) {
      expect(requests.filter(({ text }) => text.includes(secret))).toEqual([]);
      expect(bot.logged.join('')).not.toContain(secret);
    }
    expect(new Set(requests.filter(({ text }) => text.includes(password)).map(({ path }) => path)).size).toBe(1);
    expect(bot.logged.join('')).not.toContain(password);
    await bot.app.stop();
    const database = readFileSync(bot.database, 'latin1');
    for (const secret of [...savedKeys, ...pins, password]) expect(database).not.toContain(secret);
  });

  test('where none can be written down, the new key is used until the next start, and it is said where to write it', async () => {
    const bot = await rescueHouse({ knowsFolder: true, overrides: { keyStore: undefined } });
    bot.jellyfin.revokeKey();
    await asksForRescue(bot);
    await bot.dad.presses('Start');
    const end = await bot.dad.sees(backIn, { in: 'dm' });
    expect(end.text).toMatch(/new API key called Latchkey.*Copy it .* to where JELLYFIN\\?_API\\?_KEY is set/);
    expect(bot.dad.directMessages().flatMap(({ labels }) => labels)).not.toContain('Keep the key');
    expect((await (await bot.dad.types('/status')).answer()).text).toMatch(/10\\?\.10\\?\.7/);
  });

  test('no key is made when they do not want one', async () => {
    const bot = await rescueHouse({ knowsFolder: true });
    bot.jellyfin.revokeKey();
    await asksForRescue(bot);
    await bot.dad.presses('Start');
    await bot.dad.sees(/Shall I make a new API key/, { in: 'dm' });
    await bot.dad.presses('No');
    await bot.dad.sees(backIn, { in: 'dm' });
    expect(bot.savedKeys).toEqual([]);
    const status = await (await bot.dad.types('/status')).answer();
    expect(status.text).toMatch(/does not let me in any more/);
  });

  test('a locked account is not let in by a PIN: it says so, and what is left to do', async () => {
    const bot = await rescueHouse({
      knowsFolder: true,
      overrides: { latchkey: 'docker compose run --rm --no-deps latchkey' },
    });
    await bot.jellyfin.lock('boss');
    bot.jellyfin.revokeKey();
    await asksForRescue(bot);
    await bot.dad.presses('Start');
    const word = await bot.dad.sees(/That did not work/, { in: 'dm' });
    expect(word.text).toMatch(/a PIN that nobody was shown is the password now/);
    expect(word.text).toMatch(/docker compose run --rm --no-deps latchkey rescue boss --server-is-stopped/);
    expect(word.text).toMatch(/docker compose start jellyfin/);
    expect(bot.dad.directMessages().some(({ text }) => text.includes('||'))).toBe(false);
  });
});

async function keysOf(url: string, token: string): Promise<string[]> {
  const response = await fetch(`${url}/Auth/Keys`, { headers: { authorization: `MediaBrowser Token="${token}"` } });
  const { Items } = (await response.json()) as { Items: { AccessToken: string }[] };
  return Items.map(({ AccessToken }) => AccessToken);
}

/** The PINs that wait in Jellyfin's folder. */
function pinsIn(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.startsWith('passwordreset'));
  const pins = files.map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { Pin: string }).Pin);
  expect(pins).toHaveLength(1);
  return pins;
}

describe('odd turns of a rescue', () => {
  test('names and folders that look like markdown, mentions or commands act as nothing, and are read as they are', async () => {
    const name = "@everyone **x** `rm` {{ name }} $t(y) <@1> 'q'";
    const bot = await rescueHouse({
      knowsFolder: true,
      before: ({ jellyfin }) => void jellyfin.addUser(name, { administrator: true, password: 'x', limit: 3 }),
    });
    await asksForRescue(bot, name);
    const card = cardOf(bot.dad);
    expect(card.text).toContain("**\\@everyone \\*\\*x\\*\\* \\`rm\\` {{ name }} $t(y) \\<\\@1\\> 'q'**");
    // What cannot stand in a code block is left for the person to fill in.
    expect(card.text).toMatch(/^│ latchkey rescue NAME --server-is-stopped$/m);
    expect(card.pings).toEqual({ everyone: false, roles: [], users: [] });
    await bot.dad.presses('Start');
    await bot.dad.sees(backIn, { in: 'dm' });
  });

  test('the line for the server is quoted for its shell', async () => {
    const name = "Mum & Dad's $(pc)";
    const bot = await rescueHouse({
      knowsFolder: true,
      before: ({ jellyfin }) => void jellyfin.addUser(name, { administrator: true, password: 'x', limit: 3 }),
    });
    await asksForRescue(bot, name);
    expect(cardOf(bot.dad).text).toContain(`rescue 'Mum & Dad'\\''s $(pc)' --server-is-stopped`);
  });

  describe('a PIN for another account that has the name by now', () => {
    /** Aunt's account was called chief when it was linked; by now somebody else's is. */
    async function startsWithAnOldName(version: string) {
      const bot = await rescueHouse({ knowsFolder: true, version });
      bot.jellyfin.addUser('chief', { administrator: true, password: 'chiefs-own', limit: 3 });
      const aunt = bot.discord.addPerson('Aunt', { roles: [bot.discord.roles['admin'] ?? ''] });
      connect(bot, aunt, 'chief', bot.jellyfin.user('boss').Id);
      bot.jellyfin.revokeKey();
      await asksForRescue(bot, undefined, aunt);
      await aunt.presses('Start');
      const word = await aunt.sees(/That did not work\./, { in: 'dm' });
      expect(aunt.directMessages().some(({ text }) => text.includes('||'))).toBe(false);
      const { status } = await bot.jellyfin.signIn('chief', 'chiefs-own');
      return { text: word.text, isLeftAlone: status === 200 };
    }

    test('is left alone in 10.10, whose file says whose it is', async () => {
      const { text, isLeftAlone } = await startsWithAnOldName('10.10.7');
      expect(isLeftAlone).toBe(true);
      expect(text).toMatch(/The PIN file that appeared is for another account, so I left it alone/);
      expect(text).not.toMatch(/is the password/);
    });

    test('is handed to nobody from 10.11 on, and whose password it has become by then is said', async () => {
      const { text, isLeftAlone } = await startsWithAnOldName('10.11.11');
      expect(isLeftAlone).toBe(false);
      expect(text).toMatch(/The PIN was that of another account, which is called chief now/);
      expect(text).toMatch(
        /a PIN that nobody was shown is the password of chief now.*owner gets a new one with Forgot/,
      );
      expect(text).not.toMatch(/left it alone|Run this again/);
    });
  });

  test('an ordinary account, which only the PIN shows to be one: no password, no other way, and what its password is', async () => {
    const bot = await rescueHouse({ knowsFolder: true });
    const aunt = bot.discord.addPerson('Aunt', { roles: [bot.discord.roles['admin'] ?? ''] });
    connect(bot, aunt, 'maya');
    bot.jellyfin.revokeKey();
    // When Jellyfin last gave it, it was an administrator's.
    const db = new Database(bot.database);
    db.exec(`UPDATE links SET on_administrator = 1 WHERE account_name = 'maya'`);
    db.close();
    await asksForRescue(bot, undefined, aunt);
    await aunt.presses('Start');
    const word = await aunt.sees(/That did not work\. That is not an administrator's account/, { in: 'dm' });
    expect(word.text).toMatch(/a PIN that nobody was shown is the password of maya now/);
    expect(word.text).not.toMatch(/Run this again/);
    expect(aunt.directMessages().some(({ text }) => text.includes('||'))).toBe(false);
  });

  describe('what stands in the way of a password is seen before the old one is lost to a PIN:', () => {
    const keepsPassword = async (bot: RescueHouse) => {
      expect(bot.jellyfin.calls.filter(({ path }) => path.endsWith('/Pin'))).toEqual([]);
      expect((await bot.jellyfin.signIn('boss', forgotten)).status).toBe(200);
    };

    test('another password that is about to be shown', async () => {
      const bot = await rescueHouse({ knowsFolder: true });
      bot.dad.closesDms();
      await (await bot.dad.types('/resetpw', { user: 'boss' })).answer();
      bot.dad.opensDms();
      bot.jellyfin.revokeKey();
      await asksForRescue(bot);
      await bot.dad.presses('Start');
      await bot.dad.sees(/That did not work\. A new password for this account is on its way/, { in: 'dm' });
      await keepsPassword(bot);
    });

    test('direct messages that are closed by now', async () => {
      const bot = await rescueHouse({ knowsFolder: true });
      bot.jellyfin.revokeKey();
      await asksForRescue(bot);
      const asking = bot.jellyfin.faults.hold({ path: /ForgotPassword$/ });
      await bot.dad.presses('Start');
      await asking.arrived;
      bot.dad.closesDms();
      asking.release();
      const step = 'Dad rescue step passwordNotShown';
      await bot.discord.until(() => auditLines(bot).includes(step) || undefined, 'the step has failed');
      await keepsPassword(bot);
    });
  });

  test('a no to the restart restarts nothing, and is not told as what Jellyfin would not do', async () => {
    const bot = await rescueHouse({ knowsFolder: true, version: '10.11.8' });
    await bot.jellyfin.lock('boss');
    bot.jellyfin.revokeKey();
    await asksForRescue(bot);
    await bot.dad.presses('I need a new one');
    await bot.dad.sees(/Shall I try the next way: Restart\?/, { in: 'dm' });
    await bot.dad.presses('Next way');
    await bot.dad.sees(/ends everything that is being played\. Restart it now\?/, { in: 'dm' });
    await bot.dad.presses('No');
    const word = await bot.dad.sees(/That did not work\./, { in: 'dm' });
    expect(word.text).toMatch(/did not restart Jellyfin, as nobody said yes to that/);
    expect(word.text).not.toMatch(/did not let me/);
    expect(bot.jellyfin.calls.filter(({ path }) => path === '/System/Restart')).toEqual([]);
  });

  describe('a card', () => {
    test('that was deleted is sent again', async () => {
      const bot = await rescueHouse();
      const first = await asksForRescue(bot);
      bot.discord.world.messages.set(
        first.channelId,
        bot.discord.world.messagesIn(first.channelId).filter(({ id }) => id !== first.id),
      );
      await bot.dad.pressesRaw(first.buttons[0]?.customId ?? '', { in: 'dm' });
      await bot.dad.sees(backIn, { in: 'dm' });
      await bot.dad.sees(/Rescue of boss: over/, { in: 'dm' });
    });

    test('that Discord does not let be edited any more (30046) goes on in another one', async () => {
      const bot = await rescueHouse();
      const first = await asksForRescue(bot);
      bot.discord.faults.on({
        method: 'PATCH',
        path: new RegExp(`/messages/${first.id}$`),
        status: 400,
        body: { code: 30046, message: 'Maximum number of edits to messages older than 1 hour reached.' },
      });
      await bot.dad.presses('Start');
      await bot.dad.sees(backIn, { in: 'dm' });
      const card = await bot.dad.sees(/Rescue of boss: over/, { in: 'dm' });
      expect(card.id).not.toBe(first.id);
    });

    test('is edited no more often than Discord likes, however much happens', async () => {
      const bot = await rescueHouse({ overrides: { rescueEditEveryMs: 300 } });
      const first = await asksForRescue(bot);
      await bot.dad.presses('Start');
      await bot.dad.sees(/Rescue of boss: over/, { in: 'dm' });
      const edits = bot.discord.requests
        .filter(({ method, path }) => method === 'PATCH' && path.endsWith(`/messages/${first.id}`))
        .map(({ at }) => at);
      // One in 300 ms, however long a busy machine takes; one of them may have been held up on its way.
      const lasted = Math.max(...edits) - Math.min(...edits);
      expect(edits.length).toBeLessThanOrEqual(2 + lasted / 300);
    });
  });

  describe('a repair of jellyfin.db that was begun on the command line', () => {
    const record = { version: 1, account: { name: 'boss' }, startedAt: 1, stage: 'stopped' };
    const leaves = (stoppedByUs: boolean) => (household: Household) => {
      mkdirSync(join(household.jellyfin.serverDir, 'data'), { recursive: true });
      writeFileSync(`${household.jellyfin.dbPath}.latchkey.json`, JSON.stringify({ ...record, stoppedByUs }));
    };
    const logged = /it may still be stopped/;
    const stopped = { JELLYFIN_URL: 'http://127.0.0.1:1' };

    test('and left the server stopped: the admins are told, and nothing is done', async () => {
      const bot = await rescueHouse({ knowsFolder: true, before: leaves(true), env: stopped });
      const word = await bot.dad.sees(/Jellyfin may still be stopped/, { in: bot.discord.adminChannelId });
      expect(word.text).toMatch(/on the command line.*rescue that account once more, or start Jellyfin/);
      expect(bot.logged.join('')).toMatch(logged);
      expect(bot.dad.directMessages()).toEqual([]);
    });

    test('and left it stopped, but somebody has started it since: nobody is told anything', async () => {
      const bot = await rescueHouse({ knowsFolder: true, before: leaves(true) });
      await bot.app.stop();
      expect(bot.logged.join('')).not.toMatch(logged);
      expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
    });

    test.each(['setup', 'failed'] as const)(
      'and left it stopped, but it shows a start (%s): it is not stopped',
      async (face) => {
        const starts = async (household: Household) => {
          leaves(true)(household);
          await household.jellyfin.starting(face);
        };
        const bot = await rescueHouse({ knowsFolder: true, before: starts });
        await bot.app.stop();
        expect(bot.logged.join('')).not.toMatch(logged);
        expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
      },
    );

    test('and is at work, or has stopped nothing: nobody is told anything', async () => {
      const bot = await rescueHouse({ knowsFolder: true, before: leaves(false), env: stopped });
      await bot.app.stop();
      const lock = lockRepair(bot.jellyfin.dbPath);
      leaves(true)(bot);
      await bot.restart();
      await bot.app.stop();
      lock.release();
      expect(bot.logged.join('')).not.toMatch(logged);
      expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
    });
  });
});
