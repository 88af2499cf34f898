import { existsSync, readFileSync, readdirSync, readlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { type BotHousehold, closeAll } from '../support/bot.js';
import { auditLines, callsDuring, changes } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import {
  adminCards,
  forgottenHouse,
  logs,
  pinCame,
  pinContent,
  pinMessages,
  pressesForgotPassword,
  typesPin,
  usesPin,
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
    expect(message.labels).toEqual(["It wasn't me"]);
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

test('the PIN of an account whose password is checked elsewhere is sent to nobody, as it changes nothing', async () => {
  const bot = await forgottenHouse();
  await changesPolicy(bot.jellyfin, 'maya', { AuthenticationProviderId: 'Jellyfin.Plugin.LDAP_Auth.Ldap' });
  const { pin } = await pressesForgotPassword(bot, 'maya');
  const card = await bot.dad.sees(waits);
  expect(card.text).toMatch(/a PIN changes nothing: it has to be changed there/);
  expect(card.text).not.toContain(pin);
  expect(bot.maya.directMessages()).toEqual([]);
});

test('so does the owner of an account with a name of any length, as everybody may give themselves', async () => {
  const bot = await forgottenHouse();
  const long = 'maya '.repeat(40).trim();
  bot.jellyfin.renameUser('maya', long);
  const { pin } = await pressesForgotPassword(bot, long);
  const message = await bot.maya.sees(pinCame, { in: 'dm' });
  expect(message.text).toContain(pin);
  expect(message.text).not.toContain(long);
  await bot.app.runJob('upkeep');
  expect(adminCards(bot).filter(({ text }) => waits.test(text))).toEqual([]);
});

describe('the admin channel hears that one waits, without the PIN,', () => {
  test.each([
    ['when nobody is linked to the account', 'guest', /No member is linked/, () => undefined],
    ['when its owner takes no direct messages', 'maya', /does not take direct messages/, 'closes'],
    ['when no direct message can be begun with its owner', 'maya', /does not take direct messages/, 'refuses'],
    ['when its owner has left the server', 'maya', /No member is linked/, 'leaves'],
  ] as const)('%s', async (_when, account, why, does) => {
    const bot = await forgottenHouse();
    if (does === 'closes') bot.maya.closesDms();
    if (does === 'leaves') bot.maya.leaves();
    const body = { code: 50007, message: 'Cannot send messages to this user' };
    if (does === 'refuses')
      bot.discord.faults.on({ method: 'POST', path: /^\/users\/@me\/channels$/, status: 403, body });
    const { pin } = await pressesForgotPassword(bot, account);
    const card = await bot.dad.sees(waits);
    expect(card.text).toMatch(why);
    expect(card.text).not.toContain(pin);
    expect(bot.dad.notifications).toEqual([]);
    await bot.app.runJob('upkeep');
    // That their link sleeps from then on is told by itself.
    expect(adminCards(bot)).toHaveLength(does === 'leaves' ? 2 : 1);
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

describe('It wasn’t me', () => {
  test('tells the admins who says so, and thanks', async () => {
    const bot = await forgottenHouse();
    const { pin } = await pressesForgotPassword(bot, 'maya');
    const left = await (await bot.maya.presses("It wasn't me")).answer();
    expect(left.content).toMatch(/I have told the admins/);
    // It may be the password by now.
    expect([left.labels, left.text]).toEqual([[], expect.stringContaining(pin)]);
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
    const [{ customId = '' } = {}] = message.buttons;
    const presses = async () => (await bot.maya.pressesRaw(customId, { message })).answer();
    const says = () => adminCards(bot).filter(({ content }) => /it was somebody else who pressed/.test(content));
    await presses();
    // Discord has forgotten the nonce by then.
    for (const { id } of says()) bot.discord.ageMessage(id, 6 * 60_000);
    await presses();
    await bot.restart();
    await presses();
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
    expect(unknown.text).toMatch(/do not know that request: it is long over, or its message is from another bot/);
    expect(adminCards(bot)).toEqual([]);
  });

  test('asks them to tell an admin where the bot may not write to the admin channel', async () => {
    const bot = await forgottenHouse();
    await pressesForgotPassword(bot, 'maya');
    await bot.maya.sees(pinCame, { in: 'dm' });
    bot.discord.setBotOverwrite(bot.discord.adminChannelId, { deny: ['SendMessages'] });
    await bot.maya.presses("It wasn't me");
    await bot.maya.sees(/please tell one yourself/, { in: 'dm' });
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
  expect(adminCards(bot).map(({ text }) => text)).toEqual([
    expect.stringMatching(/made a new password for boss and has it/),
  ]);
  await bot.app.stop();
  expect(auditLines(bot).filter((line) => line.includes('forgot password'))).toEqual([]);
});

test('a PIN that somebody asks for after a rescue is told again', async () => {
  const bot = await rescueHouse({ knowsFolder: true });
  bot.jellyfin.revokeKey();
  await asksForRescue(bot);
  await bot.dad.presses('Start');
  await bot.dad.presses('No');
  await bot.dad.sees(/You are back in/, { in: 'dm' });
  const { file } = await pressesForgotPassword(bot, 'boss');
  // As if it were a while later: the clocks of the two machines may differ by some seconds.
  const atSeconds = Date.now() / 1000 + 10;
  utimesSync(join(bot.jellyfin.serverDir, file), atSeconds, atSeconds);
  await bot.app.runJob('upkeep');
  await bot.dad.sees(pinCame, { in: 'dm' });
});

describe('a message about wrong passwords and a PIN', () => {
  /** Maya's account is locked, which she was told. */
  async function locked() {
    const bot = await forgottenHouse();
    await bot.app.runJob('lockouts');
    await bot.jellyfin.lock('maya', '203.0.113.9');
    await bot.app.runJob('lockouts');
    await bot.maya.sees(/Too many wrong passwords/, { in: 'dm' });
    return bot;
  }

  async function forgets(bot: BotHousehold) {
    const { pin } = await pressesForgotPassword(bot, 'maya');
    return { pin, message: await bot.maya.sees(pin, { in: 'dm' }) };
  }

  test('does not ask once more who typed them after its owner has said that it was somebody else', async () => {
    const bot = await locked();
    await (await bot.maya.presses("It wasn't me")).answer();
    const { message } = await forgets(bot);
    expect(bot.maya.directMessages()).toHaveLength(1);
    expect(message.text).toMatch(/The admins know that it was not you/);
    expect(message.text).not.toMatch(/Was it you\?/);
  });

  test('is about the PIN alone once the lock is over', async () => {
    const bot = await locked();
    const { pin } = await forgets(bot);
    await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
    expect((await bot.maya.sees(/is not locked any more/, { in: 'dm' })).text).not.toMatch(/Press \*It/);
    await (await bot.maya.presses("It wasn't me")).answer();
    await bot.dad.sees(/it was somebody else who pressed/);
    expect(adminCards(bot).filter(({ text }) => /somebody else who typed/.test(text))).toEqual([]);
    expect(bot.maya.directMessages().at(-1)?.text).toContain(pin);
  });

  test('shows no PIN that has expired when the end of the lock is told', async () => {
    const bot = await locked();
    const { pin } = await forgets(bot);
    bot.passes(31 * 60_000);
    await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
    expect((await bot.maya.sees(/is not locked any more/, { in: 'dm' })).text).not.toContain(pin);
  });
});

describe('a PIN is a secret', () => {
  test('each PIN stands in its owner’s message while it is good, and is nowhere else, whatever goes wrong', async () => {
    const bot = await forgottenHouse();
    const { maya, dad, jellyfin, discord } = bot;
    const pins: string[] = [];
    const press = async (name: string) => {
      const { pin } = await pressesForgotPassword(bot, name);
      pins.push(pin);
      return pin;
    };
    const toPeople = new RegExp(`^/channels/(?!${discord.adminChannelId})\\d+/messages`);

    // Told and used; told anew by an edit; nobody's; an administrator's; asked for on the page by somebody else.
    await maya.sees(await press('maya'), { in: 'dm' });
    await usesPin(bot, pins.at(-1) ?? '');
    await maya.sees(/was used/, { in: 'dm' });
    await maya.sees(await press('maya'), { in: 'dm' });
    await press('guest');
    await dad.sees(waits);
    await dad.sees(await press('boss'), { in: 'dm' });
    await (await maya.presses("It wasn't me")).answer();

    // The library puts the body of a call that fails into its error.
    bot.passes(31 * 60_000);
    await bot.app.runJob('upkeep');
    const down = discord.faults.on({ method: 'POST', path: toPeople, status: 500, body: { message: 'no' }, times: 99 });
    await press('maya');
    await logs(bot, /not everybody could be told/);
    down.off();
    const refused = { code: 50035, message: 'Invalid Form Body', errors: {} };
    discord.faults.on({ method: 'POST', path: toPeople, status: 400, body: refused });
    await bot.app.runJob('upkeep');
    await dad.sees(/Its owner does not take direct messages/);
    // A file that breaks off behind the PIN.
    bot.passes(31 * 60_000);
    await press('boss');
    await dad.sees(pinCame, { in: 'dm' });
    for (const who of [maya, dad]) await (await who.types('/status')).answer();
    jellyfin.revokeKey();
    await bot.restart();
    await bot.app.runJob('upkeep');
    await bot.app.stop();

    const home = dirname(bot.database);
    const written = [
      ...readdirSync(home).map((name) => ({ name, text: readFileSync(join(home, name), 'latin1') })),
      { name: 'log', text: bot.logged.join('') },
    ];
    expect(new Set(pins).size).toBe(6);
    expect(written.length).toBeGreaterThan(1);
    const said = discord.requests.map(({ method, path, body }) => ({
      call: `${method} ${path}`,
      text: JSON.stringify(body) ?? '',
    }));
    for (const pin of pins) {
      for (const trace of [pin, pin.replaceAll('-', ''), pin.slice(0, 8)]) {
        expect(written.filter(({ text }) => text.includes(trace)).map(({ name }) => name)).toEqual([]);
        const calls = said.filter(({ text }) => text.includes(trace)).map(({ call }) => call);
        expect(calls.filter((call) => !toPeople.test(call.replace(/^\w+ /, '')))).toEqual([]);
        expect(new Set(calls.map((call) => call.split('/')[2])).size).toBeLessThanOrEqual(1);
      }
    }
    const places = [...maya.messages(), ...dad.messages()].filter(({ text }) => pins.some((pin) => text.includes(pin)));
    expect(places.map(({ text }) => pins.findIndex((pin) => text.includes(pin)))).toEqual([5]);
  });
});
