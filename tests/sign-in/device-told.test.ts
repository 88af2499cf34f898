import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import type { Person } from '../../sandbox/discord/index.js';
import { closeAll, startBot } from '../support/bot.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { newDevice, type NewDevice } from '../support/quick-connect.js';
import { auditLines } from '../support/traces.js';
import { comesBack } from '../support/leaves.js';

afterEach(closeAll);

const goAhead = 'It is in front of me: sign it in';

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

  test('is told to an owner who was away, once they are back', async () => {
    const { bot, uncle, device } = await twoOwnersAndADevice();
    bot.maya.leaves();
    await bot.app.runJob('follow links');
    await signsIn(uncle, device);
    await uncle.sees(told, { in: 'dm' });
    comesBack(bot, bot.maya);
    await bot.app.runJob('follow links');
    await bot.app.runJob('upkeep');
    await bot.maya.sees(told, { in: 'dm' });
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
