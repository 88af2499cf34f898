import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, type BotOptions, closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { auditLines } from '../support/traces.js';
import { changesPolicy, deletesAccount, opensInJellyfin } from '../support/in-jellyfin.js';

afterEach(closeAll);

const cards = ({ discord }: BotHousehold) => discord.messagesIn(discord.adminChannelId);

/** A household whose bot has looked at the log once, and in which Maya is linked. */
async function watching(options: BotOptions = {}): Promise<BotHousehold> {
  const bot = await startBot(options);
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  return bot;
}

describe.each(['10.10.7', '10.11.8', '12.0'])('Jellyfin %s', (version) => {
  test('an account locked by wrong passwords: its owner hears of it, with the address, and the admins see one card', async () => {
    const bot = await watching({ version });
    await bot.jellyfin.lock('maya', '192.168.1.20');
    await bot.app.runJob('lockouts');
    const [word, ...more] = bot.maya.directMessages();
    expect(more).toEqual([]);
    expect(word?.content).toBe(
      'Too many wrong passwords for your Jellyfin account maya, from 192.168.1.20. Was it you?',
    );
    expect(word?.labels).toEqual(['Ask for unlock', 'Reset my password', "It wasn't me"]);
    const [card, ...others] = cards(bot);
    expect(others).toEqual([]);
    expect(card?.content).toBe('maya is locked: too many wrong passwords, from 192.168.1.20.');
    expect(card?.text).toMatch(/Its owner knows/);
    expect(card?.labels).toEqual(['Unlock']);
    for (let n = 0; n < 3; n += 1) await bot.app.runJob('lockouts');
    expect(bot.maya.notifications).toHaveLength(1);
    expect(auditLines(bot).at(-1)).toBe('latchkey lockout locked');
  });
});

test('no new password is offered for an account whose password Jellyfin does not check', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  await changesPolicy(bot.jellyfin, 'maya', { AuthenticationProviderId: 'Jellyfin.Plugin.LDAP_Auth.LdapProvider' });
  await bot.app.runJob('lockouts');
  const [word] = bot.maya.directMessages();
  expect(word?.labels).toEqual(['Ask for unlock', "It wasn't me"]);
  expect(word?.text).toContain('change it at LdapProvider: Jellyfin does not check it itself');
  expect(word?.text).not.toContain('Reset my password');
});

test('a lockout costs four calls to Discord, and three to Jellyfin: its account is read once', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  const before = [bot.discord.requests.length, bot.jellyfin.calls.length] as const;
  await bot.app.runJob('lockouts');
  const called = bot.discord.requests.slice(before[0]).map(({ method, path }) => `${method} ${path.split('/')[1]}`);
  expect(called).toEqual(['GET guilds', 'POST users', 'POST channels', 'POST channels']);
  // The bot's first look at Jellyfin after its start may come late, on a busy machine.
  const firstLook = /^\/System\/(Info\/Public|ActivityLog\/Entries\?limit=1)$/;
  const read = bot.jellyfin.calls.slice(before[1]).filter(({ path }) => !firstLook.test(path));
  expect(read.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
    'GET /GetUtcTime',
    'GET /System/ActivityLog/Entries',
    `GET /Users/${bot.jellyfin.user('maya').Id}`,
  ]);
});

test('Jellyfin 10.11.11 announces locks that never happen, at every further try: nobody is told', async () => {
  const bot = await watching({ version: '10.11.11' });
  for (let round = 0; round < 3; round += 1) {
    await bot.jellyfin.lock('maya');
    await bot.jellyfin.signIn('maya', 'wrong again');
    await bot.app.runJob('lockouts');
  }
  expect(bot.maya.directMessages()).toEqual([]);
  expect(cards(bot)).toEqual([]);
  expect(auditLines(bot).filter((line) => line.includes('lockout'))).toEqual([]);
});

test('a lock that 10.11.8 forgets at a restart is crossed out for both, without a sound', async () => {
  const bot = await watching({ version: '10.11.8' });
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.restart();
  await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
    'Your Jellyfin account maya is not locked any more: you can sign in again.',
  ]);
  expect(bot.maya.directMessages()[0]?.text).toMatch(
    /Somebody else typed the wrong passwords\? Press \*It wasn't me\*\./,
  );
  expect(cards(bot).map(({ text, labels }) => [/open again since/.test(text), labels])).toEqual([[true, []]]);
  expect(bot.maya.notifications).toHaveLength(1);
});

test('an account that was switched off before the bot looked is not said to be locked, to anybody', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  await changesPolicy(bot.jellyfin, 'maya', { IsDisabled: true, InvalidLoginAttemptCount: 0 });
  await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages()).toEqual([]);
  expect(cards(bot)).toEqual([]);
  expect(auditLines(bot)).toEqual(['Dad link done']);
});

test('on the first start ever nothing old is told', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => jellyfin.lock('maya') });
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages()).toEqual([]);
  expect(cards(bot)).toEqual([]);
});

describe('the card', () => {
  test('has Unlock for whoever may, and shows who did it; the owner’s message says so', async () => {
    const bot = await watching();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    expect((await (await bot.gran.presses('Unlock')).answer()).text).toMatch(/maya\*\* is unlocked/);
    const card = await bot.dad.sees(/unlocked by/, { in: bot.discord.adminChannelId });
    expect(card.text).toContain(`unlocked by ${bot.gran.mention}`);
    expect(card.labels).toEqual([]);
    await bot.maya.sees(/is not locked any more/, { in: 'dm' });
    expect(bot.maya.notifications).toHaveLength(1);
    expect(cards(bot)).toHaveLength(1);
  });

  test('shows who approved the request that its owner made of it', async () => {
    const bot = await watching();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    await (await bot.maya.presses('Ask for unlock')).answer();
    await bot.dad.presses('Approve');
    const card = await bot.dad.sees(/unlocked by/, { in: bot.discord.adminChannelId });
    expect(card.text).toContain(`unlocked by ${bot.dad.mention}`);
  });

  test.each([
    ['opened in Jellyfin itself', false, /maya\*\*: open again/, /is not locked any more/],
    ['switched off by an administrator', true, /switched off by an administrator/, /is switched off/],
  ])('follows an account that was %s', async (_how, disabled, card, word) => {
    const bot = await watching();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    await changesPolicy(bot.jellyfin, 'maya', { IsDisabled: disabled, InvalidLoginAttemptCount: 0 });
    await bot.app.runJob('lockouts');
    await bot.dad.sees(card, { in: bot.discord.adminChannelId });
    await bot.maya.sees(word, { in: 'dm' });
    expect(cards(bot)).toHaveLength(1);
  });

  test('follows an account that was deleted', async () => {
    const bot = await watching();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    await deletesAccount(bot.jellyfin, 'maya');
    await bot.app.runJob('lockouts');
    await bot.dad.sees(/maya\*\*: deleted/, { in: bot.discord.adminChannelId });
    await bot.maya.sees(/was deleted/, { in: 'dm' });
  });

  test('is one for ten lockouts at once, with a button for each, and keeps up with every one of them', async () => {
    const bot = await watching();
    const names = Array.from({ length: 10 }, (_, n) => `child${n}`);
    for (const name of names) bot.jellyfin.addUser(name, { password: 'x', limit: 3 });
    for (const name of names) await bot.jellyfin.lock(name);
    await bot.app.runJob('lockouts');
    await bot.jellyfin.lock('maya');
    bot.passes(60_000);
    await bot.app.runJob('lockouts');
    const [card, ...others] = cards(bot);
    expect(others).toEqual([]);
    expect(card?.content).toMatch(/^11 accounts are locked after too many wrong passwords: child0, child1/);
    expect(card?.labels).toEqual([...names, 'maya'].map((name) => `Unlock ${name}`));
    expect(card?.text).toMatch(/child3\*\*: locked .*Nobody in this Discord server is linked/);
    await (await bot.dad.presses('Unlock child3')).answer();
    await bot.dad.sees(/^10 accounts are locked/, { in: bot.discord.adminChannelId });
    expect(cards(bot)).toHaveLength(1);
  });

  test('is another one for a lockout that comes much later', async () => {
    const bot = await watching();
    bot.jellyfin.addUser('leo', { password: 'x', limit: 3 });
    await bot.jellyfin.lock('leo');
    await bot.app.runJob('lockouts');
    bot.passes(11 * 60_000);
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    expect(cards(bot).map(({ content }) => content)).toEqual([
      'leo is locked: too many wrong passwords, from 127.0.0.1.',
      'maya is locked: too many wrong passwords, from 127.0.0.1.',
    ]);
  });

  test('of an administrator’s account can be pressed by a server admin only', async () => {
    const bot = await watching();
    bot.jellyfin.addUser('boss', { administrator: true, password: 'x', limit: 3 });
    await bot.jellyfin.lock('boss', '203.0.113.9');
    await bot.app.runJob('lockouts');
    const [card] = cards(bot);
    expect(card?.labels).toEqual(['Details']);
    const status = await (await bot.dad.types('/status', { user: 'boss' })).answer();
    expect(status.text).toMatch(/\*\*boss\*\*: locked <t:\d+:R>, from 203\.0\.113\.9/);
    for (const person of [bot.gran, bot.dad]) {
      const forged = await person.pressesRaw(`unlock:now:${bot.jellyfin.user('boss').Id}`);
      expect((await forged.answer()).text).toMatch(/Only a Discord admin/);
    }
    expect(bot.jellyfin.user('boss').Policy.IsDisabled).toBe(true);
    connect(bot, bot.dad, 'boss');
    const details = await (await bot.dad.presses('Details', { on: card! })).answer();
    expect((await (await bot.dad.presses('Unlock', { on: details })).answer()).text).toMatch(/boss\*\* is unlocked/);
  });
});

describe('the owners', () => {
  test('are all told, each once; one who left the server is not', async () => {
    const bot = await watching();
    const uncle = bot.discord.addPerson('Uncle');
    const aunt = bot.discord.addPerson('Aunt');
    await bot.links(uncle, 'maya');
    await bot.links(aunt, 'maya');
    aunt.leaves();
    const before = bot.discord.requests.length;
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    await bot.app.runJob('lockouts');
    // Discord lets nobody write to who has left; the bot is not to try.
    const tried = bot.discord.requests.slice(before).filter(({ path }) => path === '/users/@me/channels');
    expect(tried.map(({ body }) => body)).not.toContainEqual({ recipient_id: aunt.id });
    expect(tried).not.toEqual([]);
    expect([bot.maya, uncle, aunt].map((person) => person.directMessages().length)).toEqual([1, 1, 0]);
  });

  test.each(['refused when it is sent', 'refused before it is'])(
    'who take no direct messages are named as such on the card: %s',
    async (how) => {
      const bot = await watching();
      const path = /^\/users\/@me\/channels$/;
      const body = { code: 50007, message: 'Cannot send messages to this user' };
      if (how === 'refused when it is sent') bot.maya.closesDms();
      else bot.discord.faults.on({ method: 'POST', path, status: 403, body });
      await bot.jellyfin.lock('maya');
      await bot.app.runJob('lockouts');
      expect(cards(bot).map(({ text }) => /does not take direct messages/.test(text))).toEqual([true]);
    },
  );

  test('who do not want these words are named as such on the card, unless another one wants them', async () => {
    const bot = await watching();
    const uncle = bot.discord.addPerson('Uncle');
    await bot.links(uncle, 'maya');
    const id = bot.jellyfin.user('maya').Id;
    for (const person of [bot.maya, uncle]) await (await person.pressesRaw(`link:not-these:${id}`)).answer();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    expect(bot.maya.directMessages()).toEqual([]);
    expect(cards(bot).map(({ text }) => text)).toEqual([expect.stringMatching(/does not want to hear of lockouts/)]);
  });

  test('hear of a second lockout within half an hour in the same message, and of three in new ones a day', async () => {
    const bot = await watching();
    const lockAnew = async () => {
      await bot.jellyfin.lock('maya');
      await bot.app.runJob('lockouts');
      await (await bot.dad.presses('Unlock')).answer();
      await bot.discord.until(
        () => (/not locked any more/.test(bot.maya.directMessages().at(-1)?.content ?? '') ? true : undefined),
        'it is over',
      );
    };
    await lockAnew();
    bot.passes(20 * 60_000);
    await lockAnew();
    expect(bot.maya.directMessages()).toHaveLength(1);
    expect(cards(bot)).toHaveLength(1);
    for (let n = 2; n <= 3; n += 1) {
      bot.passes(60 * 60_000);
      await lockAnew();
      expect(bot.maya.directMessages()).toHaveLength(n);
    }
    bot.passes(60 * 60_000);
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    expect(bot.maya.directMessages()).toHaveLength(3);
    expect(cards(bot).at(-1)?.text).toMatch(/has had three messages today/);
    bot.passes(24 * 60 * 60_000);
    await (await bot.dad.presses('Unlock')).answer();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    expect(bot.maya.directMessages()).toHaveLength(4);
  });
});

test('wrong passwords that somebody types after the lock are none of those that locked it', async () => {
  const bot = await startBot({ oneClock: true });
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.lock('maya', '203.0.113.9');
  bot.passes(20_000);
  const name = 'Failed login attempt from maya';
  bot.jellyfin.addEntry({ type: 'AuthenticationFailed', name, shortOverview: 'IP address: 192.168.1.20' });
  await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages()[0]?.content).toMatch(/from 203\.0\.113\.9\. Was it you/);
});

describe('locked again', () => {
  const hourMs = 3_600_000;

  /** Maya is linked, and her account locked by somebody at home; all have been told. */
  async function lockedAndTold(): Promise<BotHousehold> {
    const bot = await startBot({ oneClock: true });
    await bot.links(bot.maya, 'maya');
    await bot.app.runJob('lockouts');
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    return bot;
  }

  async function lockedAnewFrom(bot: BotHousehold, address: string): Promise<void> {
    await opensInJellyfin(bot.jellyfin, 'maya');
    await bot.jellyfin.lock('maya', address);
  }

  async function expectToldAnew(bot: BotHousehold): Promise<void> {
    for (let n = 0; n < 3; n += 1) await bot.app.runJob('lockouts');
    expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
      'Your Jellyfin account maya was locked again after this.',
      'Too many wrong passwords for your Jellyfin account maya, from 203.0.113.9. Was it you?',
    ]);
    expect(cards(bot).map(({ content, labels }) => [content, labels])).toEqual([
      ['maya was locked after too many wrong passwords, and later once more.', []],
      ['maya is locked: too many wrong passwords, from 203.0.113.9.', ['Unlock']],
    ]);
    expect(cards(bot)[0]?.text).toMatch(/maya\*\*: locked again/);
  }

  test('a lockout after an unlock that nobody saw is told as one of its own, and It wasn’t me is about the new tries', async () => {
    const bot = await lockedAndTold();
    await bot.app.stop();
    bot.passes(20 * hourMs);
    await lockedAnewFrom(bot, '203.0.113.9');
    await bot.restart();
    await expectToldAnew(bot);
    await bot.maya.presses("It wasn't me", { on: bot.maya.directMessages()[1]! });
    await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' });
    const said = await bot.dad.sees(/somebody else who typed/, { in: bot.discord.adminChannelId });
    expect(said.text).toContain('203.0.113.9');
  });

  test('so is one between two rounds of a bot that never slept', async () => {
    const bot = await lockedAndTold();
    bot.passes(20 * hourMs);
    await lockedAnewFrom(bot, '203.0.113.9');
    await expectToldAnew(bot);
  });

  test('within half an hour it goes into the same message and onto the same card', async () => {
    const bot = await lockedAndTold();
    await lockedAnewFrom(bot, '203.0.113.9');
    for (let n = 0; n < 3; n += 1) await bot.app.runJob('lockouts');
    expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
      'Too many wrong passwords for your Jellyfin account maya. Was it you?',
    ]);
    expect(cards(bot).map(({ content, labels }) => [content, labels])).toEqual([
      ['maya is locked: too many wrong passwords.', ['Unlock']],
    ]);
  });

  test('many accounts that have been locked for long do not hide it', async () => {
    const bot = await lockedAndTold();
    const names = Array.from({ length: 24 }, (_, n) => `child${n}`);
    for (const name of names) bot.jellyfin.addUser(name, { password: 'x', limit: 3 });
    for (const name of names) await bot.jellyfin.lock(name);
    await bot.app.runJob('lockouts');
    bot.passes(20 * hourMs);
    await lockedAnewFrom(bot, '203.0.113.9');
    await bot.app.runJob('lockouts');
    expect(bot.maya.directMessages().at(-1)?.content).toMatch(/from 203\.0\.113\.9/);
    expect(cards(bot).at(-1)?.content).toMatch(/^maya is locked: .*203\.0\.113\.9/);
  });

  test('nobody is named as having opened it who unlocked it before: the new lock was opened in Jellyfin itself', async () => {
    const bot = await watching();
    await bot.jellyfin.lock('maya');
    const mend = bot.jellyfin.faults.on({ path: /^\/Users\//, status: 503 });
    await bot.app.runJob('lockouts');
    mend();
    await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    await bot.dad.sees(/maya\*\*: locked/);
    await opensInJellyfin(bot.jellyfin, 'maya');
    await bot.app.runJob('lockouts');
    expect((await bot.dad.sees(/maya\*\*: open again/)).text).not.toContain(bot.gran.mention);
  });

  test('one that the server cannot confirm yet is renewed by the next, and told once', async () => {
    const bot = await lockedAndTold();
    bot.passes(20 * hourMs);
    await lockedAnewFrom(bot, '192.168.1.20');
    const mend = bot.jellyfin.faults.on({ path: /^\/Users\//, status: 503 });
    await bot.app.runJob('lockouts');
    mend();
    await lockedAnewFrom(bot, '203.0.113.9');
    for (let n = 0; n < 3; n += 1) await bot.app.runJob('lockouts');
    expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
      expect.stringMatching(/locked again/),
      expect.stringMatching(/^Too many wrong passwords/),
    ]);
    expect(cards(bot)).toHaveLength(2);
  });
});
