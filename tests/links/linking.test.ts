import { afterEach, expect, test } from 'vitest';
import { closeAll, startBot } from '../support/bot.js';
import { auditLines } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { changesPolicy } from '../support/in-jellyfin.js';

afterEach(closeAll);

test('somebody who is not linked is told so, asks with one button, is linked with one select, and hears of it', async () => {
  const bot = await startBot();
  const said = await (await bot.maya.types('/resetpw')).answer();
  expect(said.text).toMatch(/Which Jellyfin account is yours/);
  expect((await (await bot.maya.presses('Ask an admin')).answer()).text).toMatch(/asked the admins to link you/);
  const card = await bot.dad.sees(/asks to be linked/);
  expect(card.pings.roles).toEqual([bot.discord.roles['admin']]);
  expect(card.labels).toEqual(['Deny']);

  const again = await (await bot.maya.presses('Ask an admin', { on: said })).answer();
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
  await bot.maya.presses('Ask an admin');
  const card = await bot.gran.sees(/asks to be linked/);
  const picked = await bot.gran.selects('Approve: pick their account', 'maya');
  expect((await picked.answer()).text).toMatch(/for helpers and admins|may not|not allowed|admins/);
  await bot.gran.presses('Deny', { on: card });
  expect((await (await bot.gran.fillsIn({})).answer()).private).toBe(true);
  await bot.dad.presses('Deny');
  await bot.dad.fillsIn({ 'In your own words': 'Who are you?' });
  await bot.maya.sees(/Your request \(link to an account\) was denied/, { in: 'dm' });
  expect(auditLines(bot)).toEqual([
    'Maya status notLinked',
    'Maya ask link asked',
    'Gran requests account adminsOnly',
    'Gran requests deny adminsOnly',
    'Dad deny done',
  ]);
});

test('an account that became an administrator’s after the card was drawn is linked to nobody by picking it', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin');
  await bot.dad.sees(/asks to be linked/);
  await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
  const picked = await bot.dad.selects('Approve: pick their account', 'maya');
  expect((await picked.answer()).text).toMatch(/administrator's account cannot be linked from here/);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/already, and it is still waiting/);
});

test('a card without a free account to offer says how to name one', async () => {
  const bot = await startBot();
  await bot.links(bot.dad, 'maya');
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin');
  const card = await bot.dad.sees(/asks to be linked/);
  expect(card.text).toMatch(/no free account to offer\. Use <\/link:\d+>/);
});

test('a card of a household with more free accounts than a select holds says how to name another', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => jellyfin.addManyUsers(40) });
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin');
  const card = await bot.dad.sees(/asks to be linked/);
  expect(card.text).toMatch(/<\/link:\d+>/);
});

test('/link answers the request that waits, too', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin');
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
  expect(await said('/link', { member: gone, user: 'maya' })).toMatch(/not in this Discord server/);
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

test.each([
  ['knows an account by the name it was linked under', false, /mia/, 'Dad unlink done'],
  ['does not, where another has that name by now', true, /not linked/, 'Dad unlink linkUnknown'],
])('/unlink %s', async (_, isAnothers, says, outcome) => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('other') });
  await bot.links(bot.maya, 'maya');
  bot.jellyfin.renameUser('maya', 'mia');
  if (isAnothers) bot.jellyfin.renameUser('other', 'maya');
  bot.passes(60 * 60_000);
  expect((await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer()).text).toMatch(says);
  expect(auditLines(bot).at(-1)).toBe(outcome);
});

test('where nobody else owns the account, the admin channel reads nothing of a link that an admin made', async () => {
  const bot = await startBot();
  await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
  await bot.app.runJob('upkeep');
  expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
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
  expect((await (await bot.maya.types('/status', { user: 'maya' })).answer()).text).toMatch(
    /Which Jellyfin account is yours/,
  );
  expect(auditLines(bot)).toContain('Dad unlink done');
});

test('nobody takes an account over by unlinking its owner first: the owner and the admins hear of that, by name', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const eve = bot.discord.addPerson('Eve', { roles: [bot.discord.roles['admin'] ?? ''] });
  await (await eve.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
  await (await eve.types('/link', { member: eve, user: 'maya' })).answer();
  const word = await bot.maya.sees(/not linked to the Jellyfin account maya any more/, { in: 'dm' });
  expect(word.content).toContain(`${eve.mention} took the link away`);
  expect(word.text).toMatch(/Should that not be\? Tell another admin/);
  expect((await (await bot.maya.presses('Show my account', { on: word })).answer()).text).toMatch(
    /Which Jellyfin account/,
  );
  const card = await bot.dad.sees(/took the link/, { in: bot.discord.adminChannelId });
  expect(card.content).toBe(`${eve.mention} took the link of ${bot.maya.mention} to maya away.`);
  expect(card.pings).toEqual({ everyone: false, roles: [], users: [] });
  // Of what somebody does with a link of their own nobody else need hear; who has left hears of nothing.
  await (await eve.types('/unlink', { member: eve, user: 'maya' })).answer();
  await bot.links(bot.maya, 'maya');
  bot.maya.leaves();
  await (await eve.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
  await bot.app.runJob('upkeep');
  await bot.restart();
  await bot.app.runJob('upkeep');
  const places = [bot.discord.messagesIn(bot.discord.adminChannelId), eve.directMessages(), bot.maya.directMessages()];
  expect(places.map((said) => said.filter(({ text }) => /took the link/.test(text)).length)).toEqual([2, 0, 1]);
});

test('an administrator’s account is unlinked by a server admin only', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true }) });
  connect(bot, bot.maya, 'boss');
  const unlink = async () => (await (await bot.dad.types('/unlink', { member: bot.maya, user: 'boss' })).answer()).text;
  expect(await unlink()).toMatch(/Only a Discord admin/);
  // Nor by one answer, of whoever gives it, that it is not there.
  const path = new RegExp(`^/Users/${bot.jellyfin.user('boss').Id}`);
  const gone = { status: 404, body: '{}', contentType: 'application/json', times: 99 };
  const isThere = bot.jellyfin.faults.on({ method: 'GET', path, ...gone });
  expect(await unlink()).toMatch(/Only a Discord admin/);
  isThere();
  connect(bot, bot.dad, 'root');
  expect(await unlink()).toMatch(/not linked to \*\*boss\*\* any more/);
});
