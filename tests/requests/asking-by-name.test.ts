import { afterEach, describe, expect, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';
import { auditLines, callsDuring, passwordIn } from '../support/traces.js';

afterEach(closeAll);

describe('somebody who is linked to nothing names an account:', () => {
  test('the card says whose it is and that Approve also links; then both are done', async () => {
    const bot = await startBot();
    const said = await (await bot.maya.types('/resetpw', { user: 'MAYA' })).answer();
    expect(said.text).toMatch(/asked the admins for a new password for \*\*MAYA\*\* and to link you to it/);
    const card = await bot.dad.sees(/asks for a new password for MAYA, and is not linked to it yet/);
    expect(card.pings.roles).toEqual([bot.discord.roles['admin']]);
    expect(card.text).toMatch(/Approving also links .* to this account/);
    expect(card.text).toMatch(/maya · open/);
    expect(card.labels).toEqual(['Approve and link', 'Deny']);
    await bot.dad.presses('Approve and link');
    const word = await bot.maya.sees(/tap the line above/, { in: 'dm' });
    expect(passwordIn(word.text)).toMatch(/-/);
    await bot.dad.sees(/has a new password for maya/);
    await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### maya/);
    expect(auditLines(bot)).toEqual(['Maya ask reset asked', 'Dad approve done', 'Dad link done', 'Dad reset done']);
  });

  test('and looks for what becomes of it with /status: that it waits, and how to take it back', async () => {
    const bot = await startBot();
    await (await bot.maya.types('/resetpw', { user: 'mya' })).answer();
    const said = await (await bot.maya.types('/status')).answer();
    expect(said.text).toMatch(/You asked for \*\*mya\*\* .* already, and it is still waiting/);
    await bot.maya.presses('Cancel my request');
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/I do not know yet which/);
  });

  test('an unlock goes the same way', async () => {
    const bot = await startBot();
    await bot.jellyfin.lock('maya');
    await bot.maya.types('/unlock', { user: 'maya' });
    expect((await bot.dad.sees(/asks to unlock maya, and is not linked to it yet/)).text).toMatch(/maya · locked/);
    await bot.dad.presses('Approve and link');
    await bot.maya.sees(/maya is unlocked/, { in: 'dm' });
    expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(false);
  });

  test('where there is no such account, or it is an administrator’s, the card says so and lets an admin choose or deny', async () => {
    const bot = await startBot();
    const zoe = bot.discord.addPerson('Zoe');
    await bot.maya.types('/resetpw', { user: 'mya' });
    const card = await bot.dad.sees(/asks for a new password for mya/);
    expect(card.text).toMatch(/There is no account called mya/);
    expect(card.labels).toEqual(['Deny']);
    await bot.dad.selects('Approve: pick their account', 'maya', { on: card });
    await bot.maya.sees(/tap the line above/, { in: 'dm' });
    await zoe.types('/resetpw', { user: 'root' });
    const other = await bot.dad.sees(/asks for a new password for root/);
    expect(other.text).toMatch(/root is an administrator's account, which is linked by proof only/);
    expect(other.labels).toEqual(['Deny']);
    const forced = await (await bot.dad.pressesRaw('requests:approve:2', { message: other })).answer();
    expect(forced.text).toMatch(/Nobody has been picked/);
    await bot.dad.presses('Deny', { on: other });
    await bot.dad.fillsIn({});
    await zoe.sees(/Your request \(new password for root\) was denied/, { in: 'dm' });
  });

  test('a helper may not approve what links', async () => {
    const bot = await startBot();
    await bot.maya.types('/resetpw', { user: 'maya' });
    const card = await bot.gran.sees(/asks for a new password for maya/);
    const said = await (await bot.gran.presses('Approve and link', { on: card })).answer();
    expect(said.text).toMatch(/for helpers and admins|not allowed|admins/);
    expect(auditLines(bot)).toEqual(['Maya ask reset asked', 'Gran requests approve adminsOnly']);
  });

  test('what was on the card is approved, even if another account bears the name by then', async () => {
    const bot = await startBot();
    await bot.maya.types('/resetpw', { user: 'maya' });
    const card = await bot.dad.sees(/asks for a new password for maya/);
    const before = bot.jellyfin.user('maya').Id;
    bot.jellyfin.renameUser('maya', 'maya2');
    bot.jellyfin.addUser('maya');
    await bot.dad.presses('Approve and link', { on: card });
    await bot.maya.sees(/tap the line above/, { in: 'dm' });
    expect(bot.jellyfin.calls.find(({ path }) => path.startsWith('/Users/Password'))?.path).toContain(before);
  });

  test('while Jellyfin is down the card says that, and offers the account once it is back', async () => {
    const bot = await startBot();
    await bot.jellyfin.starting('refused');
    await bot.maya.types('/resetpw', { user: 'maya' });
    expect((await bot.dad.sees(/asks for a new password for maya/)).text).toMatch(/cannot ask Jellyfin right now/);
    await bot.jellyfin.starting('real');
    await bot.app.runJob('upkeep');
    expect((await bot.dad.sees(/asks for a new password for maya/)).labels).toEqual(['Approve and link', 'Deny']);
  });
});

test('whether the account exists cannot be told from any answer, nor from when it comes', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('kim', { disabled: true }) });
  await bot.jellyfin.lock('maya');
  const names = ['maya', 'root', 'kim', 'nobody', 'f'.repeat(32), bot.jellyfin.user('maya').Id];
  const heard = new Map<string, string[]>();
  for (const name of names) {
    const person = bot.discord.addPerson('Someone');
    const texts: string[] = [];
    // Jellyfin answers nobody until the member has had their answer.
    const hold = bot.jellyfin.faults.hold({});
    for (const command of ['/unlock', '/unlock', '/resetpw', '/resetpw', '/status']) {
      texts.push((await (await person.types(command, { user: name })).answer()).text);
    }
    texts.push(...(await person.typesInto('/resetpw', 'user', name)).map((each) => each.name));
    hold.release();
    await bot.dad.sees(new RegExp(`asks for a new password for ${name}`));
    heard.set(
      name,
      texts.map((text) => text.replaceAll(name, 'NAME').replace(/<t:\d+:R>/g, 'WHEN')),
    );
  }
  expect(new Set([...heard.values()].map((texts) => texts.join('\n'))).size).toBe(1);
});

test('a member who has an account is told the same of every other one, and only their own is asked about', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const calls = await callsDuring(bot, async () => {
    const texts: string[] = [];
    for (const user of ['root', 'nobody'])
      texts.push((await (await bot.maya.types('/resetpw', { user })).answer()).text);
    expect(new Set(texts).size).toBe(1);
  });
  const own = `GET /Users/${bot.jellyfin.user('maya').Id}`;
  expect(calls).toEqual([own, own]);
});

test('the card says who has that account already', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const eve = bot.discord.addPerson('Eve');
  await eve.types('/resetpw', { user: 'maya' });
  const card = await bot.dad.sees(/asks for a new password for maya/);
  expect(card.text).toContain(`**Already linked to ${bot.maya.mention}**`);
});

test('who made a typing mistake is told which name waits, and how to ask for another', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/resetpw', { user: 'mya' })).answer();
  const said = await (await bot.maya.types('/resetpw', { user: 'maya' })).answer();
  expect(said.text).toMatch(/You asked for \*\*mya\*\* <t:\d+:R> already/);
  expect(said.text).toMatch(/Cancel my request/);
  await (await bot.maya.presses('Cancel my request')).answer();
  const again = await (await bot.maya.types('/resetpw', { user: 'maya' })).answer();
  expect(again.text).toMatch(/asked the admins for a new password for \*\*maya\*\*/);
});
