import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';
import { auditLines } from '../support/traces.js';
import { connect } from '../support/connect.js';

afterEach(closeAll);

test('somebody who is not linked is told so, asks with one button, is linked with one select, and hears of it', async () => {
  const bot = await startBot();
  const said = await (await bot.maya.types('/resetpw')).answer();
  expect(said.text).toMatch(/do not know yet which Jellyfin account is yours/);
  expect((await (await bot.maya.presses('Ask an admin to link me')).answer()).text).toMatch(
    /asked the admins to link you/,
  );
  const card = await bot.dad.sees(/asks to be linked/);
  expect(card.pings.roles).toEqual([bot.discord.roles['admin']]);
  expect(card.labels).toEqual(['Deny']);

  const again = await (await bot.maya.presses('Ask an admin to link me', { on: said })).answer();
  expect(again.text).toMatch(/You asked for this <t:\d+:R> already/);

  await bot.dad.selects('Approve: pick their account', 'maya');
  const done = await bot.gran.sees(/is linked to maya \(by/);
  expect(done.content).toBe(`Done: ${bot.maya.mention} is linked to maya (by ${bot.dad.mention}).`);
  expect(done.text).not.toMatch(/pick their account/);
  await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Nothing stands in the way/);
  expect(auditLines(bot).filter((line) => !line.includes('notLinked'))).toEqual([
    'Maya ask link asked',
    'Dad approve done',
    'Dad link done',
  ]);
});

test('a helper sees the card and may neither pick nor deny', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin to link me');
  const card = await bot.gran.sees(/asks to be linked/);
  const picked = await bot.gran.selects('Approve: pick their account', 'maya');
  expect((await picked.answer()).text).toMatch(/for helpers and admins|may not|not allowed|admins/);
  await bot.gran.presses('Deny', { on: card });
  expect((await (await bot.gran.fillsIn({})).answer()).private).toBe(true);
  await bot.dad.presses('Deny');
  await bot.dad.fillsIn({ 'Why? (they will read it)': 'Who are you?' });
  await bot.maya.sees(/Your request \(link to an account\) was denied/, { in: 'dm' });
  expect(auditLines(bot)).toEqual([
    'Maya status notLinked',
    'Maya ask link asked',
    'Gran requests account adminsOnly',
    'Gran requests deny adminsOnly',
    'Dad deny done',
  ]);
});

test('a card without a free account to offer says how to name one', async () => {
  const bot = await startBot();
  await bot.links(bot.dad, 'maya');
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin to link me');
  const card = await bot.dad.sees(/asks to be linked/);
  expect(card.text).toMatch(/no free account to offer\. Use <\/link:\d+>/);
});

test('a card of a household with more free accounts than a select holds says how to name another', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => jellyfin.addManyUsers(40) });
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin to link me');
  const card = await bot.dad.sees(/asks to be linked/);
  expect(card.text).toMatch(/<\/link:\d+>/);
});

test('/link answers the request that waits, too', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin to link me');
  await bot.dad.sees(/asks to be linked/);
  await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
  await bot.app.runJob('upkeep');
  await bot.dad.sees(/is linked to maya \(by/);
  await bot.maya.sees(/You are linked/, { in: 'dm' });
});

test('/link and /unlink refuse what makes no sense, each with its own sentence', async () => {
  const bot = await startBot();
  const robot = bot.discord.addBot('Robot');
  const gone = bot.discord.addPerson('Gone');
  gone.leaves();
  await bot.links(bot.maya, 'maya');
  const said = async (command: string, options: Parameters<typeof bot.dad.types>[1]) =>
    (await (await bot.dad.types(command, options)).answer()).text;
  expect(await said('/link', { member: { id: robot }, user: 'maya' })).toMatch(/That is a bot/);
  expect(await said('/link', { member: gone, user: 'maya' })).toMatch(/not in this server/);
  expect(await said('/link', { member: bot.maya, user: 'maya' })).toMatch(/linked already/);
  expect(await said('/link', { member: bot.maya, user: 'nobody' })).toMatch(/no Jellyfin account called `nobody`/);
  expect(await said('/link', { member: bot.maya })).toMatch(/name both/);
  expect(await said('/link', { user: 'maya' })).toMatch(/name both/);
  expect(await said('/unlink', {})).toMatch(/name both/);
  expect(await said('/unlink', { member: bot.gran, user: 'maya' })).toMatch(/not linked/);
  expect(auditLines(bot).slice(1)).toEqual(
    ['memberIsBot', 'memberUnknown', 'alreadyLinked', 'accountUnknown', 'linkNeedsBoth', 'linkNeedsBoth']
      .map((code) => `Dad link ${code}`)
      .concat(['Dad unlink linkNeedsBoth', 'Dad unlink linkUnknown']),
  );
});

test('/unlink takes the account away, cancels what was asked for it, and tells the member', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await (await bot.maya.types('/resetpw')).answer();
  const card = await bot.dad.sees(/asks for a new password/);
  const said = await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
  expect(said.text).toMatch(/is not linked to \*\*maya\*\* any more/);
  await bot.maya.sees(
    /Your request \(new password for maya\) has ended, as you are not linked to that account any more/,
    { in: 'dm' },
  );
  expect((await (await bot.gran.pressesRaw(card.buttons[0]?.customId ?? '')).answer()).text).toMatch(
    /already taken back/,
  );
  expect((await (await bot.maya.types('/status', { user: 'maya' })).answer()).text).toMatch(/do not know yet which/);
  expect(auditLines(bot)).toContain('Dad unlink done');
});

test('an administrator’s account is unlinked by a server admin only', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true }) });
  connect(bot, bot.maya, 'boss');
  const unlink = async () => (await (await bot.dad.types('/unlink', { member: bot.maya, user: 'boss' })).answer()).text;
  expect(await unlink()).toMatch(/Only a server admin/);
  connect(bot, bot.dad, 'root');
  expect(await unlink()).toMatch(/not linked to \*\*boss\*\* any more/);
});
