import { afterEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { closeAll } from '../support/bot.js';
import { auditLines, callsDuring, changes } from '../support/traces.js';
import { connect } from '../support/connect.js';
import {
  adminCards,
  forgottenHouse,
  pinContent,
  pinCame,
  pinMessages,
  pressesForgotPassword,
  typesPin,
  waits,
  writesPinFile,
} from './forgotten-house.js';
import { asksForRescue, rescueHouse } from '../rescue/rescue-house.js';

afterEach(closeAll);

test.each(['10.10.7', '10.11.8', '12.0'])(
  'on %s the owner reads the PIN behind a spoiler, the lock screen shows none of it, and it lets them in',
  async (version) => {
    const bot = await forgottenHouse({ version });
    const { pin } = await pressesForgotPassword(bot, 'maya');
    const message = await bot.maya.sees(pinCame, { in: 'dm' });
    expect(message.lines).toContain(`│ ||\`${pin}\`||`);
    expect(message.content).not.toMatch(/[0-9A-F]{2}-/);
    expect(bot.maya.notifications.map(({ preview }) => preview)).toEqual([message.content]);
    expect(message.labels).toEqual(['It was not me']);
    expect(message.text).not.toContain('badly');
    expect(await typesPin(bot, pin)).toBe(200);
    expect((await bot.jellyfin.signIn('maya', pin)).status).toBe(200);
    expect(adminCards(bot)).toEqual([]);
    await bot.app.stop();
    expect(auditLines(bot)).toEqual(['latchkey forgot password told']);
  },
);

test('reading about it asks Jellyfin for nothing but its accounts', async () => {
  const bot = await forgottenHouse();
  const calls = await callsDuring(bot, async () => {
    await pressesForgotPassword(bot, 'maya');
    await bot.maya.sees(pinCame, { in: 'dm' });
    await bot.app.runJob('upkeep');
  });
  expect(changes(calls)).toEqual(['POST /Users/ForgotPassword']);
});

test('a name that nobody has is told to nobody', async () => {
  const bot = await forgottenHouse({ version: '10.11.8' });
  await expect(pressesForgotPassword(bot, 'nobody')).rejects.toThrow('no PIN file');
  await bot.app.runJob('upkeep');
  expect([...adminCards(bot), ...bot.maya.directMessages(), ...bot.dad.directMessages()]).toEqual([]);
});

describe('an administrator’s account', () => {
  test('is its linked server admin’s: the PIN goes to them and to no other admin', async () => {
    const bot = await forgottenHouse();
    const other = bot.discord.addPerson('Mum', { roles: [bot.discord.roles.admin ?? ''] });
    const { pin } = await pressesForgotPassword(bot, 'boss');
    expect((await bot.dad.sees(pinCame, { in: 'dm' })).text).toContain(pin);
    expect(adminCards(bot)).toEqual([]);
    expect(other.notifications).toEqual([]);
  });

  test.each(['helper', undefined])(
    'is told of in the admin channel, without the PIN, when its owner is no admin any more (%s)',
    async (role) => {
      const bot = await forgottenHouse();
      bot.dad.setRoles(role === undefined ? [] : [bot.discord.roles[role] ?? '']);
      const { pin, file } = await pressesForgotPassword(bot, 'boss');
      const card = await bot.gran.sees(waits);
      expect(card.text).toMatch(/for boss/);
      expect(card.text).toMatch(/administrator's account .*no admin is linked to it/);
      expect(card.text).toContain(file);
      expect(card.text).not.toContain(pin);
      expect(card.labels).toEqual([]);
      expect(bot.dad.directMessages()).toEqual([]);
    },
  );

  test('of which Jellyfin cannot be asked is its linked admin’s still, and any other account counts as one', async () => {
    const bot = await forgottenHouse();
    bot.jellyfin.revokeKey();
    await pressesForgotPassword(bot, 'boss');
    await bot.dad.sees(pinCame, { in: 'dm' });
    await pressesForgotPassword(bot, 'maya');
    expect((await bot.dad.sees(waits)).text).toMatch(/for maya.*\n.*or I cannot see that it is none/);
    expect(bot.maya.directMessages()).toEqual([]);
  });
});

describe('the admin channel hears that one waits, without the PIN,', () => {
  test.each([
    ['when nobody is linked to the account', 'guest', /No member is linked/, () => undefined],
    ['when its owner takes no direct messages', 'maya', /does not take direct messages/, 'closes'],
    ['when its owner has left the server', 'maya', /No member is linked/, 'leaves'],
  ] as const)('%s', async (_when, account, why, does) => {
    const bot = await forgottenHouse();
    if (does === 'closes') bot.maya.closesDms();
    if (does === 'leaves') bot.maya.leaves();
    const { pin } = await pressesForgotPassword(bot, account);
    const card = await bot.dad.sees(waits);
    expect(card.text).toMatch(why);
    expect(card.text).not.toContain(pin);
    expect(bot.dad.notifications).toEqual([]);
    await bot.app.runJob('upkeep');
    expect(adminCards(bot)).toHaveLength(1);
  });
});

test('both parents of a child’s account get the PIN; one whose direct messages are closed takes nothing from the other', async () => {
  const bot = await forgottenHouse();
  const uncle = bot.discord.addPerson('Uncle');
  const aunt = bot.discord.addPerson('Aunt', { dmsClosed: true });
  connect(bot, uncle, 'maya');
  connect(bot, aunt, 'maya');
  const { pin } = await pressesForgotPassword(bot, 'maya');
  for (const owner of [bot.maya, uncle]) expect((await owner.sees(pinCame, { in: 'dm' })).text).toContain(pin);
  await bot.app.runJob('upkeep');
  expect(adminCards(bot)).toEqual([]);
  expect([bot.maya, uncle].map((owner) => owner.directMessages().length)).toEqual([1, 1]);
});

test('of two accounts whose names differ in case only, each has its PIN go to its own owner', async () => {
  let id = '';
  const bot = await forgottenHouse({
    version: '10.11.8',
    before: async ({ jellyfin }) => {
      ({ id } = jellyfin.addUser('another'));
      // As a server since 10.11 allows; it reads it at its start.
      const db = new Database(jellyfin.dbPath);
      db.prepare("UPDATE Users SET Username = 'MAYA' WHERE Username = 'another'").run();
      db.close();
      await jellyfin.restart();
    },
  });
  const uncle = bot.discord.addPerson('Uncle');
  connect(bot, uncle, 'MAYA', id);
  writesPinFile(bot, pinContent('MAYA'));
  await uncle.sees(pinCame, { in: 'dm' });
  expect(bot.maya.directMessages()).toEqual([]);
  expect(adminCards(bot)).toEqual([]);
});

test('the PIN file is found by looking: no file events are asked for, which reach into no container and across no share', async () => {
  const listeners = () => readdirSync('/proc/self/fd').filter((fd) => /inotify/.test(linkOf(`/proc/self/fd/${fd}`)));
  const before = existsSync('/proc/self/fd') ? listeners() : [];
  const bot = await forgottenHouse();
  writesPinFile(bot, pinContent('maya'));
  expect((await bot.maya.sees(pinCame, { in: 'dm' })).text).toContain('03-C1-98-00');
  if (existsSync('/proc/self/fd')) expect(listeners()).toEqual(before);
});

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // the descriptor that the listing itself used
  }
}

describe('It was not me', () => {
  test('tells the admins who says so, and thanks', async () => {
    const bot = await forgottenHouse();
    await pressesForgotPassword(bot, 'maya');
    const pressed = await bot.maya.presses('It was not me');
    expect((await pressed.answer()).text).toMatch(/I have told the admins/);
    const card = await bot.dad.sees(/it was somebody else who pressed/);
    expect(card.content).toContain(`${bot.maya.mention} says`);
    expect(card.text).toContain('Jellyfin account maya');
    await bot.app.stop();
    expect(auditLines(bot)).toEqual(['latchkey forgot password told', 'Maya forgot password not me']);
  });

  test('is told once, however often it is pressed, and after a restart; once more for the next time somebody asks', async () => {
    const bot = await forgottenHouse();
    await pressesForgotPassword(bot, 'maya');
    const message = await bot.maya.sees(pinCame, { in: 'dm' });
    const presses = async () => (await (await bot.maya.presses('It was not me', { on: message })).answer()).text;
    const says = () => adminCards(bot).filter(({ content }) => /it was somebody else who pressed/.test(content));
    await presses();
    // Discord has forgotten the nonce by then.
    for (const { id } of says()) bot.discord.ageMessage(id, 6 * 60_000);
    expect(await presses()).toMatch(/I have told the admins/);
    await bot.restart();
    expect(await presses()).toMatch(/I have told the admins/);
    expect(says()).toHaveLength(1);
    bot.passes(2000);
    const { pin } = await pressesForgotPassword(bot, 'maya');
    await bot.maya.sees(new RegExp(pin), { in: 'dm' });
    await presses();
    expect(says()).toHaveLength(2);
    expect(auditLines(bot).filter((line) => line.includes('not me'))).toHaveLength(2);
  });

  test('is the owner’s to press, and nobody else’s', async () => {
    const bot = await forgottenHouse();
    await pressesForgotPassword(bot, 'maya');
    const message = await bot.maya.sees(pinCame, { in: 'dm' });
    const customId = message.buttons[0]?.customId ?? '';
    for (const stranger of [bot.gran, bot.dad]) {
      const refused = await (await stranger.pressesRaw(customId)).answer();
      expect(refused.text).toMatch(/belongs to somebody else/);
    }
    const unknown = await (await bot.maya.pressesRaw('status:not-me:99', { in: 'dm' })).answer();
    expect(unknown.text).toMatch(/do not know that request any more/);
    expect(adminCards(bot)).toEqual([]);
  });

  test('asks them to tell an admin where the bot may not write to the admin channel', async () => {
    const bot = await forgottenHouse();
    await pressesForgotPassword(bot, 'maya');
    await bot.maya.sees(pinCame, { in: 'dm' });
    bot.discord.setBotOverwrite(bot.discord.adminChannelId, { deny: ['SendMessages'] });
    expect((await (await bot.maya.presses('It was not me')).answer()).text).toMatch(/please tell one yourself/);
  });
});

test('a PIN that the bot asked for itself, in a rescue, goes to nobody', async () => {
  const bot = await rescueHouse({ knowsFolder: true });
  bot.jellyfin.revokeKey();
  await asksForRescue(bot);
  const redeeming = bot.jellyfin.faults.hold({ path: /ForgotPassword\/Pin$/ });
  await bot.dad.presses('Start');
  await redeeming.arrived;
  // It looks for PINs first, and then waits for what is being carried out.
  const round = bot.app.runJob('upkeep');
  redeeming.release();
  await round;
  await bot.dad.presses('Keep the key');
  await bot.dad.sees(/You are back in/, { in: 'dm' });
  await bot.app.runJob('upkeep');
  expect(pinMessages(bot.dad).filter(({ text }) => pinCame.test(text))).toEqual([]);
  expect(adminCards(bot)).toEqual([]);
  await bot.app.stop();
  expect(auditLines(bot).filter((line) => line.includes('forgot password'))).toEqual([]);
});
