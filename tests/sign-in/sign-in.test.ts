import { afterEach, describe, expect, test } from 'vitest';
import { closeAll, startBot } from '../support/bot.js';
import { newDevice, type NewDevice, quickConnect } from '../support/quick-connect.js';
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
