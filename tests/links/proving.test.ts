import { afterEach, expect, test } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll, startBot, type BotHousehold, type BotOptions } from '../support/bot.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { botsDevices, codeIn, confirms, quickConnect } from '../support/quick-connect.js';
import { withDatabase } from '../support/database.js';
import { auditLines } from '../support/traces.js';

afterEach(closeAll);

const minute = 60_000;

/** A household whose bot looks often whether a code was confirmed. */
async function house(options: BotOptions = {}) {
  const bot = await startBot({ ...options, overrides: { proofPollMs: 20, ...options.overrides } });
  const { token = '' } = await bot.jellyfin.signIn('maya', mayasPassword, { device: 'phone' });
  const asks = async (who = bot.maya) => codeIn((await (await who.types('/link')).answer()).text);
  return { bot, token, asks, confirms: (code: string, by = token) => confirms(bot.jellyfin, by, code) };
}

/** Resolves when no device of the bot's own is signed in any more. */
async function signedOut({ jellyfin }: BotHousehold): Promise<void> {
  for (const start = Date.now(); (await botsDevices(jellyfin)).length > 0;) {
    if (Date.now() - start > 10_000) throw new Error('the bot is still signed in');
  }
}

test('a member types the code where they are signed in, and is linked, greeted and told; the bot has signed itself out', async () => {
  const { bot, asks, ...at } = await house();
  const secrets: string[] = [];
  bot.jellyfin.onCall(({ path }) => secrets.push(...(/secret=(\w+)/.exec(path)?.slice(1) ?? [])));
  const code = await asks();
  expect(await at.confirms(code)).toBe(200);
  const done = await bot.maya.sees(/Done: you are linked to \*\*maya\*\*/);
  expect(done.private).toBe(true);
  expect(done.text).not.toContain(code);
  const greeting = await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
  expect(greeting.labels).toEqual(['Not these']);
  const card = await bot.dad.sees(/is linked to maya now: they confirmed a code/);
  expect(card.pings).toEqual({ everyone: false, roles: [], users: [] });
  await signedOut(bot);
  expect(await bot.jellyfin.tokenWorks(at.token)).toBe(true);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Nothing stands in the way/);
  expect(auditLines(bot)).toEqual(['Maya link done', 'Maya prove linked']);

  expect(secrets.length).toBeGreaterThan(0);
  const folder = dirname(bot.database);
  const written = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  const said = JSON.stringify(bot.discord.requests.map(({ body }) => body));
  for (const secret of new Set(secrets)) {
    expect([...written, ...bot.logged, said].some((each) => each.includes(secret))).toBe(false);
  }
});

test('an administrator’s account is linked so to an admin, and to nobody else: the admins hear who tried', async () => {
  const { bot, asks, ...at } = await house({
    before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true, password: 'boss-password' }),
  });
  const { token = '' } = await bot.jellyfin.signIn('boss', 'boss-password', { device: 'living room' });
  expect(await at.confirms(await asks(), token)).toBe(200);
  const said = await bot.maya.sees(/Nobody confirmed the code in time, so nothing was changed/);
  expect(said.text).toMatch(/Ask an admin to link you/);
  expect(said.text).not.toContain('boss');
  expect(said.labels).toEqual(['New code']);
  const told = await bot.dad.sees(/tried to link themselves/, { in: bot.discord.adminChannelId });
  expect(told.content).toContain(`${bot.maya.mention} tried to link themselves to the administrator's account boss`);
  expect(told.pings.roles).toEqual([bot.discord.roles['admin']]);
  expect(told.labels).toEqual(['Sign out everywhere']);
  await signedOut(bot);
  expect(await bot.jellyfin.tokenWorks(token)).toBe(true);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Which Jellyfin account is yours/);
  // Gran helps, which is no admin's role either.
  expect(await at.confirms(await asks(bot.gran), token)).toBe(200);
  await bot.gran.sees(/Nobody confirmed the code in time/);
  await bot.restart();
  await bot.app.runJob('upkeep');
  const cards = bot.discord.messagesIn(bot.discord.adminChannelId).filter(({ text }) => /tried to link/.test(text));
  expect(cards).toHaveLength(2);
  expect(auditLines(bot)).toEqual(['Maya prove refused', 'Maya status notLinked', 'Gran prove refused']);

  await (await bot.dad.types('/link')).answer();
  const code = codeIn((await (await bot.dad.presses('Link myself with a code')).answer()).text);
  expect(await at.confirms(code, token)).toBe(200);
  await bot.dad.sees(/you are linked to \*\*boss\*\*/);
  expect((await (await bot.dad.types('/unlock', { user: 'boss' })).answer()).text).not.toMatch(/administrator's/);
  const refused = await (await bot.maya.types('/link', { member: bot.maya, user: 'maya' })).answer();
  expect(refused.text).toMatch(/That is for admins\. .* use <\/link:\d+> with nothing after it: it gives you a code/);
});

test.each(['at once', 'after a restart'])(
  'a code that somebody typed into /signin proves nothing, and no weaker link becomes a stronger one by it: %s',
  async (when) => {
    const { bot, asks, ...at } = await house();
    await bot.links(bot.dad, 'maya');
    await (await bot.dad.types('/link')).answer();
    const own = codeIn((await (await bot.dad.presses('Link myself with a code')).answer()).text);
    const gransCode = await asks(bot.gran);
    if (when !== 'at once') await bot.restart();
    for (const code of [own, gransCode]) {
      const asked = await (await bot.dad.types('/signin', { code })).answer();
      await (await bot.dad.presses('It is in front of me: sign it in', { on: asked })).answer();
    }
    const place = when === 'at once' ? {} : ({ in: 'dm' } as const);
    for (const who of [bot.dad, bot.gran]) {
      expect((await who.sees(/that proves nothing/, place)).labels).toEqual(['New code']);
    }
    await signedOut(bot);
    expect(auditLines(bot).filter((line) => / prove | link /.test(line))).toEqual([
      ...['Dad link done', 'Dad prove bySignIn', 'Gran prove bySignIn'],
    ]);
    await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
    expect((await (await bot.dad.types('/resetpw', { user: 'maya' })).answer()).text).toMatch(/administrator's/);
    await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: false });
    bot.passes(minute);
    await at.confirms(await asks(bot.gran));
    await bot.gran.sees(/you are linked to \*\*maya\*\*/);
  },
);

test('nobody confirms within ten minutes: the answer says so and offers another code', async () => {
  const { bot, asks } = await house();
  const first = await asks();
  bot.passes(10 * minute);
  const said = await bot.maya.sees(/Nobody confirmed the code in time/);
  expect(said.text).not.toContain(first);
  const again = await (await bot.maya.presses('New code')).answer();
  expect(codeIn(again.text)).not.toBe(first);
  expect(auditLines(bot)).toEqual(['Maya prove expired']);
});

test('a code that Jellyfin does not know any more is over; the answer says so and offers another', async () => {
  const { bot, asks } = await house();
  await asks();
  await bot.jellyfin.restart();
  expect((await bot.maya.sees(/Nobody confirmed the code in time/)).labels).toEqual(['New code']);
});

test('who has left the server before the code is confirmed is not linked by it', async () => {
  const { bot, asks, ...at } = await house();
  const code = await asks();
  bot.maya.leaves();
  await at.confirms(code);
  await bot.discord.until(() => auditLines(bot).includes('Maya prove left') || undefined, 'it is over');
  await signedOut(bot);
  expect(auditLines(bot)).toEqual(['Maya prove left']);
});

test('a code that is confirmed while its member gets a newer one links nobody', async () => {
  const { bot, asks, ...at } = await house();
  const reading = bot.jellyfin.faults.hold({ method: 'GET', path: /^\/Users\/\w{32}/ });
  await at.confirms(await asks());
  await reading.arrived;
  await asks();
  reading.release();
  await bot.maya.sees(/You have a newer code/);
  expect(auditLines(bot)).toEqual(['Maya prove replaced']);
});

test('a code that is confirmed after its time opens nothing that stays open', async () => {
  const { bot, asks, ...at } = await house();
  const code = await asks();
  bot.passes(10 * minute);
  await bot.maya.sees(/Nobody confirmed the code in time/);
  expect(await at.confirms(code)).toBe(200);
  expect(await botsDevices(bot.jellyfin)).toHaveLength(1);
  // The try gave the code eleven more minutes.
  bot.passes(11 * minute);
  await bot.app.runJob('upkeep');
  expect(await botsDevices(bot.jellyfin)).toHaveLength(1);
  bot.passes(minute);
  await bot.app.runJob('upkeep');
  expect(await botsDevices(bot.jellyfin)).toEqual([]);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Which Jellyfin account is yours/);
});

test('switched off on the server, or a server that is down: each its own sentence, and nothing is left behind', async () => {
  const { bot } = await house();
  await quickConnect(bot.jellyfin, false);
  expect((await (await bot.maya.types('/link')).answer()).text).toMatch(/Quick Connect\) is switched off/);
  await quickConnect(bot.jellyfin, true);
  const code = codeIn((await (await bot.maya.types('/link')).answer()).text);
  await quickConnect(bot.jellyfin, false);
  expect((await bot.maya.sees(/was switched off in Jellyfin/)).text).not.toContain(code);
  await bot.jellyfin.starting('refused');
  expect((await (await bot.maya.types('/link')).answer()).text).toMatch(/cannot reach the Jellyfin server/);
  await bot.jellyfin.starting('real');
});

test('a server that is away for a moment in between is waited for', async () => {
  const { bot, asks, ...at } = await house();
  const code = await asks();
  bot.jellyfin.faults.on({ path: /^\/QuickConnect\/Connect/, status: 500, times: 3 });
  await at.confirms(code);
  await bot.maya.sees(/Done: you are linked to \*\*maya\*\*/);
});

test('a bot that is restarted in the middle still sees who confirmed, by the device it made up for the code', async () => {
  const { bot, asks, ...at } = await house();
  const code = await asks();
  await bot.restart();
  await at.confirms(code);
  await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
  await signedOut(bot);
  await bot.restart();
  expect(bot.maya.directMessages()).toHaveLength(1);
  expect(auditLines(bot)).toEqual(['Maya link done', 'Maya prove linked']);
});

test('a bot that was restarted writes to somebody whose code nobody confirmed, once', async () => {
  const { bot, asks } = await house();
  await asks();
  await bot.restart();
  bot.passes(10 * minute);
  const word = await bot.maya.sees(/Nobody confirmed the code in time/, { in: 'dm' });
  expect(word.labels).toEqual(['New code']);
  await bot.app.runJob('upkeep');
  await bot.restart();
  expect(bot.maya.directMessages()).toHaveLength(1);
});

test('the session is signed out when the link cannot be made, and when signing out fails at first', async () => {
  const { bot, asks, ...at } = await house();
  bot.jellyfin.faults.on({ method: 'GET', path: /^\/Users\/\w{32}/, status: 500 });
  await at.confirms(await asks());
  expect((await bot.maya.sees(/I could not link you/)).labels).toEqual(['New code']);
  await signedOut(bot);
  bot.jellyfin.faults.clear();
  bot.jellyfin.faults.on({ path: /^\/Sessions\/Logout|^\/Devices/, status: 500, times: 2 });
  await at.confirms(await asks());
  await bot.maya.sees(/Done: you are linked to \*\*maya\*\*/);
  await bot.app.runJob('upkeep');
  bot.jellyfin.faults.clear();
  await bot.app.runJob('upkeep');
  await signedOut(bot);
});

test('an account that is linked already is said to be; a newer code takes the place of an older one', async () => {
  const { bot, asks, ...at } = await house();
  const uncle = bot.discord.addPerson('Uncle');
  for (const owner of [bot.maya, uncle]) await bot.links(owner, 'maya');
  const first = await asks();
  const second = await asks();
  await bot.maya.sees(/You have a newer code/);
  await at.confirms(second);
  await bot.maya.sees(/to which you are linked already/);
  await signedOut(bot);
  await at.confirms(first);
  bot.passes(23 * minute);
  await bot.app.runJob('upkeep');
  expect(await botsDevices(bot.jellyfin)).toEqual([]);
  // Neither the admins nor the other owner hear of what is no news.
  expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
  expect(uncle.directMessages()).toEqual([]);
  expect(auditLines(bot)).toEqual(['Dad link done', 'Dad link done', 'Maya prove replaced', 'Maya prove already']);
});

test('somebody who has asked an admin, and then proves it, needs no admin any more', async () => {
  const { bot, asks, ...at } = await house();
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin');
  await bot.dad.sees(/asks to be linked/);
  await at.confirms(await asks());
  expect((await bot.dad.sees(/Done: .* is linked to maya/)).labels).toEqual([]);
  await bot.maya.sees(/You are linked/, { in: 'dm' });
  expect(bot.maya.directMessages()).toHaveLength(1);
  expect(auditLines(bot).filter((line) => line.includes(' link done'))).toEqual(['Maya link done']);
});

test('Not these takes the word about lockouts away, and it can be had back', async () => {
  const { bot, asks, ...at } = await house();
  await at.confirms(await asks());
  await bot.maya.sees(/You are linked/, { in: 'dm' });
  await bot.maya.presses('Not these');
  const off = await bot.maya.sees(/I do not write to you about lockouts/, { in: 'dm' });
  expect(off.content).toMatch(/^You are linked/);
  await bot.maya.presses('Write to me after all');
  await bot.maya.sees(/when it gets locked/, { in: 'dm' });
});

test('the link, its word to the admins and the end of the code are written together or not at all', async () => {
  const { bot, asks, ...at } = await house();
  const stop = 'CREATE TRIGGER stop BEFORE INSERT ON link_news BEGIN SELECT RAISE(ABORT, "stopped"); END';
  withDatabase(bot.database, (db) => db.exec(stop.replaceAll('"', "'")));
  await at.confirms(await asks());
  await bot.maya.sees(/I could not link you/);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Which Jellyfin account is yours/);
  expect(auditLines(bot)).toEqual(['Maya prove failed', 'Maya status notLinked']);
  withDatabase(bot.database, (db) => db.exec('DROP TRIGGER stop'));
  await at.confirms(await asks());
  await bot.dad.sees(/is linked to maya now: they confirmed a code/);
});

test('ten codes an hour, then it is said when the next may come', async () => {
  const { bot, asks } = await house();
  for (let count = 0; count < 10; count += 1) await asks();
  const said = await (await bot.maya.types('/link')).answer();
  expect(said.text).toMatch(/You have done that 10 times within an hour/);
  bot.passes(60 * minute);
  await asks();
});

test('tries for which Jellyfin could not be reached, or was just starting, use up none of them', async () => {
  const { bot, asks } = await house();
  for (let count = 0; count < 9; count += 1) await asks();
  const tries = async () => (await (await bot.maya.types('/link')).answer()).text;
  await bot.jellyfin.starting('refused');
  for (let count = 0; count < 3; count += 1) expect(await tries()).toMatch(/cannot reach the Jellyfin server/);
  await bot.jellyfin.starting('real');
  await asks();
  expect(await tries()).toMatch(/You have done that 10 times within an hour/);
});

test('a code that works is kept while the server cannot give another one', async () => {
  const { bot, asks, ...at } = await house();
  const code = await asks();
  const off = bot.jellyfin.faults.on({ path: /^\/QuickConnect\/(Initiate|Enabled)/, status: 500 });
  await (await bot.maya.types('/link')).answer();
  off();
  await at.confirms(code);
  await bot.maya.sees(/Done: you are linked to \*\*maya\*\*/);
});

test('whose account it is already hears that somebody else proved it, once, and what to do', async () => {
  const { bot, asks, ...at } = await house();
  const uncle = bot.discord.addPerson('Uncle');
  await bot.links(uncle, 'maya');
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin');
  await bot.dad.sees(/asks to be linked/);
  await at.confirms(await asks());
  const word = await uncle.sees(/is now linked to/, { in: 'dm' });
  expect(word.content).toBe(`Your Jellyfin account maya is now linked to ${bot.maya.mention} as well.`);
  expect(word.text).toContain(`${bot.maya.mention} confirmed a code on a device that is signed in to it.`);
  expect(word.text).toMatch(/If that was not right, tell an admin at once: .*<\/unlink:\d+>/);
  await bot.restart();
  await bot.app.runJob('upkeep');
  const told = [uncle, bot.maya].map(
    (each) => each.directMessages().filter(({ text }) => /as well\./.test(text)).length,
  );
  expect(told).toEqual([1, 0]);
  expect(auditLines(bot).filter((line) => line.startsWith('Maya link'))).toHaveLength(1);
  // A proof is none of the five things that may be asked for in an hour; to be linked was one.
  for (let asked = 1; asked < 5; asked += 1) {
    expect((await (await bot.maya.types('/resetpw')).answer()).text).toContain('I have asked the admins');
    await bot.maya.presses('Cancel my request');
  }
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/5 times within an hour/);
});
