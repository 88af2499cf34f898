import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { auditLines } from '../support/traces.js';

afterEach(closeAll);

/** Maya is signed in on two devices, and somebody from outside has locked her account. */
async function lockedByAStranger(version = '10.10.7') {
  const bot = await startBot({ version });
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  const tokens = [];
  for (const device of ['phone', 'television']) {
    tokens.push((await bot.jellyfin.signIn('maya', mayasPassword, { device })).token ?? '');
  }
  await bot.jellyfin.lock('maya', '203.0.113.9');
  await bot.app.runJob('lockouts');
  return { bot, tokens };
}

const denial = (bot: BotHousehold) => bot.dad.sees(/somebody else who typed/, { in: bot.discord.adminChannelId });

describe.each(['10.10.7', '10.11.8', '12.0'])('Jellyfin %s', (version) => {
  test('It wasn’t me: the admins hear what the log knows, and sign the account out everywhere, after they were told what it means', async () => {
    const { bot, tokens } = await lockedByAStranger(version);
    await bot.maya.presses("It wasn't me");
    // Of a PIN that nobody asked for nothing is said.
    expect((await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' })).text).not.toContain('PIN');
    const said = await denial(bot);
    expect(said.content).toContain(bot.maya.mention);
    expect(said.text.match(/from 203\.0\.113\.9/g)).toHaveLength(3);
    expect(said.text.match(/from 127\.0\.0\.1/g)).toHaveLength(2);
    expect(said.labels).toEqual(['Sign out everywhere']);

    const asked = await (await bot.gran.presses('Sign out everywhere')).answer();
    expect(asked.text).toMatch(/signs \*\*maya\*\* out on 2 devices/);
    expect(asked.text).toMatch(/The password itself stays/);
    expect(bot.jellyfin.calls.filter(({ method }) => method === 'DELETE')).toEqual([]);
    await bot.gran.presses('Sign out everywhere', { on: asked });
    await bot.gran.sees(/is signed out on 2 devices\. I looked: none is left/);
    await bot.dad.sees(new RegExp(`${bot.gran.mention} signed it out everywhere`), { in: bot.discord.adminChannelId });
    await (await bot.dad.types('/unlock', { user: 'maya' })).answer();
    for (const token of tokens) expect(await bot.jellyfin.tokenWorks(token)).toBe(false);
    expect(auditLines(bot)).toEqual(
      expect.arrayContaining(['Maya lockout not me', 'Gran sign out begun', 'Gran sign out done']),
    );
  });
});

test('pressed again it tells the admins nothing more, and pressed by somebody else nothing at all', async () => {
  const { bot } = await lockedByAStranger();
  const [word] = bot.maya.directMessages();
  const mark = word?.buttons.at(-1)?.customId ?? '';
  expect((await (await bot.gran.pressesRaw(mark)).answer()).text).not.toMatch(/The admins know/);
  await bot.maya.presses("It wasn't me");
  await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' });
  await bot.maya.pressesRaw(mark);
  await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' });
  await bot.app.runJob('lockouts');
  await denial(bot);
  const all = bot.discord.messagesIn(bot.discord.adminChannelId);
  expect(all.filter(({ text }) => /somebody else who typed/.test(text))).toHaveLength(1);
});

test('each owner who says so is heard by the admins, and audited, once', async () => {
  const bot = await startBot();
  const uncle = bot.discord.addPerson('Uncle');
  for (const person of [bot.maya, uncle]) await bot.links(person, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.lock('maya', '203.0.113.9');
  await bot.app.runJob('lockouts');
  for (const person of [bot.maya, uncle]) {
    const [word] = person.directMessages();
    const mark = word?.buttons.at(-1)?.customId ?? '';
    // Twice, as by a thumb that was not sure.
    for (let n = 0; n < 2; n += 1) await (await person.pressesRaw(mark, { message: word! })).answer();
  }
  await bot.app.runJob('lockouts');
  const said = bot.discord.messagesIn(bot.discord.adminChannelId).filter(({ text }) => /else who typed/.test(text));
  expect(said.map(({ content }) => /<@\d+>/.exec(content ?? '')?.[0])).toEqual([bot.maya.mention, uncle.mention]);
  expect(auditLines(bot, uncle).filter((line) => line.endsWith('not me'))).toEqual([
    'Maya lockout not me',
    'Uncle lockout not me',
  ]);
});

test('each message about it names who signed the account out then, whoever does so again later', async () => {
  const { bot } = await lockedByAStranger();
  const uncle = bot.discord.addPerson('Uncle');
  await bot.links(uncle, 'maya');
  await bot.app.runJob('lockouts');
  const press = `status:sign-out-yes:${bot.jellyfin.user('maya').Id}`;
  for (const [owner, admin] of [
    [bot.maya, bot.gran],
    [uncle, bot.dad],
  ] as const) {
    await owner.presses("It wasn't me");
    await owner.sees(/The admins know that it was not you/, { in: 'dm' });
    await (await admin.pressesRaw(press)).answer();
  }
  // After the round that the press began.
  await bot.app.runJob('lockouts');
  const named = bot.discord
    .messagesIn(bot.discord.adminChannelId)
    .flatMap(({ text }) => /(<@\d+>) signed it out everywhere/.exec(text)?.[1] ?? []);
  expect(named).toEqual([bot.gran.mention, bot.dad.mention]);
});

test('a device that somebody else is signed in on as well is named before, and nobody else’s devices are touched', async () => {
  const { bot } = await lockedByAStranger();
  bot.jellyfin.addUser('leo', { password: 'leos' });
  const shared = (await bot.jellyfin.signIn('leo', 'leos', { device: 'television' })).token ?? '';
  const own = (await bot.jellyfin.signIn('leo', 'leos', { device: 'leos phone' })).token ?? '';
  await bot.maya.presses("It wasn't me");
  await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' });
  await denial(bot);
  const asked = await (await bot.dad.presses('Sign out everywhere')).answer();
  expect(asked.text).toMatch(/Somebody else\*\* is signed in on .*, too/);
  await bot.dad.presses('Sign out everywhere', { on: asked });
  await bot.dad.sees(/I looked: none is left/);
  expect(await bot.jellyfin.tokenWorks(shared)).toBe(false);
  expect(await bot.jellyfin.tokenWorks(own)).toBe(true);
});

test('a server that says yes and signs nobody out is found out', async () => {
  const { bot } = await lockedByAStranger();
  await bot.maya.presses("It wasn't me");
  await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' });
  await denial(bot);
  bot.jellyfin.faults.on({ method: 'DELETE', path: /^\/Devices/, status: 204 });
  const asked = await (await bot.dad.presses('Sign out everywhere')).answer();
  const pressed = await bot.dad.presses('Sign out everywhere', { on: asked });
  expect((await pressed.answer()).text).not.toMatch(/none is left/);
  expect(auditLines(bot).filter((line) => / sign out/.test(line))).toEqual(['Dad sign out begun']);
});

test('an administrator’s account is signed out by a server admin only', async () => {
  const { bot } = await lockedByAStranger();
  const root = bot.jellyfin.user('root').Id;
  for (const person of [bot.gran, bot.dad]) {
    for (const action of ['sign-out', 'sign-out-yes']) {
      expect((await (await person.pressesRaw(`status:${action}:${root}`)).answer()).text).toMatch(
        /Only a Discord admin/,
      );
    }
  }
  expect(bot.jellyfin.calls.filter(({ method }) => method === 'DELETE')).toEqual([]);
});

test('while Jellyfin does not answer the admins hear of it all the same, and the rest is put in later', async () => {
  const { bot } = await lockedByAStranger();
  await bot.jellyfin.starting('refused');
  await bot.maya.presses("It wasn't me");
  await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' });
  expect((await denial(bot)).text).toMatch(/Jellyfin does not answer/);
  await bot.restart();
  await bot.jellyfin.starting('real');
  await bot.app.runJob('lockouts');
  expect((await denial(bot)).text).toMatch(/from 203\.0\.113\.9/);
  const all = bot.discord.messagesIn(bot.discord.adminChannelId);
  expect(all.filter(({ text }) => /somebody else who typed/.test(text))).toHaveLength(1);
});

test('nor is anything put in of an account that became an administrator’s meanwhile: helpers read there, too', async () => {
  const { bot } = await lockedByAStranger();
  await bot.jellyfin.starting('refused');
  await bot.maya.presses("It wasn't me");
  await denial(bot);
  await bot.restart();
  await bot.jellyfin.starting('real');
  await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
  await bot.app.runJob('lockouts');
  const said = await bot.dad.sees(/somebody else who typed[^]*administrator/, { in: bot.discord.adminChannelId });
  expect(said.labels).toEqual(['Details']);
  expect(said.text).not.toMatch(/203\.0\.113\.9|phone/);
});

test('what the admins read there stays when something is added while Jellyfin does not answer', async () => {
  const { bot } = await lockedByAStranger();
  await bot.maya.presses("It wasn't me");
  await denial(bot);
  const press = `status:sign-out-yes:${bot.jellyfin.user('maya').Id}`;
  const silent = bot.jellyfin.faults.on({ path: /ActivityLog/, status: 500 });
  await (await bot.gran.pressesRaw(press)).answer();
  await bot.app.runJob('lockouts');
  expect((await denial(bot)).text).toMatch(/from 203\.0\.113\.9/);
  silent();
  await bot.app.runJob('lockouts');
  expect((await denial(bot)).text).toMatch(/signed it out everywhere[^]*from 203\.0\.113\.9/);
});

test('where the log was cleared meanwhile, the admins read what the lockout itself knew', async () => {
  const { bot } = await lockedByAStranger();
  bot.jellyfin.clearLog();
  await bot.maya.presses("It wasn't me");
  await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' });
  expect((await denial(bot)).text).toMatch(/from 203\.0\.113\.9/);
});

test('while Discord does not take the word it is told later, once', async () => {
  const { bot } = await lockedByAStranger();
  bot.discord.faults.on({
    method: 'POST',
    path: new RegExp(`^/channels/${bot.discord.adminChannelId}/messages$`),
    cut: 'after',
    times: 5,
  });
  await bot.maya.presses("It wasn't me");
  await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' });
  await bot.app.stop();
  for (const { id } of bot.discord.messagesIn(bot.discord.adminChannelId)) bot.discord.ageMessage(id, 6 * 60_000);
  await bot.restart();
  await bot.app.runJob('lockouts');
  await denial(bot);
  const all = bot.discord.messagesIn(bot.discord.adminChannelId);
  expect(all.filter(({ text }) => /somebody else who typed/.test(text))).toHaveLength(1);
});

test('a word to the admins that rests after too many edits keeps its button only until it can be changed', async () => {
  const { bot } = await lockedByAStranger();
  await bot.maya.presses("It wasn't me");
  await bot.maya.sees(/The admins know that it was not you/, { in: 'dm' });
  await denial(bot);
  const path = new RegExp(`^/channels/${bot.discord.adminChannelId}/messages/`);
  const fault = bot.discord.faults.on({
    method: 'PATCH',
    path,
    status: 400,
    body: { code: 30046, message: 'too many edits' },
    times: 99,
  });
  const asked = await (await bot.dad.presses('Sign out everywhere')).answer();
  await (await bot.dad.presses('Sign out everywhere', { on: asked })).answer();
  await bot.app.runJob('lockouts');
  expect((await denial(bot)).labels).toEqual(['Sign out everywhere']);
  fault.off();
  await bot.app.runJob('lockouts');
  const changed = await denial(bot);
  expect(changed.text).toContain(`${bot.dad.mention} signed it out everywhere`);
  expect(changed.labels).toEqual([]);
});
