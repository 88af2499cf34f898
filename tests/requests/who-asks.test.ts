import { afterEach, expect, test } from 'vitest';
import { looksLike, type MemberName, nameFacts } from '../../src/services/members/member-names.js';
import { closeAll, startBot } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { asks } from '../support/two-owners.js';

afterEach(closeAll);

test.each([
  ['case', 'MAYA'],
  ['Cyrillic letters', 'mаyа'],
  ['Greek letters', 'mαyα'],
  ['full width', 'ｍａｙａ'],
  ['a bold alphabet', '𝗺𝗮𝘆𝗮'],
  ['accents', 'máyà'],
  ['a zero-width space', 'ma\u200Bya'],
  ['a right-to-left mark', 'maya\u202E'],
  ['a filler', 'maya\u3164'],
  ['blanks and dots', 'm.a y_a'],
])('a name that differs from another by %s only looks like it', (_what, name) => {
  expect(looksLike(name)).toBe(looksLike('Maya'));
});

test('small capitals, in which fancy texts are written, look like the letters that they are', () => {
  expect(looksLike('ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ')).toBe(looksLike('abcdefghijklmnopqrstuvwyz'));
});

test('capitals of another alphabet look like others than their small letters do', () => {
  for (const [alike, name] of [
    ['ΜΑΥΑ', 'Maya'],
    ['ΑΝΝΑ', 'Anna'],
    ['НANS', 'Hans'],
    ['ВEN', 'Ben'],
    ['ΖOE', 'Zoe'],
  ] as const) {
    expect(looksLike(alike)).toBe(looksLike(name));
  }
});

test('rn is m to whoever reads fast, 0 is o, and 1 is l; other names are not alike', () => {
  expect(looksLike('Ernrna')).toBe(looksLike('Emma'));
  expect(looksLike('R0LF1')).toBe(looksLike('rolfI'));
  for (const other of ['May', 'Mayan', 'Mara', 'Gran', 'Kim 王']) expect(looksLike(other)).not.toBe(looksLike('Maya'));
});

test('who has invisible characters in a name is named so, and an emoji made of several is none', () => {
  const all: MemberName[] = [];
  const member = (memberId: string, name: string, username: string) =>
    all.push({ memberId, name, username, joinedAt: undefined });
  member('1', 'Maya', 'maya_s');
  member('2', 'mаya\u200F', 'x1337');
  member('3', 'Family 👨‍👩‍👧', 'maya.s');
  const names = {
    remember: () => undefined,
    all: () => all,
    of: (id: string) => all.find((each) => each.memberId === id),
  };
  const facts = (id: string) => {
    const { alike, isDisguised } = nameFacts(names, id) ?? {};
    return { alike, isDisguised };
  };
  expect(facts('2')).toEqual({ alike: ['1'], isDisguised: true });
  expect(facts('3')).toEqual({ alike: ['1'], isDisguised: false });
  expect(nameFacts(names, '4')).toBeUndefined();
});

test('a card shows the Discord name, since when they are in the server, and whose name theirs looks like; a link by name is no proof', async () => {
  const bot = await startBot();
  await (await bot.dad.types('/help')).answer();
  const stranger = bot.discord.addPerson('Dаd\u200B');
  await (await stranger.types('/resetpw', { user: 'maya' })).answer();
  const card = await bot.dad.sees(/asks for a new password for maya, and is not linked/);
  expect(card.text).toMatch(/Discord name: .+, in this Discord server since <t:\d+:D>/);
  expect(card.text).toContain(`**Looks like the name of ${bot.dad.mention}**: make sure who is asking`);
  expect(card.text).toContain('**The name has characters that nobody sees**');
  expect(card.text).toContain('**No proof was given** that the account is theirs');
  expect(card.pings.users).toEqual([]);
  await bot.links(bot.maya, 'maya');
  const ordinary = await asks(bot, bot.maya, '/resetpw');
  expect(ordinary.text).toMatch(/Discord name: maya, in this Discord server since/);
  expect(ordinary.text).not.toMatch(/Looks like|nobody sees|No proof/);
});

test('a card says whose name the asker’s looks like, too, where that one was linked and has never used the bot', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const stranger = bot.discord.addPerson('Mаya');
  await (await stranger.types('/resetpw', { user: 'maya' })).answer();
  const card = await bot.dad.sees(/asks for a new password for maya, and is not linked/);
  expect(card.text).toContain(`**Looks like the name of ${bot.maya.mention}**`);
});

test('so does the list of what waits, where the same can be approved, and the household at a glance', async () => {
  const bot = await startBot();
  await (await bot.dad.types('/help')).answer();
  const stranger = bot.discord.addPerson('somebody');
  stranger.takesNickname('Dad');
  await (await stranger.types('/resetpw', { user: 'maya' })).answer();
  await bot.dad.sees(/asks for a new password for maya, and is not linked/);
  for (const command of ['/requests', '/status'] as const) {
    const said = await (await bot.dad.types(command)).answer();
    expect(said.labels).toContain('Approve and link');
    expect(said.text).toMatch(/Discord name: .+, in this Discord server since <t:\d+:D>/);
    expect(said.text).toContain(`**Looks like the name of ${bot.dad.mention}**`);
    expect(said.text).toContain('**No proof was given**');
    // Whoever cannot approve it need not know.
    expect((await (await bot.gran.types(command)).answer()).text).not.toMatch(/Discord name/);
  }
});

test('so does a member’s menu, where an admin links them', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/help')).answer();
  const mallory = bot.discord.addPerson('mallory99');
  mallory.takesNickname('Maya');
  const menu = await (await bot.dad.usesMenu('Jellyfin account', mallory)).answer();
  expect(menu.text).toMatch(/Discord name: mallory99, in this Discord server since <t:\d+:D>/);
  expect(menu.text).toContain(`**Looks like the name of ${bot.maya.mention}**`);
  expect(menu.text).toContain('**No proof was given**');
  expect(menu.text).not.toMatch(/nobody sees/);
});

test('however many are called alike, the card is posted: it names a few of them', async () => {
  const bot = await startBot();
  withDatabase(bot.database, (db) => {
    const add = db.prepare('INSERT INTO member_names (member_id, name, username) VALUES (?, ?, ?)');
    for (const each of Array(60).keys()) add.run(`1${`${each}`.padStart(17, '0')}`, 'MAYA', `u${each}`);
  });
  await bot.links(bot.maya, 'maya');
  const card = await asks(bot, bot.maya, '/resetpw');
  expect(card.text).toMatch(/Looks like the name of (<@\d+>, ){5}and 55 more/);
});
