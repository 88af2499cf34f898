import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { forges } from '../support/forged.js';
import { auditLines, callsDuring, changes, passwordIn } from '../support/traces.js';
import { hourMs, later, mayaHasOne, opens, setsOwn } from './own-password.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { waitsBehindButton } from '../support/two-owners.js';

afterEach(closeAll);

const status = async (bot: BotHousehold) => (await bot.maya.types('/status')).answer();

test('a password that was sent and not used: /status says where to look, and shows another one there; the message is covered', async () => {
  const bot = await startBot();
  const { password } = await mayaHasOne(bot);
  const card = await status(bot);
  expect(card.text).toMatch(/A temporary password waits for you.*\*Message Requests\*.*\*Show it here\*/);
  expect(card.labels[0]).toBe('Show it here');
  const shown = await (await bot.maya.presses('Show it here', { on: card })).answer();
  expect(shown.private).toBe(true);
  const another = passwordIn(shown.text);
  expect([await opens(bot, password), await opens(bot, another)]).toEqual([false, true]);
  await bot.maya.sees(/The password that stood here does not work any more: there is a newer one/, { in: 'dm' });
  expect(auditLines(bot)).toEqual(expect.arrayContaining(['Maya reset done']));
});

test('it is followed like any other: the next press is refused once it is used, and its own is seen', async () => {
  const bot = await startBot();
  await mayaHasOne(bot);
  const [card, old] = [await status(bot), await status(bot)];
  const another = passwordIn((await (await bot.maya.presses('Show it here', { on: card })).answer()).text);
  const calls = await callsDuring(bot, async () => {
    expect((await (await bot.maya.presses('Show it here', { on: old })).answer()).text).toMatch(/too old for that/);
  });
  expect(changes(calls)).toEqual([]);
  expect((await status(bot)).labels).not.toContain('Show it here');
  await setsOwn(bot, another);
  await later(bot, 60_000);
  expect(auditLines(bot).at(-1)).toBe('latchkey temporary password replaced');
});

test('who asks for a new password while one waits is shown that, and no admin is asked', async () => {
  const bot = await startBot();
  const { password } = await mayaHasOne(bot);
  await status(bot);
  for (const exchange of [await bot.maya.types('/resetpw'), await bot.maya.presses('Reset my password')]) {
    const said = await exchange.answer();
    expect([said.text, said.labels]).toEqual([
      expect.stringMatching(/^│ \*\*A temporary password waits for you\*\* in our direct messages/),
      ['Show it here'],
    ]);
  }
  expect(bot.discord.messagesIn(bot.discord.adminChannelId).filter(({ text }) => /asks/.test(text))).toEqual([]);
  const shown = await (await bot.maya.presses('Show it here')).answer();
  expect([await opens(bot, password), await opens(bot, passwordIn(shown.text))]).toEqual([false, true]);
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/asked the admins for a new password/);
});

describe('it is not offered', () => {
  test('where nobody was sent a password', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    expect((await status(bot)).labels).not.toContain('Show it here');
  });

  test('once somebody has signed in with it', async () => {
    const bot = await startBot();
    const { password } = await mayaHasOne(bot);
    const old = await status(bot);
    await opens(bot, password);
    expect((await status(bot)).labels).not.toContain('Show it here');
    await later(bot, 60_000);
    expect((await status(bot)).labels).not.toContain('Show it here');
    expect((await (await bot.maya.presses('Show it here', { on: old })).answer()).text).toMatch(/too old for that/);
    expect(await opens(bot, password)).toBe(true);
  });

  test('once its owner says that they have set their own', async () => {
    const bot = await startBot();
    await mayaHasOne(bot);
    await bot.maya.presses('I have set my own');
    await bot.maya.sees(/Good, so it is covered/, { in: 'dm' });
    expect((await status(bot)).labels).not.toContain('Show it here');
  });

  test('once its time is over', async () => {
    const bot = await startBot();
    await mayaHasOne(bot);
    bot.passes(25 * hourMs);
    expect((await status(bot)).labels).not.toContain('Show it here');
  });

  test('to another owner of the same account, and a forged press of theirs shows and changes nothing', async () => {
    const bot = await startBot();
    await mayaHasOne(bot);
    const uncle = bot.discord.addPerson('Uncle');
    await bot.links(uncle, 'maya');
    const card = await status(bot);
    const id = card.buttons.find(({ label }) => label === 'Show it here')?.customId ?? '';
    expect((await (await uncle.types('/status')).answer()).labels).not.toContain('Show it here');
    const calls = await callsDuring(bot, async () => {
      expect((await forges(bot, uncle, 'buttons', id).answer()).text).not.toMatch(/\|\|/);
    });
    expect(changes(calls)).toEqual([]);
  });

  test('where it waits behind a button, as direct messages are closed', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await waitsBehindButton(bot);
    expect((await status(bot)).labels).not.toContain('Show it here');
  });
});

test('where the answer is lost on its way, the next press shows one that works', async () => {
  const bot = await startBot();
  await mayaHasOne(bot);
  const card = await status(bot);
  const lost = bot.discord.faults.on({ method: 'PATCH', path: /original$/, status: 400, times: 1 });
  await bot.maya.presses('Show it here', { on: card });
  await bot.discord.until(() => (lost.met > 0 ? true : undefined), 'the answer is refused');
  const shown = await (await bot.maya.presses('Show it here', { on: card })).answer();
  expect(await opens(bot, passwordIn(shown.text))).toBe(true);
});

test('where Jellyfin refuses, the first one stays as it was, and the button works again', async () => {
  const bot = await startBot();
  const { password } = await mayaHasOne(bot);
  bot.jellyfin.faults.on({ method: 'POST', path: /^\/Users\/Password/, status: 401, times: 1 });
  const said = await (await bot.maya.presses('Show it here', { on: await status(bot) })).answer();
  expect(said.text).not.toMatch(/\|\|/);
  expect(auditLines(bot)).toContain('Maya reset jellyfinKeyRefused');
  expect(bot.maya.directMessages()[0]?.text).toContain(password);
  const shown = await (await bot.maya.presses('Show it here', { on: await status(bot) })).answer();
  expect(await opens(bot, passwordIn(shown.text))).toBe(true);
});

test('wherever an answer says that something comes by direct message, it says where else that may be', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const asked = await (await bot.maya.types('/resetpw')).answer();
  expect(asked.text).toMatch(/in a direct message.*Message Requests/s);
  const sent = await (await bot.dad.types('/resetpw', { user: 'maya' })).answer();
  expect(sent.text).toMatch(/in a direct message\. .*Message Requests/);
});

test('an owner of many accounts with much to press gets as many as one answer takes, and how to see the others', async () => {
  const names = ['maya', 'leo', 'lou', 'mia'];
  const bot = await startBot({
    before: ({ jellyfin }) => names.slice(1).forEach((name) => void jellyfin.addUser(name, { password: 'x' })),
  });
  for (const name of names) {
    await bot.links(bot.maya, name);
    await changesPolicy(bot.jellyfin, name, { EnableRemoteAccess: false, EnableAllDevices: false });
    await (await bot.dad.types('/resetpw', { user: name })).answer();
    await (await bot.maya.types('/resetpw', { user: name })).answer();
  }
  const card = await status(bot);
  expect(card.labels.filter((label) => label === 'Show it here').length).toBeGreaterThan(1);
  expect(card.text).toMatch(/more than I can list here/);
});
