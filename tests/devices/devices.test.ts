import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { forges } from '../support/forged.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { auditLines, auditOf, callsDuring, changes } from '../support/traces.js';

afterEach(closeAll);

/** Maya is signed in on these devices; Leo, whose account is nobody's here, on a phone of his own and on her television. */
async function signedIn({ version = '12.0', on = ['phone', 'television', 'laptop'] } = {}) {
  const bot = await startBot({ version });
  await bot.links(bot.maya, 'maya');
  bot.jellyfin.addUser('leo', { password: 'leos' });
  const tokens = new Map<string, string>();
  for (const device of on) tokens.set(device, await token(bot, 'maya', mayasPassword, device));
  tokens.set('leo', await token(bot, 'leo', 'leos', "leo's phone"));
  return { bot, works: (name: string) => bot.jellyfin.tokenWorks(tokens.get(name) ?? '') };
}

async function token({ jellyfin }: BotHousehold, name: string, password: string, device: string) {
  return (await jellyfin.signIn(name, password, { device })).token ?? '';
}

/** Her list of devices, opened from /status. */
async function opens(bot: BotHousehold) {
  const card = await (await bot.maya.types('/status')).answer();
  return (await bot.maya.presses('My devices', { on: card })).answer();
}

const lines = (text: string) => text.split('\n').filter((line) => line.includes('last seen'));

describe.each(['10.10.7', '10.11.11', '12.0'])('Jellyfin %s', (version) => {
  test('its owner sees where an account is signed in, signs one device out, and the others stay', async () => {
    const { bot, works } = await signedIn({ version });
    const list = await opens(bot);
    expect(list.private).toBe(true);
    expect(list.text).toMatch(/\*\*maya\*\* is signed in on 3 devices/);
    expect(lines(list.text).map((line) => /(phone|television|laptop) \(.*connected now/.exec(line)?.[1])).toEqual([
      'laptop',
      'television',
      'phone',
    ]);
    await bot.maya.selects('Sign one of them out', 'television (Loopback)', { on: list });
    const asked = await bot.maya.sees(/Sign \*\*maya\*\* out on this device/);
    expect(asked.text).toMatch(/television/);
    expect(asked.text).not.toMatch(/Somebody else/);
    expect(await works('television')).toBe(true);
    await bot.maya.presses('Sign it out', { on: asked });
    const done = await bot.maya.sees(/\*\*television\*\* is signed out\. I looked/);
    expect(lines(done.text)).toHaveLength(2);
    expect([await works('television'), await works('phone'), await works('laptop'), await works('leo')]).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(auditLines(bot)).toEqual(
      expect.arrayContaining(['Maya sign out device begun', 'Maya sign out device done']),
    );
    expect(auditOf(bot).at(-1)).toMatchObject({ account_name: 'maya', detail: 'television' });
  });
});

test('a television that somebody else is signed in on as well is signed out only after that was said', async () => {
  const { bot } = await signedIn();
  const shared = await token(bot, 'leo', 'leos', 'television');
  const list = await opens(bot);
  expect(lines(list.text).filter((line) => /somebody else/.test(line))).toEqual([
    expect.stringContaining('television'),
  ]);
  // The session there is the other's by now, and counts against no limit of hers.
  expect(
    lines(list.text)
      .filter((line) => /connected now/.test(line))
      .join(),
  ).not.toContain('television');
  await bot.maya.selects('Sign one of them out', 'television (Loopback)', { on: list });
  const asked = await bot.maya.sees(/\*\*Somebody else\*\* is signed in on television, too, and is signed out there/);
  expect(asked.text).not.toContain('leo');
  await bot.maya.presses('Back', { on: asked });
  const back = await bot.maya.sees(/is signed in on 3 devices/);
  expect(await bot.jellyfin.tokenWorks(shared)).toBe(true);
  await bot.maya.selects('Sign one of them out', 'television (Loopback)', { on: back });
  await bot.maya.presses('Sign it out', { on: await bot.maya.sees(/Somebody else/) });
  await bot.maya.sees(/is signed out\. I looked/);
  expect(await bot.jellyfin.tokenWorks(shared)).toBe(false);
});

test('a device whose name fills a message keeps nobody from signing it out', async () => {
  const long = `${'**television** '.repeat(400)}`;
  const { bot, works } = await signedIn({ on: [long] });
  const shared = await token(bot, 'leo', 'leos', long);
  const list = await opens(bot);
  const asked = await (await bot.maya.presses('Sign out everywhere', { on: list })).answer();
  expect(asked.text).toMatch(/\*\*Somebody else\*\* is signed in on \\\*\\\*television.*…/);
  await bot.maya.presses('Sign out everywhere', { on: asked });
  await bot.maya.sees(/is signed out on \d devices?\. I looked: none is left/);
  expect(await works(long)).toBe(false);
  expect(await bot.jellyfin.tokenWorks(shared)).toBe(false);
});

test('the devices of an account that became an administrator’s are not to be seen by a link that sleeps', async () => {
  const { bot } = await signedIn();
  const { Id: id } = bot.jellyfin.user('maya');
  await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
  expect((await forges(bot, bot.maya, 'buttons', `status:devices:${id}`).answer()).text).toMatch(/link to it sleeps/);
});

test('many devices come page by page, and are all signed out at once, with none forgotten', async () => {
  const on = Array.from({ length: 19 }, (_, at) => `device ${String(at).padStart(2, '0')}`);
  const { bot, works } = await signedIn({ on });
  let list = await opens(bot);
  const seen = [lines(list.text).length];
  for (let page = 1; page < 3; page += 1) {
    await bot.maya.presses('Next', { on: list });
    list = await bot.maya.sees(new RegExp(page === 1 ? 'device 08' : 'device 01'));
    seen.push(lines(list.text).length);
  }
  expect(seen).toEqual([8, 8, 3]);
  expect(list.labels).not.toContain('Next');
  const asked = await (await bot.maya.presses('Sign out everywhere', { on: list })).answer();
  expect(asked.text).toMatch(/signs \*\*maya\*\* out on 19 devices/);
  await bot.maya.presses('Sign out everywhere', { on: asked });
  const done = await bot.maya.sees(/is signed out on 19 devices\. I looked: none is left/);
  expect(done.labels).toEqual(['Reset my password']);
  expect(await works('device 00')).toBe(false);
  expect(await works('leo')).toBe(true);
  expect(auditLines(bot).slice(-2)).toEqual(['Maya sign out begun', 'Maya sign out done']);
});

test('at the limit of sessions the list says so, and signing one out lets the next device in', async () => {
  const { bot } = await signedIn({ on: ['television'] });
  await changesPolicy(bot.jellyfin, 'maya', { MaxActiveSessions: 1 });
  expect((await bot.jellyfin.signIn('maya', mayasPassword, { device: 'tablet' })).status).toBe(403);
  const list = await opens(bot);
  expect(list.text).toMatch(/At most 1 connected at once; at this moment: 1\./);
  await bot.maya.selects('Sign one of them out', 'television (Loopback)', { on: list });
  await bot.maya.presses('Sign it out', { on: await bot.maya.sees(/Sign \*\*maya\*\* out/) });
  await bot.maya.sees(/is signed out\. I looked/);
  expect((await bot.jellyfin.signIn('maya', mayasPassword, { device: 'tablet' })).status).toBe(200);
});

test('a server that needs a moment for it is waited for before anybody looks', async () => {
  const { bot, works } = await signedIn();
  bot.jellyfin.faults.on({ method: 'DELETE', path: /^\/Devices/, delayMs: 30 });
  await opens(bot);
  await (await bot.maya.presses('Sign out everywhere')).answer();
  const asked = await bot.maya.sees(/out on 3 devices/);
  await (await bot.maya.presses('Sign out everywhere', { on: asked })).answer();
  expect([await works('television'), await works('phone'), await works('laptop')]).toEqual([false, false, false]);
});

test('a device that was signed out meanwhile is said to be', async () => {
  const { bot } = await signedIn();
  const lists = [await opens(bot), await opens(bot)];
  const asked = [];
  for (const on of lists) {
    asked.push(await (await bot.maya.selects('Sign one of them out', 'phone (Loopback)', { on })).answer());
  }
  for (const on of asked) await (await bot.maya.presses('Sign it out', { on })).answer();
  await bot.maya.sees(/signed out already/);
  expect(auditLines(bot).filter((line) => line === 'Maya sign out device done')).toHaveLength(1);
});

test('a server that says yes and signs nobody out is found out', async () => {
  const { bot } = await signedIn();
  await bot.maya.selects('Sign one of them out', 'phone (Loopback)', { on: await opens(bot) });
  const asked = await bot.maya.sees(/Sign \*\*maya\*\* out/);
  bot.jellyfin.faults.on({ method: 'DELETE', path: /^\/Devices/, status: 204 });
  const said = await (await bot.maya.presses('Sign it out', { on: asked })).answer();
  expect(said.text).toMatch(/Jellyfin said yes, but/);
  expect(auditLines(bot).filter((line) => line.includes('sign out device'))).toEqual(['Maya sign out device begun']);
});

test('a helper sees and signs out the devices of an ordinary account, and not an administrator’s', async () => {
  const { bot, works } = await signedIn();
  const card = await (await bot.gran.types('/status', { user: 'leo' })).answer();
  const list = await (await bot.gran.presses('Devices', { on: card })).answer();
  await bot.gran.selects('Sign one of them out', "leo's phone (Loopback)", { on: list });
  await bot.gran.presses('Sign it out', { on: await bot.gran.sees(/Sign \*\*leo\*\* out/) });
  await bot.gran.sees(/is signed out\. I looked/);
  expect(await works('leo')).toBe(false);
  const root = await (await bot.gran.types('/status', { user: 'root' })).answer();
  expect(root.labels).not.toContain('Devices');
  const { Id: id } = bot.jellyfin.user('root');
  const said = await forges(bot, bot.gran, 'buttons', `status:devices:${id}`).answer();
  expect(said.text).toMatch(/administrator/);
});

describe('a member who forges', () => {
  const forgeries = (id: string, key: string) =>
    [
      ['buttons', `status:devices:${id}`, []],
      ['buttons', `status:devices-page:${id}:1`, []],
      ['selects', `status:device:${id}`, [key]],
      ['buttons', `status:device-out:${id}-${key}`, []],
      ['buttons', `status:sign-out:${id}`, []],
      ['buttons', `status:sign-out-yes:${id}`, []],
    ] as const;

  test('somebody else’s account learns nothing of its devices, asks the server nothing, and signs none out', async () => {
    const { bot, works } = await signedIn();
    const card = await (await bot.dad.types('/status', { user: 'leo' })).answer();
    const list = await (await bot.dad.presses('Devices', { on: card })).answer();
    await bot.dad.selects('Sign one of them out', "leo's phone (Loopback)", { on: list });
    const asked = await bot.dad.sees(/Sign \*\*leo\*\* out/);
    const key = (asked.buttons[0]?.customId ?? '').split('-').at(-1) ?? '';
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    for (const [part, customId, values] of forgeries(bot.jellyfin.user('leo').Id, key)) {
      const calls = await callsDuring(bot, async () => {
        expect((await forges(bot, bot.maya, part, customId, { values }).answer()).text).not.toMatch(/phone|last seen/);
      });
      expect(calls).toEqual([]);
    }
    expect(await works('leo')).toBe(true);
  });

  test('a device of somebody else’s under their own account signs nobody out', async () => {
    const { bot, works } = await signedIn();
    const card = await (await bot.dad.types('/status', { user: 'leo' })).answer();
    const list = await (await bot.dad.presses('Devices', { on: card })).answer();
    await bot.dad.selects('Sign one of them out', "leo's phone (Loopback)", { on: list });
    const key = ((await bot.dad.sees(/Sign \*\*leo\*\* out/)).buttons[0]?.customId ?? '').split('-').at(-1) ?? '';
    const own = bot.jellyfin.user('maya').Id;
    const calls = await callsDuring(bot, async () => {
      await forges(bot, bot.maya, 'selects', `status:device:${own}`, { values: [key] }).settled();
      await forges(bot, bot.maya, 'buttons', `status:device-out:${own}-${key}`).settled();
    });
    expect(changes(calls)).toEqual([]);
    expect(await works('leo')).toBe(true);
  });
});

test('/status itself asks the server no more than before: the devices are read when the button is pressed', async () => {
  const { bot } = await signedIn();
  const calls = await callsDuring(bot, async () => {
    await (await bot.maya.types('/status')).answer();
  });
  expect(calls.filter((call) => /Devices|Sessions/.test(call))).toEqual([]);
  expect(calls.length).toBeLessThanOrEqual(3);
});
