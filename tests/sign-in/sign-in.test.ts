import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import type { Person } from '../../sandbox/discord/index.js';
import { closeAll, startBot } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { changesPolicy, setsPassword } from '../support/in-jellyfin.js';
import { codeIn, confirms, newDevice, type NewDevice, quickConnect } from '../support/quick-connect.js';
import { auditLines, callsDuring, changes } from '../support/traces.js';
import { connect } from '../support/connect.js';

afterEach(closeAll);

const minute = 60_000;

const goAhead = 'It is in front of me: sign it in';

async function house() {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  return { bot, device: await newDevice(bot.jellyfin) };
}

test('a member types the code, is warned, and with one press the device is in', async () => {
  const { bot, device } = await house();
  const calls = await callsDuring(bot, async () => {
    const asked = await (await bot.maya.types('/signin', { code: device.code })).answer();
    expect(asked.private).toBe(true);
    expect(asked.text).toMatch(/on a screen in front of you, right now\?/);
    expect(asked.text).toMatch(/signed in as \*\*maya\*\*/);
    expect(asked.labels).toEqual([goAhead, 'No']);
  });
  expect(changes(calls)).toEqual([]);
  expect(await device.letInAs()).toBeUndefined();
  const done = await (await bot.maya.presses(goAhead)).answer();
  expect(done.text).toMatch(/is being signed in as \*\*maya\*\*/);
  expect(done.labels).toEqual([]);
  expect(await device.letInAs()).toBe('maya');
  expect(auditLines(bot).slice(1)).toEqual(['Maya signin begun', 'Maya signin done']);
});

test('who loses the account while the server is asked what was signed in before lets no device in', async () => {
  const { bot, device } = await house();
  const asked = await (await bot.maya.types('/signin', { code: device.code })).answer();
  const devices = bot.jellyfin.faults.hold({ method: 'GET', path: /^\/Devices/ });
  const pressed = await bot.maya.presses(goAhead, { on: asked });
  await devices.arrived;
  await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
  devices.release();
  expect((await pressed.answer()).text).toMatch(/not one of your accounts/);
  expect(await device.letInAs()).toBeUndefined();
});

test('No does nothing', async () => {
  const { bot, device } = await house();
  await bot.maya.types('/signin', { code: device.code });
  expect((await (await bot.maya.presses('No')).answer()).text).toMatch(/Nothing was done/);
  expect(await device.letInAs()).toBeUndefined();
});

test('a code keeps its leading zeros, and loses spaces and hyphens', async () => {
  const { bot } = await house();
  let device: NewDevice;
  let tries = 0;
  do device = await newDevice(bot.jellyfin, `television ${(tries += 1)}`);
  while (!device.code.startsWith('0'));
  const typed = ` ${device.code.slice(0, 3)} - ${device.code.slice(3)} `;
  await (await bot.maya.types('/signin', { code: typed }, { in: 'dm' })).answer();
  await (await bot.maya.presses(goAhead)).answer();
  expect(await device.letInAs()).toBe('maya');
});

describe('each trouble has a sentence of its own:', () => {
  async function says(bot: Awaited<ReturnType<typeof house>>['bot'], code: string): Promise<string> {
    const asked = await (await bot.maya.types('/signin', { code })).answer();
    if (!asked.labels.includes(goAhead)) return asked.text;
    return (await (await bot.maya.presses(goAhead, { on: asked })).answer()).text;
  }

  test('no six digits, a code that nobody shows, one that was used, one that is too old', async () => {
    const { bot, device } = await house();
    expect(await says(bot, '12345')).toMatch(/has six digits/);
    expect(await says(bot, 'abcdef')).toMatch(/has six digits/);
    expect(await says(bot, device.code === '000000' ? '000001' : '000000')).toMatch(/does not know this code/);
    connect(bot, bot.gran, 'maya');
    await (await bot.gran.types('/signin', { code: device.code })).answer();
    await (await bot.gran.presses(goAhead)).answer();
    expect(await says(bot, device.code)).toMatch(/has been used already/);
    const other = await newDevice(bot.jellyfin, 'another');
    await (await bot.maya.types('/signin', { code: other.code })).answer();
    bot.passes(10 * minute);
    expect((await (await bot.maya.presses(goAhead)).answer()).text).toMatch(/more than ten minutes old/);
    expect(await other.letInAs()).toBeUndefined();
  });

  test('switched off on the server, and a server that is down', async () => {
    const { bot, device } = await house();
    await quickConnect(bot.jellyfin, false);
    expect(await says(bot, device.code)).toMatch(/Quick Connect\) is switched off/);
    await bot.jellyfin.starting('refused');
    expect(await says(bot, device.code)).toMatch(/cannot reach the Jellyfin server/);
    await bot.jellyfin.starting('real');
  });

  test('a locked account, with the way out; one that was locked since; one that is switched off', async () => {
    const { bot, device } = await house();
    const asked = await (await bot.maya.types('/signin', { code: device.code })).answer();
    await bot.jellyfin.lock('maya');
    const late = await (await bot.maya.presses(goAhead, { on: asked })).answer();
    expect(late.text).toMatch(/is locked after too many wrong passwords/);
    expect(late.labels).toEqual(['Ask for unlock']);
    const early = await (await bot.maya.types('/signin', { code: device.code })).answer();
    expect(early.labels).toEqual(['Ask for unlock']);
    await bot.maya.presses('Ask for unlock', { on: early });
    await bot.dad.sees(/asks to unlock maya/);
    expect(await device.letInAs()).toBeUndefined();
    const id = bot.jellyfin.addUser('off', { disabled: true }).id;
    connect(bot, bot.gran, 'off', id);
    expect((await (await bot.gran.types('/signin', { code: device.code })).answer()).text).toMatch(/switched off by/);
  });
});

test('a second press, or a second try, of the same person is no error', async () => {
  const { bot, device } = await house();
  const asked = await (await bot.maya.types('/signin', { code: device.code })).answer();
  const go = asked.buttons[0]?.customId ?? '';
  const both = await Promise.all([1, 2].map(() => bot.maya.pressesRaw(go, { message: asked })));
  for (const each of both) expect((await each.answer()).text).toMatch(/is being signed in/);
  expect(bot.jellyfin.calls.filter(({ path }) => path.startsWith('/QuickConnect/Authorize'))).toHaveLength(1);
});

test('of several accounts one is chosen; the link counts at the moment of the press', async () => {
  const { bot, device } = await house();
  const { id } = bot.jellyfin.addUser('child');
  connect(bot, bot.maya, 'child', id);
  await (await bot.maya.types('/signin', { code: device.code })).answer();
  const asked = await (await bot.maya.selects('Pick an account', 'child')).answer();
  expect(asked.text).toMatch(/signed in as \*\*child\*\*/);
  await (await bot.dad.types('/unlink', { member: bot.maya, user: 'child' })).answer();
  expect((await (await bot.maya.presses(goAhead)).answer()).text).toMatch(/not one of your accounts/);
  expect(await device.letInAs()).toBeUndefined();
});

test('an administrator’s account is let in by whom it is linked to, and by no other admin', async () => {
  const { bot, device } = await house();
  connect(bot, bot.gran, 'root');
  await (await bot.gran.types('/signin', { code: device.code })).answer();
  const go = (await bot.gran.sees(/in front of you/)).buttons[0]?.customId ?? '';
  expect((await (await bot.dad.pressesRaw(go)).answer()).text).toMatch(/not one of your accounts/);
  await bot.gran.presses(goAhead);
  await bot.gran.sees(/is being signed in as \*\*root\*\*/);
  expect(await device.letInAs()).toBe('root');
});

test('it is offered on /status and after an unlock, as a button that asks for the code', async () => {
  const { bot, device } = await house();
  await (await bot.maya.types('/status')).answer();
  await (await bot.maya.presses('Sign in with a code')).modal();
  await (await bot.maya.fillsIn({ 'The six digits on the new device': device.code })).answer();
  await (await bot.maya.presses(goAhead)).answer();
  expect(await device.letInAs()).toBe('maya');
  await bot.jellyfin.lock('maya');
  await bot.maya.types('/unlock');
  await bot.dad.presses('Approve');
  const word = await bot.maya.sees(/is unlocked/, { in: 'dm' });
  expect(word.labels).toContain('Sign in with a code');
});

test('somebody who is linked to nothing is told so, whatever the code', async () => {
  const { bot, device } = await house();
  const zoe = bot.discord.addPerson('Zoe');
  expect((await (await zoe.types('/signin', { code: device.code })).answer()).text).toMatch(
    /Which Jellyfin account is yours/,
  );
});

describe('a device that was signed in with a code', () => {
  const told = /A new device was signed in to your Jellyfin account maya by/;

  async function devicesOf({ jellyfin }: Awaited<ReturnType<typeof startBot>>): Promise<string[]> {
    const headers = { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` };
    const { Items } = (await (await fetch(`${jellyfin.url}/Devices`, { headers })).json()) as {
      Items: { Name: string }[];
    };
    return Items.map(({ Name }) => Name);
  }

  async function twoOwnersAndADevice() {
    const bot = await startBot({ overrides: { proofPollMs: 20 } });
    const uncle = bot.discord.addPerson('Uncle');
    await bot.links(bot.maya, 'maya');
    await bot.links(uncle, 'maya');
    const { token = '' } = await bot.jellyfin.signIn('maya', mayasPassword, { device: 'phone' });
    return { bot, uncle, token, device: await newDevice(bot.jellyfin) };
  }

  async function signsIn(who: Person, device: NewDevice) {
    await (await who.types('/signin', { code: device.code })).answer();
    return (await (await who.presses(goAhead)).answer()).text;
  }

  test('is told to everybody who is linked to the account; an owner who says no has it signed out, and the admins hear', async () => {
    const { bot, uncle, token, device } = await twoOwnersAndADevice();
    await signsIn(uncle, device);
    expect(await device.letInAs()).toBe('maya');
    const [mayas, uncles] = [await bot.maya.sees(told, { in: 'dm' }), await uncle.sees(told, { in: 'dm' })];
    expect(mayas.content).toBe(
      `A new device was signed in to your Jellyfin account maya by ${uncle.mention} with a code.`,
    );
    expect([mayas.labels, uncles.labels]).toEqual([["It wasn't me"], ["It wasn't me"]]);
    // However long the server needs for it.
    bot.jellyfin.faults.on({ method: 'DELETE', path: /^\/Devices/, delayMs: 30 });
    await bot.maya.presses("It wasn't me");
    const pressed = await bot.maya.sees(/signed it out of \*\*maya\*\*: a new television/, { in: 'dm' });
    expect([pressed.id, pressed.labels]).toEqual([mayas.id, []]);
    expect(await devicesOf(bot)).toEqual(['phone']);
    expect(await bot.jellyfin.tokenWorks(token)).toBe(true);
    const card = await bot.dad.sees(/was not theirs/, { in: bot.discord.adminChannelId });
    expect(card.content).toContain(`${bot.maya.mention} says that the device which ${uncle.mention} signed in`);
    expect(card.text).toMatch(/I have signed out what was new there since/);
    expect(card.pings.roles).toEqual([bot.discord.roles['admin']]);
    await (await bot.maya.pressesRaw(mayas.buttons[0]?.customId ?? '', { message: mayas })).answer();
    await bot.restart();
    await bot.app.runJob('upkeep');
    const cards = bot.discord.messagesIn(bot.discord.adminChannelId).filter(({ text }) => /was not theirs/.test(text));
    expect(cards).toHaveLength(1);
    expect(bot.maya.directMessages()).toHaveLength(1);
    expect(auditLines(bot, uncle).filter((line) => / signin /.test(line))).toEqual([
      'Uncle signin begun',
      'Uncle signin done',
      'Maya signin not me',
    ]);
  });

  test('under the id of a device that was there is not said to be signed out: what ends it is named', async () => {
    const { bot, uncle } = await twoOwnersAndADevice();
    const alike = await newDevice(bot.jellyfin, 'phone');
    await signsIn(uncle, alike);
    expect(await alike.letInAs()).toBe('maya');
    const word = await bot.maya.sees(told, { in: 'dm' });
    const said = (await (await bot.maya.presses("It wasn't me", { on: word })).answer()).text;
    expect(said).toMatch(
      /No device on \*\*maya\*\* is new .* took the place of one of yours: .*My devices.*Sign out every/,
    );
    const card = await bot.dad.sees(/was not theirs/, { in: bot.discord.adminChannelId });
    expect(card.text).toMatch(/A device can take the place of another: \*Sign out everywhere\* ends that/);
    await (await bot.maya.types('/status')).answer();
    await (await bot.maya.presses('My devices')).answer();
    await bot.maya.presses('Sign out everywhere');
    await (await bot.maya.presses('Sign out everywhere', { on: await bot.maya.sees(/This signs/) })).answer();
    expect(await devicesOf(bot)).toEqual([]);
  });

  test('that the server says it signed out, and did not, is said to be signed in still; nobody else’s device is touched', async () => {
    const { bot, uncle, device } = await twoOwnersAndADevice();
    await signsIn(uncle, device);
    bot.jellyfin.addUser('leo', { password: 'leos' });
    const { token = '' } = await bot.jellyfin.signIn('leo', 'leos', { device: 'leos phone' });
    const word = await bot.maya.sees(told, { in: 'dm' });
    const deaf = bot.jellyfin.faults.on({ method: 'DELETE', path: /^\/Devices/, status: 204 });
    expect((await (await bot.maya.presses("It wasn't me", { on: word })).answer()).text).not.toMatch(/signed it out/);
    expect((await bot.dad.sees(/was not theirs/)).text).toMatch(/it is still signed in/);
    deaf();
    await bot.app.runJob('upkeep');
    expect(await devicesOf(bot)).not.toContain('a new television');
    expect(await bot.jellyfin.tokenWorks(token)).toBe(true);
  });

  test('is not told to somebody who does not own the account any more by then', async () => {
    const { bot, uncle, device } = await twoOwnersAndADevice();
    const path = new RegExp(`^/channels/${bot.discord.world.directMessagesWith(uncle.id).id}/messages$`);
    const fault = bot.discord.faults.on({ method: 'POST', path, status: 500, times: 99 });
    await signsIn(bot.maya, device);
    await (await bot.dad.types('/unlink', { member: uncle, user: 'maya' })).answer();
    await bot.restart();
    fault.off();
    await bot.app.runJob('upkeep');
    expect(uncle.directMessages().filter(({ text }) => told.test(text))).toEqual([]);
  });

  test('is told to the other owners, whatever the one who let it in calls the account', async () => {
    const { bot, uncle, device } = await twoOwnersAndADevice();
    bot.jellyfin.renameUser('maya', 'long '.repeat(600));
    await signsIn(uncle, device);
    expect(await device.letInAs()).toBeDefined();
    await bot.maya.sees(/new device was signed in to your Jellyfin account long long .* by/, { in: 'dm' });
    // Nor does what is asked for it go unseen.
    await bot.jellyfin.lock('long '.repeat(600));
    await (await uncle.types('/unlock')).answer();
    await bot.dad.sees(/asks to unlock long long/, { in: bot.discord.adminChannelId });
  });

  test('whose name fills a message, and one of many, is signed out all the same', async () => {
    const { bot, uncle, device } = await twoOwnersAndADevice();
    await signsIn(uncle, device);
    await bot.maya.sees(told, { in: 'dm' });
    for (const each of Array(12).keys())
      await bot.jellyfin.signIn('maya', mayasPassword, { device: `${each} ${'long '.repeat(900)}` });
    await bot.maya.presses("It wasn't me");
    await bot.maya.sees(/signed it out of \*\*maya\*\*: .*long long[^]*3 more/, { in: 'dm' });
    expect(await devicesOf(bot)).toEqual(['phone']);
  });

  test('of two, the one that was denied is signed out, and not the one after it', async () => {
    const { bot, uncle, device } = await twoOwnersAndADevice();
    await signsIn(uncle, device);
    const first = await bot.maya.sees(told, { in: 'dm' });
    const own = await newDevice(bot.jellyfin, 'the tablet');
    await signsIn(bot.maya, own);
    expect(await devicesOf(bot)).toContain('the tablet');
    await bot.maya.presses("It wasn't me", { on: first });
    await bot.maya.sees(/signed it out .*a new television/, { in: 'dm' });
    expect(await devicesOf(bot)).toEqual(expect.arrayContaining(['phone', 'the tablet']));
    expect(await own.letInAs()).toBe('maya');
  });

  test('that is denied while Jellyfin does not answer is signed out as soon as it does', async () => {
    const { bot, uncle, device } = await twoOwnersAndADevice();
    await signsIn(uncle, device);
    const word = await bot.maya.sees(told, { in: 'dm' });
    await bot.jellyfin.starting('refused');
    expect((await (await bot.maya.presses("It wasn't me", { on: word })).answer()).text).toMatch(/cannot reach/);
    const card = await bot.dad.sees(/was not theirs/, { in: bot.discord.adminChannelId });
    expect(card.text).toMatch(/it is still signed in: I try again every minute/);
    await bot.jellyfin.starting('real');
    await bot.app.runJob('upkeep');
    expect(await devicesOf(bot)).toEqual(['phone']);
  });

  test('is not signed out for a member whose account has become an administrator’s', async () => {
    const { bot, uncle, device } = await twoOwnersAndADevice();
    await signsIn(uncle, device);
    const word = await bot.maya.sees(told, { in: 'dm' });
    expect(await device.letInAs()).toBe('maya');
    const before = await devicesOf(bot);
    await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
    expect((await (await bot.maya.presses("It wasn't me", { on: word })).answer()).text).toMatch(/administrator's/);
    expect(await devicesOf(bot)).toEqual(before);
  });

  test('is nobody’s to deny who does not own the account, and is not told where Jellyfin refused the code', async () => {
    const { bot, uncle, device } = await twoOwnersAndADevice();
    expect(await signsIn(uncle, { ...device, code: device.code === '000000' ? '000001' : '000000' })).toMatch(
      /does not know/,
    );
    await bot.app.runJob('upkeep');
    expect(bot.maya.directMessages()).toEqual([]);
    await signsIn(uncle, device);
    await bot.maya.sees(told, { in: 'dm' });
    const forged = await bot.gran.pressesRaw('signin:not-me:2');
    expect((await forged.answer()).text).toMatch(/not one of your accounts/);
    expect(await device.letInAs()).toBe('maya');
  });
});

describe('a device that Jellyfin was asked to let in, and nobody knows yet', () => {
  test('is told to nobody while the answer may come, and afterwards where it never came', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const device = await newDevice(bot.jellyfin);
    await (await bot.maya.types('/signin', { code: device.code })).answer();
    const asked = bot.jellyfin.faults.hold({ path: /QuickConnect\/Authorize/ });
    const pressed = await bot.maya.presses(goAhead);
    await asked.arrived;
    await bot.app.runJob('upkeep');
    expect(bot.maya.directMessages()).toEqual([]);
    bot.passes(2 * 60_000);
    await bot.app.runJob('upkeep');
    expect(bot.maya.directMessages().map(({ text }) => text)).toEqual([
      expect.stringMatching(/A new device was signed/),
    ]);
    asked.release();
    await pressed.answer();
  });

  test.each([
    ['a proxy that gives up', 503, '<html>try later</html>', 'text/html'],
    ['a proxy that breaks', 500, '<html>oh no</html>', 'text/html'],
    ['a proxy that breaks, and says nothing', 500, '', 'text/plain'],
    ['a proxy that knows of no such page', 404, '404 page not found', 'text/plain'],
    ['a page of somebody else’s', 200, '<html>sign in first</html>', 'text/html'],
  ])(
    'is told where the answer was that of %s, behind which it may have been let in',
    async (_, status, body, contentType) => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      const device = await newDevice(bot.jellyfin);
      await (await bot.maya.types('/signin', { code: device.code })).answer();
      const path = /QuickConnect\/Authorize/;
      bot.jellyfin.faults.on({ method: 'POST', path, status, body, contentType, times: 1 });
      await (await bot.maya.presses(goAhead)).answer();
      bot.passes(2 * 60_000);
      await bot.app.runJob('upkeep');
      expect(bot.maya.directMessages().map(({ text }) => text)).toEqual([
        expect.stringMatching(/A new device was signed/),
      ]);
    },
  );
});

describe('a password that its owner changed', () => {
  const again = /password of that account was changed since you proved that it is yours/;

  async function proved() {
    const bot = await startBot({ overrides: { proofPollMs: 20 } });
    const uncle = bot.discord.addPerson('Uncle');
    await bot.links(bot.maya, 'maya');
    const proves = async (password: string, said: RegExp) => {
      const { token = '' } = await bot.jellyfin.signIn('maya', password, { device: 'living room' });
      await confirms(bot.jellyfin, token, codeIn((await (await uncle.types('/link')).answer()).text));
      await uncle.sees(said);
    };
    await proves(mayasPassword, /Done: you are linked to \*\*maya\*\*/);
    const tries = async (who: Person) => {
      const device = await newDevice(bot.jellyfin, crypto.randomUUID());
      return (await (await who.types('/signin', { code: device.code })).answer()).text;
    };
    return { bot, uncle, proves, tries };
  }

  test('keeps devices out that those would sign in who proved the account before, until they prove it again', async () => {
    const { bot, uncle, proves, tries } = await proved();
    expect(await tries(uncle)).toMatch(/in front of you/);
    await setsPassword(bot.jellyfin, 'maya', 'mayas-new-one');
    // However long the server needs to tell of it.
    bot.jellyfin.faults.on({ path: /ActivityLog/, delayMs: 30 });
    expect(await tries(uncle)).toMatch(again);
    // A link that an admin made says nothing about a device.
    expect(await tries(bot.maya)).toMatch(/in front of you/);
    await bot.restart();
    expect(await tries(uncle)).toMatch(again);
    expect((await (await uncle.types('/status')).answer()).text).toMatch(/### maya/);
    await proves('mayas-new-one', /you are linked already/);
    expect(await tries(uncle)).toMatch(/in front of you/);
  });

  test('is seen at night, too, so that a log that forgets does not help', async () => {
    const { bot, uncle, tries } = await proved();
    await setsPassword(bot.jellyfin, 'maya', 'mayas-new-one');
    await bot.app.runJob('follow links');
    withDatabase(bot.database, (db) => db.exec('DELETE FROM password_log_position'));
    expect(await tries(uncle)).toMatch(again);
  });

  test('is seen however soon after a temporary one it was set, whether that is followed up first or not', async () => {
    for (const isFollowed of [false, true]) {
      const { bot, uncle, tries } = await proved();
      await (await bot.maya.types('/resetpw')).answer();
      await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks for a new password/) });
      await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
      expect(await tries(uncle)).toMatch(/in front of you/);
      await setsPassword(bot.jellyfin, 'maya', 'mayas-new-one');
      if (isFollowed) await bot.app.runJob('upkeep');
      expect(await tries(uncle)).toMatch(again);
    }
  });

  test('is not one that the bot set: the new password’s owner signs devices in as before', async () => {
    const { bot, uncle, tries } = await proved();
    await (await uncle.types('/resetpw')).answer();
    await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks for a new password/) });
    await uncle.sees(/Tap it to see it/, { in: 'dm' });
    expect(await tries(uncle)).toMatch(/in front of you/);
  });
});

describe('“Cannot sign in?”', () => {
  test('is posted by an admin into any channel, and answers whoever presses, in private, after a restart, too', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    await (await bot.dad.types('/help')).answer();
    const said = await (
      await bot.dad.selects('Channel for the card “Cannot sign in?”', { id: bot.discord.generalChannelId })
    ).answer();
    expect(said.text).toMatch(/stands in <#\d+> now/);
    await bot.restart();
    const answer = await (await bot.maya.presses('Cannot sign in?')).answer();
    expect(answer.private).toBe(true);
    expect(answer.text).toMatch(/maya/);
    expect(answer.labels).toContain('Ask for unlock');
  });

  test('is for admins to post, and says when the bot may not write there', async () => {
    const bot = await startBot();
    for (const person of [bot.maya, bot.gran]) {
      const said = await (await person.types('/help')).answer();
      expect(said.text).not.toMatch(/Cannot sign in/);
    }
    bot.discord.setBotOverwrite(bot.discord.generalChannelId, { deny: ['SendMessages'] });
    await (await bot.dad.types('/help')).answer();
    const said = await (
      await bot.dad.selects('Channel for the card “Cannot sign in?”', { id: bot.discord.generalChannelId })
    ).answer();
    expect(said.text).toMatch(/I may not write in that channel/);
  });
});
