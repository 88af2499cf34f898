import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/database.js';
import { migrations } from '../../src/db/migrations/index.js';
import { openStores } from '../../src/db/stores.js';
import { mayasPassword } from '../../sandbox/household.js';
import type { Person } from '../../sandbox/discord/index.js';
import { type BotHousehold, closeAll, startBot, type BotOptions } from '../support/bot.js';
import { connect, disconnect } from '../support/connect.js';
import { changesPolicy, setsPassword } from '../support/in-jellyfin.js';
import { codeIn, confirms, newDevice } from '../support/quick-connect.js';
import { auditLines, passwordIn } from '../support/traces.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { passwordsSet } from '../support/two-owners.js';
import { forgottenHouse, pinMessages, pressesForgotPassword } from '../pins/forgotten-house.js';

afterEach(closeAll);

const folder = temporaryFolders();

const sleeps = /That account is an administrator's, and your link to it sleeps until you prove/;
const administrators = /That account is a Jellyfin administrator's\. Only a Discord admin/;

/** Everything that was said to somebody in direct messages, or in the admin channel. */
const told = (bot: BotHousehold, words: RegExp, who?: Person) =>
  (who ? who.directMessages() : bot.discord.messagesIn(bot.discord.adminChannelId)).filter(({ text }) =>
    words.test(text),
  );

const proves = async (bot: BotHousehold, who: Person, account: string, password: string) => {
  const { token = '' } = await bot.jellyfin.signIn(account, password, { device: `of ${who.name}` });
  const asked = await (await who.types('/link')).answer();
  const given = asked.labels.includes('Link myself with a code')
    ? await (await who.presses('Link myself with a code', { on: asked })).answer()
    : asked;
  expect(await confirms(bot.jellyfin, token, codeIn(given.text))).toBe(200);
};

/** A household in which somebody was linked to `maya` while that was an ordinary account, and it is one no more. */
async function house(
  how: 'admin' | 'request' | 'proof',
  pick: (bot: BotHousehold) => Person,
  options: BotOptions = {},
) {
  const bot = await startBot({
    ...options,
    overrides: { proofPollMs: 20, ...options.overrides },
    before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true, password: 'boss-1', limit: 3 }),
  });
  const who = pick(bot);
  if (how === 'admin') await bot.links(who, 'maya');
  if (how === 'proof') {
    await proves(bot, who, 'maya', mayasPassword);
    await who.sees(/you are linked to \*\*maya\*\*/);
  }
  if (how === 'request') {
    await (await who.types('/status')).answer();
    await who.presses('Ask an admin');
    await bot.dad.selects('Approve: pick their account', 'maya');
    await who.sees(/You are linked/, { in: 'dm' });
  }
  return { bot, who, becomes: (isAdministrator: boolean) => promotes(bot, 'maya', isAdministrator) };
}

const promotes = (bot: BotHousehold, name: string, isAdministrator = true) =>
  changesPolicy(bot.jellyfin, name, {
    IsAdministrator: isAdministrator,
    ...{ IsDisabled: false, InvalidLoginAttemptCount: 0 },
  });

const admin = (bot: BotHousehold) => bot.dad;
const helper = (bot: BotHousehold) => bot.gran;
const member = (bot: BotHousehold) => bot.maya;

const answer = async (who: Person, command: string, options: Record<string, string> = {}, place = {}) =>
  (await (await who.types(command, options, place)).answer()).text;

describe('a Discord admin who linked themselves to an account that later became an administrator’s', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['/resetpw', {}, /administrator's/],
    ['/resetpw', { user: 'maya' }, administrators],
    ['/resetpw', { user: 'boss' }, administrators],
    ['/unlock', { user: 'maya' }, administrators],
    ['/unlock', { user: 'boss' }, administrators],
    ['/signin', { code: 'CODE' }, sleeps],
    ['/rescue', { user: 'maya' }, sleeps],
    ['/rescue', { user: 'boss' }, /you can rescue an administrator's account once one is linked to you/],
  ])('gets nowhere with %s %j, in the server and in direct messages', async (command, options, refusal) => {
    const { bot, who, becomes } = await house('admin', admin);
    const device = await newDevice(bot.jellyfin);
    await becomes(true);
    for (const name of ['maya', 'boss']) await bot.jellyfin.lock(name);
    const given = options['code'] === 'CODE' ? { code: device.code } : options;
    expect(await answer(who, command, given)).toMatch(refusal);
    // By now the link sleeps, and where they name no account there is none that is theirs.
    expect(await answer(who, command, given, { in: 'dm' })).toMatch(/administrator's|Which Jellyfin account is yours/);
    for (const name of ['maya', 'boss']) expect(bot.jellyfin.user(name).Policy.IsDisabled).toBe(true);
    expect(passwordsSet(bot)).toBe(0);
    expect(await device.letInAs()).toBeUndefined();
  });

  test('nor by buttons that were drawn while it was ordinary', async () => {
    const { bot, who, becomes } = await house('admin', admin);
    const device = await newDevice(bot.jellyfin);
    const asked = await (await who.types('/signin', { code: device.code })).answer();
    const card = await (await who.types('/status', { user: 'maya' })).answer();
    await becomes(true);
    expect((await (await who.presses('It is in front of me: sign it in', { on: asked })).answer()).text).toMatch(
      sleeps,
    );
    expect((await (await who.presses('Reset password', { on: card })).answer()).text).toMatch(administrators);
    expect(await device.letInAs()).toBeUndefined();
    expect(passwordsSet(bot)).toBe(0);
  });

  test('nor while Jellyfin cannot be asked: a rescue takes a link that counts on an administrator’s account', async () => {
    const { bot, who, becomes } = await house('admin', admin);
    const whileDown = async () => {
      await bot.jellyfin.starting('refused');
      const said = await answer(who, '/rescue', { user: 'maya' });
      await bot.jellyfin.starting('real');
      return said;
    };
    expect(await whileDown()).toMatch(/That is not an administrator's account/);
    await becomes(true);
    await answer(who, '/status', { user: 'maya' });
    expect(await whileDown()).toMatch(/once one is linked to you/);
  });

  test('hears once that the link sleeps, and so do the admins, whatever is done afterwards', async () => {
    const { bot, who, becomes } = await house('admin', admin);
    await becomes(true);
    expect(await answer(who, '/resetpw', { user: 'maya' })).toMatch(administrators);
    await who.sees(/Your Jellyfin account maya is an administrator's, so your link to it sleeps/, { in: 'dm' });
    const words = /maya is an administrator's account: the link of .* sleeps until they prove it/;
    await bot.dad.sees(words, { in: bot.discord.adminChannelId });
    await answer(who, '/unlock', { user: 'maya' });
    await bot.app.runJob('follow links');
    await bot.restart();
    await answer(who, '/status', { user: 'maya' });
    await bot.app.runJob('upkeep');
    expect([told(bot, words).length, told(bot, /so your link to it sleeps/, who).length]).toEqual([1, 1]);
    // Nor does linking once more help.
    const again = await (await who.types('/link', { member: who, user: 'maya' })).answer();
    expect(again.text).toMatch(/An administrator's account cannot be linked from here/);
  });

  test('hears nothing of that where the account is ordinary again before they could be told', async () => {
    const { bot, who, becomes } = await house('admin', admin);
    const path = new RegExp(`^/channels/${bot.discord.world.directMessagesWith(who.id).id}/messages$`);
    const fault = bot.discord.faults.on({ method: 'POST', path, status: 500, times: 99 });
    for (const isAdministrator of [true, false]) {
      await becomes(isAdministrator);
      await answer(who, '/status', { user: 'maya' });
    }
    fault.off();
    for (let round = 0; round < 2; round += 1) await bot.app.runJob('upkeep');
    expect(told(bot, /so your link to it sleeps/, who)).toEqual([]);
  });

  test('counts again once they have proved it, or when the account is ordinary again', async () => {
    const { bot, who, becomes } = await house('admin', admin);
    await becomes(true);
    expect(await answer(who, '/resetpw', { user: 'boss' })).toMatch(administrators);
    await becomes(false);
    await bot.app.runJob('follow links');
    expect(await answer(who, '/rescue', { user: 'maya' })).toMatch(/not an administrator's account/);
    await becomes(true);
    expect(await answer(who, '/unlock', { user: 'maya' })).toMatch(administrators);
    await proves(bot, who, 'maya', mayasPassword);
    await who.sees(/you are linked to \*\*maya\*\*/);
    await bot.jellyfin.lock('boss');
    expect(await answer(who, '/unlock', { user: 'boss' })).toMatch(/boss\*\* is unlocked/);
    const lines = auditLines(bot).filter((line) => / link |prove/.test(line));
    expect(lines).toEqual(['Dad link done', 'Dad link done', 'Dad prove linked']);
    // Each time it came to sleep was told the admins, and none when it counted again.
    await bot.app.runJob('upkeep');
    const said = told(bot, /maya is an administrator's account: the link/).flatMap(({ text }) => text.split('\n'));
    expect(said.filter((line) => /^maya is an administrator's account: the link/.test(line))).toHaveLength(2);
  });
});

describe.each<['admin' | 'request' | 'proof', string, (bot: BotHousehold) => Person]>([
  ['request', 'a member', member],
  ['proof', 'a member', member],
  ['proof', 'a helper', helper],
])('with a link by %s to an account that became an administrator’s, %s', (how, _who, pick) => {
  test('sees nothing of it, asks for nothing, and signs nothing in', async () => {
    const { bot, who, becomes } = await house(how, pick);
    const device = await newDevice(bot.jellyfin);
    // The first that is done reads the account: each is tried as the first.
    for (const [command, options] of [
      ['/signin', { code: device.code }],
      ['/resetpw', { user: 'maya' }],
      ['/unlock', { user: 'maya' }],
      ['/status', { user: 'maya' }],
    ] as const) {
      if (who === bot.gran && command === '/status') continue;
      await becomes(true);
      if (command !== '/resetpw') await bot.jellyfin.lock('maya');
      const said = await answer(who, command, options);
      expect(said).toMatch(/administrator's|Which Jellyfin account is yours/);
      await becomes(false);
      await bot.app.runJob('follow links');
    }
    expect(told(bot, /asks (for|to)/).filter(({ text }) => !/asks to be linked/.test(text))).toEqual([]);
    expect(await device.letInAs()).toBeUndefined();
  });

  test('hears of no lockout, and gets no button to unlock it', async () => {
    const { bot, who, becomes } = await house(how, pick, { env: { SELF_UNLOCK: 'allow' } });
    await bot.app.runJob('lockouts');
    await becomes(true);
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    expect(told(bot, /Too many wrong passwords/, who)).toEqual([]);
    expect(told(bot, /maya is locked/)).toHaveLength(1);
  });
});

test.each(['request', 'proof'] as const)(
  'with a link by %s a member gets no password that was asked for before, whoever presses Approve',
  async (how) => {
    const { bot, who, becomes } = await house(how, member);
    connect(bot, bot.dad, 'boss');
    await (await who.types('/resetpw')).answer();
    const card = await bot.dad.sees(/asks for a new password for maya/);
    await becomes(true);
    await bot.dad.presses('Approve', { on: card });
    await bot.dad.sees(/did not work/);
    await bot.app.runJob('upkeep');
    expect(passwordsSet(bot)).toBe(0);
    expect(who.directMessages().filter(({ text }) => text.includes('||'))).toEqual([]);
  },
);

test('a greeting that could not be sent waits for its link to count again', async () => {
  const { bot, who } = await house('admin', member);
  bot.jellyfin.addUser('kid');
  who.closesDms();
  await (await bot.dad.types('/link', { member: who, user: 'kid' })).answer();
  await bot.app.runJob('upkeep');
  const greets = /You are linked to .*kid/;
  for (const isAdministrator of [true, false]) {
    await promotes(bot, 'kid', isAdministrator);
    await answer(bot.dad, '/status', { user: 'kid' });
    if (isAdministrator) expect(await answer(who, '/help')).not.toMatch(greets);
  }
  expect(await answer(who, '/help')).toMatch(greets);
});

test('a new one of an administrator’s account is not made for an admin from whom it was taken', async () => {
  const { bot } = await house('admin', member);
  connect(bot, bot.dad, 'boss');
  await (await bot.dad.types('/resetpw', { user: 'boss' })).answer();
  await bot.dad.sees(/Tap it to see it/, { in: 'dm' });
  disconnect(bot, bot.dad, 'boss');
  await (await bot.dad.presses('New one')).answer();
  expect(passwordsSet(bot)).toBe(1);
});

test('a password that waits behind a button is not shown once the account is an administrator’s', async () => {
  const { bot, who, becomes } = await house('request', member);
  await (await who.types('/resetpw')).answer();
  who.closesDms();
  await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks for a new password/) });
  const button = await who.sees(/press the button/);
  await becomes(true);
  expect((await (await who.presses('Show my password', { on: button })).answer()).text).toMatch(
    /not linked to this member any more|administrator's/,
  );
  expect(passwordsSet(bot)).toBe(0);
});

describe('the PIN of an account that became an administrator’s goes', () => {
  test('to nobody whose link an admin made, be they an admin themselves, whether Jellyfin answers or not', async () => {
    const bot = await forgottenHouse();
    await bot.links(bot.dad, 'guest');
    await promotes(bot, 'guest');
    await pressesForgotPassword(bot, 'guest');
    await bot.dad.sees(/I could send the PIN to nobody/, { in: bot.discord.adminChannelId });
    expect(pinMessages(bot.dad)).toEqual([]);
  });

  test('to no admin by name alone while the list of accounts cannot be read', async () => {
    const bot = await forgottenHouse();
    await bot.links(bot.dad, 'guest');
    await promotes(bot, 'guest');
    bot.jellyfin.faults.on({ path: /^\/Users(\?|$)/, status: 500 });
    await pressesForgotPassword(bot, 'guest');
    await bot.dad.sees(/I could send the PIN to nobody/, { in: bot.discord.adminChannelId });
    expect(pinMessages(bot.dad)).toEqual([]);
  });

  test('to no member who proved it, even though they lost their admin role only now', async () => {
    const bot = await forgottenHouse({ overrides: { proofPollMs: 20 } });
    const mum = bot.discord.addPerson('Mum', { roles: [bot.discord.roles['admin'] ?? ''] });
    await setsPassword(bot.jellyfin, 'guest', 'guest-1');
    await promotes(bot, 'guest');
    await proves(bot, mum, 'guest', 'guest-1');
    await mum.sees(/you are linked to \*\*guest\*\*/);
    mum.setRoles([]);
    await pressesForgotPassword(bot, 'guest');
    await bot.dad.sees(/I could send the PIN to nobody/, { in: bot.discord.adminChannelId });
    expect(pinMessages(mum)).toEqual([]);
  });
});

test('an admin’s proof counts no more once they hold no admin role, and again when they do', async () => {
  const { bot, who, becomes } = await house('admin', admin);
  await becomes(true);
  await proves(bot, who, 'maya', mayasPassword);
  await who.sees(/you are linked to \*\*maya\*\*/);
  // The list of accounts may be that old.
  bot.passes(30_000);
  await bot.jellyfin.lock('boss');
  expect(await answer(who, '/unlock', { user: 'boss' })).toMatch(/boss\*\* is unlocked/);
  const { roles } = bot.discord;
  who.setRoles([]);
  const device = await newDevice(bot.jellyfin);
  expect(await answer(who, '/signin', { code: device.code })).toMatch(/Which Jellyfin account is yours/);
  expect(await answer(who, '/status', { user: 'maya' })).toMatch(/Which Jellyfin account is yours/);
  who.setRoles([roles['admin'] ?? '']);
  expect(await answer(who, '/signin', { code: device.code })).toMatch(/signed in as \*\*maya\*\*/);
});

test('an admin who proved an account by a password that they gave themselves, while it was ordinary, has proved no administrator’s', async () => {
  const { bot, who, becomes } = await house('admin', admin);
  await (await who.types('/resetpw', { user: 'maya' })).answer();
  const { text } = await who.sees(/Tap it to see it/, { in: 'dm' });
  await proves(bot, who, 'maya', passwordIn(text));
  await who.sees(/to which you are linked already/);
  await becomes(true);
  // As docs/security.md says, before it is trusted with that: a new password signs everybody out.
  await setsPassword(bot.jellyfin, 'maya', 'mayas-own');
  expect(await answer(who, '/unlock', { user: 'boss' })).toMatch(administrators);
  for (const user of ['maya', 'boss']) expect(await answer(who, '/resetpw', { user })).toMatch(administrators);
  await bot.app.runJob('follow links');
  await bot.restart();
  expect(await answer(who, '/resetpw', { user: 'boss' })).toMatch(administrators);
  // The one they gave themselves, and the one that was set in Jellyfin.
  expect(passwordsSet(bot)).toBe(2);
  expect(told(bot, /so your link to it sleeps/, who)).toHaveLength(1);
  // Whoever can still sign in to it has proved it by that.
  await proves(bot, who, 'maya', 'mayas-own');
  await who.sees(/you are linked to \*\*maya\*\*/);
  expect(await answer(who, '/resetpw', { user: 'boss' })).toMatch(/boss/);
});

test('a household with one administrator, an admin who is linked by code, notices nothing of all this', async () => {
  const { bot, who } = await house('admin', member);
  await proves(bot, bot.dad, 'boss', 'boss-1');
  await bot.dad.sees(/you are linked to \*\*boss\*\*/);
  expect(await answer(bot.dad, '/status', { user: 'boss' })).toMatch(/### boss/);
  await bot.jellyfin.lock('boss');
  expect(await answer(bot.dad, '/unlock', { user: 'boss' })).toMatch(/boss\*\* is unlocked/);
  expect(await answer(bot.dad, '/resetpw', { user: 'maya' })).toMatch(/maya/);
  await who.sees(/Tap it to see it/, { in: 'dm' });
  const device = await newDevice(bot.jellyfin);
  expect(await answer(bot.dad, '/signin', { code: device.code })).toMatch(/signed in as \*\*boss\*\*/);
  for (const [user, opens, devices] of [
    ['maya', 'Let them in for a while', 'Devices'],
    ['boss', 'Let me in from outside', 'My devices'],
  ] as const) {
    await changesPolicy(bot.jellyfin, user, { EnableRemoteAccess: false });
    const card = await (await bot.dad.types('/status', { user })).answer();
    expect((await (await bot.dad.presses(devices, { on: card })).answer()).text).toMatch(/signed in/);
    await (await bot.dad.presses(opens, { on: card })).answer();
    const opened = await bot.dad.selects('How, and for how long?', 'From outside: 1 hour');
    expect((await opened.answer()).text).toContain(`**${user}** is let in from outside now`);
    expect((await (await bot.dad.presses('End now')).answer()).text).toMatch(/restricted as before/);
  }
  await changesPolicy(bot.jellyfin, 'maya', { IsDisabled: true });
  await (await bot.dad.types('/status', { user: 'maya' })).answer();
  await bot.dad.presses('Switch on', { on: await (await bot.dad.presses('Switch on')).answer() });
  await bot.dad.sees(/\*\*maya\*\* is switched on/);
  expect(await answer(bot.dad, '/rescue')).toMatch(/direct messages/);
  await bot.restart();
  await bot.app.runJob('follow links');
  expect(told(bot, /sleeps/)).toEqual([]);
  expect(told(bot, /sleeps/, bot.dad)).toEqual([]);
});

test('of links that were made before it was written down how, the audit tells it, and the rest are taken for the weakest', () => {
  const file = join(folder(), 'latchkey.db');
  const log = { info: () => undefined, warn: () => undefined };
  const before = openDatabase(file, migrations.slice(0, 14), log);
  const link = before.prepare(
    'INSERT INTO links (member_id, account_id, account_name, linked_at, linked_by) VALUES (?, ?, ?, 1000000, ?)',
  );
  const audit = before.prepare(
    `INSERT INTO audit (at, actor_id, act, outcome, account_id, member_id) VALUES (?, 'x', ?, ?, 'a', ?)`,
  );
  for (const id of ['proved', 'already', 'before', 'expired', 'asked', 'silent']) link.run(id, 'a', 'maya', id);
  link.run('root', 'a', 'maya', 'command line');
  audit.run(1_000_000, 'prove', 'linked', 'proved');
  audit.run(9_000_000, 'prove', 'already', 'already');
  // Since then the link was taken away, and made anew by an admin.
  audit.run(999_000, 'prove', 'linked', 'before');
  audit.run(1_000_000, 'prove', 'expired', 'expired');
  audit.run(1_000_500, 'approve', 'done', 'asked');
  before.close();
  const stores = openStores(file, log, Date.now);
  expect(Object.fromEntries(stores.links.all().map(({ memberId, madeBy }) => [memberId, madeBy]))).toEqual({
    ...{ proved: 'proof', already: 'proof', before: 'admin', expired: 'admin', asked: 'request', silent: 'admin' },
    root: 'commandLine',
  });
  // Whose account it was at the time was not kept: until it is read, a proof counts for an administrator's.
  const proved = stores.links.all().filter(({ provedOnAdministrator }) => provedOnAdministrator);
  expect(proved.map(({ memberId }) => memberId).sort()).toEqual(['already', 'proved']);
  stores.db.close();
});
