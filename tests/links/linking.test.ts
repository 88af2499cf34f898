import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, type BotOptions, closeAll, startBot } from '../support/bot.js';
import { auditLines } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { comesBack } from '../support/leaves.js';
import { COMPONENT } from '../../sandbox/discord/constants.js';
import { flatten } from '../../sandbox/discord/payloads/components.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { withDatabase } from '../support/database.js';
import { changesPolicy, deletesAccount } from '../support/in-jellyfin.js';

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
  connect(bot, bot.dad, 'root');
  expect(await unlink()).toMatch(/not linked to \*\*boss\*\* any more/);
});

describe('the first links of a household', () => {
  /** Who stands in the selects of people, in reading order. */
  function presets({ components }: SeenMessage): (string | undefined)[] {
    return flatten(components)
      .filter(({ type }) => type === COMPONENT.UserSelect)
      .map((select) => (select as { default_values?: { id: string }[] }).default_values?.[0]?.id);
  }

  test('bare /link shows an admin the accounts without a member, with the likely one, and links what is shown in one press', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('zed') });
    const list = await (await bot.dad.types('/link')).answer();
    expect(list.text).toMatch(/2 accounts have no member yet/);
    expect(list.text).not.toMatch(/root/);
    expect(presets(list)).toEqual([bot.maya.id, undefined]);
    const done = await (await bot.dad.presses('Link as shown')).answer();
    expect(done.text).toMatch(/<@\d+> is linked to \*\*maya\*\* now/);
    expect(done.text).toMatch(/1 account has no member yet/);
    await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
    const last = await (await bot.dad.selects('Whose is it?', bot.gran)).answer();
    expect(last.text).toMatch(/is linked to \*\*zed\*\* now[^]*Every account has its member/);
    expect(auditLines(bot)).toEqual(['Dad link done', 'Dad link done']);
  });

  test('whoever is guessed is named by what they cannot choose, as an account’s name may be anybody’s nickname', async () => {
    const bot = await startBot();
    bot.maya.leaves();
    const somebody = bot.discord.addPerson('maya_or_not');
    somebody.takesNickname('Maya');
    const list = await (await bot.dad.types('/link')).answer();
    expect(presets(list)).toEqual([somebody.id]);
    expect(list.text).toMatch(
      /\*\*maya\*\*[^]{0,9}-# Discord name: maya\\_or\\_not, in this Discord server since <t:\d+:D>/,
    );
  });

  test('a bot, and somebody who is gone, cannot be chosen', async () => {
    const bot = await startBot();
    const robot = { id: bot.discord.addBot('Robot') };
    const gone = bot.discord.addPerson('Gone');
    gone.leaves();
    await (await bot.dad.types('/link')).answer();
    expect((await (await bot.dad.selects('Whose is it?', robot)).answer()).text).toMatch(/That is a bot/);
    expect((await (await bot.dad.selects('Whose is it?', gone)).answer()).text).toMatch(/not in this Discord server/);
    const maya = bot.jellyfin.user('maya').Id;
    const pressed = await bot.dad.pressesRaw(`unlink:undo:${maya}.${robot.id}`, {
      message: await bot.dad.sees(/Whose/),
    });
    expect((await pressed.answer()).text).toMatch(/not in this Discord server/);
    for (const nobody of [robot, gone]) {
      const said = await (await bot.dad.usesMenu('Jellyfin account', nobody)).answer();
      expect(said.text).toMatch(/not linked to any/);
      expect(said.text).not.toMatch(/maya/);
    }
  });

  test('without an answer from Discord about who is who, the selects stand without a guess', async () => {
    const bot = await startBot({ overrides: { memberSearchMs: 100 } });
    bot.discord.gateway.answersAboutMembers = false;
    const list = await (await bot.dad.types('/link')).answer();
    expect(presets(list)).toEqual([undefined]);
    expect((await (await bot.dad.presses('Link as shown')).answer()).text).toMatch(/No name stands there/);
  });

  test('a guess is made only where one person fits: two of a name, or a bot, are none', async () => {
    const bot = await startBot({
      before: ({ jellyfin, discord }) => {
        for (const name of ['ann', 'bo.smith', 'robot']) jellyfin.addUser(name);
        for (const name of ['Anna', 'Anne', 'Bo']) discord.addPerson(name);
        discord.addBot('Robot');
      },
    });
    const list = await (await bot.dad.types('/link')).answer();
    const bo = [...bot.discord.world.users.values()].find(({ username }) => username === 'Bo');
    expect(presets(list)).toEqual([undefined, bo?.id, bot.maya.id, undefined]);
  });

  test('whoever was picked is linked at once, and Undo takes that back', async () => {
    const bot = await startBot();
    await (await bot.dad.types('/link')).answer();
    const picked = await (await bot.dad.selects('Whose is it?', bot.maya)).answer();
    expect(picked.text).toMatch(/is linked to \*\*maya\*\* now\.\n.*\[Undo\]/);
    const undone = await (await bot.dad.presses('Undo')).answer();
    expect(undone.text).toMatch(/is not linked to \*\*maya\*\* any more/);
    expect((await (await bot.dad.presses('Accounts without a member')).answer()).text).toMatch(/\*\*maya\*\*/);
  });

  test('of several that were linked as shown, one is picked to be taken back', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('leo') });
    bot.discord.addPerson('Leo');
    const list = await (await bot.dad.types('/link')).answer();
    expect(presets(list).filter((each) => each !== undefined)).toHaveLength(2);
    expect((await (await bot.dad.presses('Link as shown')).answer()).text).toMatch(/leo\*\* now[^]*maya\*\* now/);
    const undone = await (await bot.dad.selects('Undo one of these', 'leo')).answer();
    expect(undone.text).toMatch(/is not linked to \*\*leo\*\* any more/);
    expect((await (await bot.dad.types('/status', { user: bot.maya.mention })).answer()).text).toMatch(/### maya/);
  });

  test('/unlink can be undone; to forget somebody is offered once they have left', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const left = await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    expect(left.labels).toEqual(['Undo']);
    expect((await (await bot.dad.presses('Undo')).answer()).text).toMatch(/is linked to \*\*maya\*\* now/);
    bot.maya.leaves();
    const gone = await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    expect(gone.labels).toEqual(['Forget this person']);
  });

  test('ten a page, forth and back', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => jellyfin.addManyUsers(22) });
    const first = await (await bot.dad.types('/link')).answer();
    expect(first.text).toMatch(/23 accounts have no member yet\*\* \(page 1 of 3\)/);
    expect(presets(first)).toHaveLength(10);
    await (await bot.dad.presses('Next')).answer();
    const third = await (await bot.dad.presses('Next')).answer();
    expect(third.text).toMatch(/page 3 of 3/);
    expect(presets(third)).toHaveLength(3);
    expect(third.labels).not.toContain('Next');
    expect((await (await bot.dad.presses('Previous')).answer()).text).toMatch(/page 2 of 3/);
  });

  test('a list is an admin’s only, also for somebody who has lost the role since', async () => {
    const bot = await startBot();
    await (await bot.dad.types('/link')).answer();
    bot.dad.setRoles([]);
    expect((await (await bot.dad.selects('Whose is it?', bot.dad)).answer()).text).toMatch(/That is for admins/);
    expect((await (await bot.dad.presses('Link as shown')).answer()).text).toMatch(/That is for admins/);
  });

  test('in a member’s menu an admin links them with one select; a helper is not offered that', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('aaa') });
    const card = await (await bot.dad.usesMenu('Jellyfin account', bot.maya)).answer();
    expect(card.text).toMatch(/No account is linked to <@\d+> yet/);
    const options = flatten(card.components).find(({ type }) => type === COMPONENT.StringSelect)?.options;
    expect(options?.map(({ label }) => label)).toEqual(['maya', 'aaa']);
    expect((await (await bot.dad.selects('Link to an account', 'maya')).answer()).text).toMatch(
      /is linked to \*\*maya\*\*/,
    );
    await bot.maya.sees(/You are linked/, { in: 'dm' });
    const again = await (await bot.dad.usesMenu('Jellyfin account', bot.maya)).answer();
    expect(again.text).toMatch(/### maya/);
    const helpers = await (await bot.gran.usesMenu('Jellyfin account', bot.gran)).answer();
    expect(helpers.text).toMatch(/is not linked to any account/);
    expect(flatten(helpers.components).some(({ type }) => type === COMPONENT.StringSelect)).toBe(false);
    bot.maya.leaves();
    expect((await (await bot.dad.selects('Link to an account', 'aaa', { on: again })).answer()).text).toMatch(
      /not in this Discord server/,
    );
  });
});

describe('the greeting', () => {
  const asks = /when there is an answer to what you asked for/;

  const pins = /somebody asks for a PIN/;

  const lockouts = /gets? locked after too many wrong passwords/;

  /** Maya is linked by an admin; her greeting, which is the newest message she has. */
  async function greeted(bot: BotHousehold, account = 'maya') {
    await (await bot.dad.types('/link', { member: bot.maya, user: account })).answer();
    const said = await bot.maya.sees(new RegExp(`You are linked to .*${account}`), { in: 'dm' });
    expect(said.text).toMatch(asks);
    expect(said.text).toMatch(/somebody else links themselves to your account or gets a new password for it/);
    return said;
  }

  const withFolder = (env: Record<string, string>) =>
    startBot({ env, before: ({ jellyfin }) => void (env.JELLYFIN_SERVER_DIR = jellyfin.serverDir) });

  test('a greeting promises PINs and lockouts where the bot sees both', async () => {
    const { text, labels } = await greeted(await withFolder({}));
    expect([pins.test(text), lockouts.test(text), labels]).toEqual([true, true, ['Not these']]);
  });

  test('no PINs where the bot sees no folder to find them in', async () => {
    const { text, labels } = await greeted(await startBot());
    expect([pins.test(text), lockouts.test(text), labels]).toEqual([false, true, ['Not these']]);
  });

  test('no lockouts where nobody is told of them, and its button shows the account', async () => {
    const bot = await withFolder({ WATCH_LOCKOUTS: 'off' });
    const { text, labels } = await greeted(bot);
    expect([pins.test(text), lockouts.test(text), labels]).toEqual([true, false, ['Show my account']]);
    expect((await (await bot.maya.presses('Show my account')).answer()).text).toMatch(/maya/);
    const other = await startBot({ env: { WATCH_LOCKOUTS: 'off' } });
    const least = await greeted(other);
    expect([pins.test(least.text), lockouts.test(least.text)]).toEqual([false, false]);
  });

  test('no lockouts to somebody who said no to them for another account, and they can be had back', async () => {
    const bot = await startBot();
    bot.jellyfin.addUser('cinema');
    await greeted(bot);
    await bot.maya.presses('Not these');
    await bot.maya.sees(/All right: I do not write to you about lockouts/, { in: 'dm' });
    const { text, labels } = await greeted(bot, 'cinema');
    expect(lockouts.test(text)).toBe(false);
    expect(text).toMatch(/About lockouts I do not write, as you told me before/);
    expect(labels).toEqual(['Write to me after all']);
    await bot.maya.presses('Write to me after all');
    await bot.maya.sees(lockouts, { in: 'dm' });
  });

  test('nor does the word about a request to be linked, which greets, too', async () => {
    const bot = await startBot({ env: { WATCH_LOCKOUTS: 'off' } });
    await (await bot.maya.types('/status')).answer();
    await bot.maya.presses('Ask an admin');
    await bot.dad.selects('Approve: pick their account', 'maya');
    const { text, labels } = await bot.maya.sees(/You are linked/, { in: 'dm' });
    expect([asks.test(text), lockouts.test(text), labels]).toEqual([true, false, ['Show my account']]);
  });

  /** Maya types what she wants anyway, and reads first what could not be sent to her; then turns lockouts off and on. */
  async function readsAndChooses({ maya, app, jellyfin }: BotHousehold) {
    const said = await (await maya.types('/status')).answer();
    expect(said.lines[0]).toMatch(/You are linked to the Jellyfin account maya/);
    expect(said.text).toMatch(asks);
    expect(said.text).toMatch(/I could not send you this as a direct message/);
    expect(said.text).toMatch(/### maya/);
    expect(said.labels).toContain('Not these');
    await maya.presses('Not these');
    const off = await maya.sees(/All right: I do not write to you about lockouts/);
    expect([off.private, off.labels]).toEqual([true, ['Write to me after all']]);
    expect((await (await maya.types('/status')).answer()).text).not.toMatch(asks);
    maya.opensDms();
    await app.runJob('lockouts');
    await jellyfin.lock('maya');
    await app.runJob('lockouts');
    expect(maya.directMessages().filter(({ text }) => /Too many wrong passwords/.test(text))).toEqual([]);
  }

  test('who takes no direct messages when they are linked reads the greeting at their next command, with its choice', async () => {
    const bot = await startBot();
    bot.maya.closesDms();
    await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
    await bot.app.runJob('upkeep');
    await readsAndChooses(bot);
  });

  /** Maya asked for it; where her direct messages are closed she has not heard yet that it is done. */
  async function isLinkedUnheard({ maya, dad }: BotHousehold) {
    maya.closesDms();
    await (await maya.types('/status', {}, { in: 'dm' })).answer();
    await maya.presses('Ask an admin');
    await dad.selects('Approve: pick their account', 'maya');
    await dad.sees(/could not be reached/);
  }

  test('and so does who asked to be linked', async () => {
    const bot = await startBot();
    await isLinkedUnheard(bot);
    await readsAndChooses(bot);
  });

  test.each(['asked for', 'not asked for'])('what is linked no more by then is not said: it was %s', async (how) => {
    const bot = await startBot();
    bot.maya.closesDms();
    if (how === 'asked for') await isLinkedUnheard(bot);
    else await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
    await bot.app.runJob('upkeep');
    await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    expect((await (await bot.maya.types('/help')).answer()).text).not.toMatch(/You are linked/);
  });
});

describe('links follow who is in the server', () => {
  const day = 86_400_000;

  /** What the admins were told about links, newest last, each as it stands now. */
  const news = ({ discord }: BotHousehold) =>
    discord.messagesIn(discord.adminChannelId).filter(({ labels }) => labels.includes('Accounts without a member'));

  test('who leaves is noticed at night; their link sleeps without rights, wakes when they are back, and the admins hear of both', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    await bot.dad.sees(/asks for a new password/);
    bot.maya.leaves();
    await bot.app.runJob('follow links');
    // A night's look is over when all of it is done and told.
    await bot.dad.sees(/request was taken back/, { within: 0 });
    expect(news(bot)).toHaveLength(1);
    await bot.app.runJob('follow links');
    expect(news(bot).map(({ content }) => content)).toEqual([
      `${bot.maya.mention} is not in the Discord server any more: the link to maya sleeps, and is dropped in 30 days unless they come back.`,
    ]);
    expect(news(bot)[0]?.pings).toEqual({ everyone: false, roles: [], users: [] });
    await bot.dad.sees(/request was taken back/);
    expect((await (await bot.dad.usesMenu('Jellyfin account', bot.maya)).answer()).text).toMatch(/not linked to any/);
    // Asleep, the account is kept for its member.
    expect((await (await bot.dad.types('/link')).answer()).text).toMatch(/Every account has its member/);
    comesBack(bot, bot.maya);
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### maya/);
    await bot.dad.sees(/is back: the link to maya works again/);
  });

  test('who left before they were greeted is not written to, and greeted when they are back', async () => {
    const bot = await startBot();
    const { discord, maya } = bot;
    const dm = discord.world.directMessagesWith(maya.id).id;
    const sending = { method: 'POST', path: new RegExp(`^/channels/${dm}/messages$`) };
    const trouble = discord.faults.on({ ...sending, status: 500, times: 99 });
    await (await bot.dad.types('/link', { member: maya, user: 'maya' })).answer();
    await bot.app.runJob('upkeep');
    maya.leaves();
    await bot.app.runJob('follow links');
    trouble.off();
    const before = discord.requests.length;
    await bot.app.runJob('upkeep');
    const written = discord.requests.slice(before).map(({ path }) => path);
    expect(written.filter((path) => path === '/users/@me/channels' || sending.path.test(path))).toEqual([]);
    comesBack(bot, maya);
    await bot.app.runJob('follow links');
    await bot.app.runJob('upkeep');
    await maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
  });

  test('after thirty days away it is dropped', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    bot.maya.leaves();
    await bot.app.runJob('follow links');
    bot.passes(29 * day);
    await bot.app.runJob('follow links');
    expect(auditLines(bot)).toEqual(['Dad link done']);
    bot.passes(day);
    await bot.app.runJob('follow links');
    expect(auditLines(bot)).toEqual(['Dad link done', 'latchkey unlink dropped']);
    expect(news(bot).at(-1)?.content).toMatch(/has been away for 30 days: the link to maya is dropped/);
    expect((await (await bot.dad.types('/link')).answer()).text).toMatch(/1 account has no member/);
  });

  test('accounts are followed by their id: renamed, deleted; one card tells both, once, also after a restart', async () => {
    const before: BotOptions['before'] = ({ jellyfin }) => ['child', 'kid'].forEach((name) => jellyfin.addUser(name));
    const bot = await startBot({ before });
    await bot.links(bot.maya, 'maya');
    for (const name of ['child', 'kid']) await bot.links(bot.gran, name);
    bot.jellyfin.renameUser('maya', 'maya*b*');
    for (const name of ['child', 'kid']) await deletesAccount(bot.jellyfin, name);
    bot.discord.faults.on({
      method: 'POST',
      path: /^\/channels\/\d+\/messages/,
      status: 403,
      body: { code: 50013, message: 'Missing Permissions' },
    });
    await bot.app.runJob('follow links');
    bot.discord.faults.clear();
    await bot.restart();
    await bot.app.runJob('upkeep');
    await bot.app.runJob('follow links');
    await bot.app.runJob('upkeep');
    expect(news(bot)).toHaveLength(1);
    expect(news(bot)[0]?.content).toMatch(/, is called maya\\\*b\\\* now\.\nand 2 more$/);
    expect(news(bot)[0]?.text).toMatch(/maya, linked to <@\d+>, is called maya\\\*b\\\* now/);
    for (const name of ['child', 'kid'])
      expect(news(bot)[0]?.text).toMatch(new RegExp(`${name} was deleted in Jellyfin: its link to <@\\d+> is dropped`));
    expect((await (await bot.gran.types('/signin', { code: '123456' })).answer()).text).toMatch(/do not know that yet/);
    expect((await (await bot.dad.presses('Accounts without a member')).answer()).text).toMatch(/Every account/);
  });

  test('the only linked account, deleted, is said to be deleted: that is no other server', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    await bot.dad.sees(/asks for a new password/);
    await deletesAccount(bot.jellyfin, 'maya');
    await bot.app.runJob('follow links');
    expect(news(bot).map(({ content }) => content)).toEqual([
      expect.stringMatching(/maya was deleted in Jellyfin: its link to <@\d+> is dropped/),
    ]);
    await bot.dad.sees(/request was taken back/, { within: 0 });
  });

  test('when every linked account is gone at once, the links are kept: that is another server', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('child') });
    await bot.links(bot.maya, 'maya');
    await bot.links(bot.gran, 'child');
    for (const name of ['maya', 'child']) await deletesAccount(bot.jellyfin, name);
    await bot.app.runJob('follow links');
    await bot.dad.sees(/None of the linked accounts is on the Jellyfin server any more/);
    await bot.app.runJob('follow links');
    await bot.restart();
    await bot.app.runJob('follow links');
    expect(news(bot)).toHaveLength(1);
    expect(auditLines(bot)).toEqual(['Dad link done', 'Dad link done']);
  });

  test('a night in which Discord or Jellyfin does not answer changes nothing', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    bot.discord.faults.on({ path: /members\/\d+$/, status: 500, times: 20 });
    bot.jellyfin.faults.on({ path: /^\/Users/, status: 500 });
    await bot.app.runJob('follow links');
    bot.discord.faults.clear();
    bot.jellyfin.faults.clear();
    expect(news(bot)).toEqual([]);
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### maya/);
  });

  test('a night in which nothing can be saved takes nothing with it: the news come with the next round, and the bot ends as ever', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    bot.jellyfin.renameUser('maya', 'maya2');
    withDatabase(bot.database, (db) =>
      db.exec(`CREATE TRIGGER full BEFORE UPDATE ON notices BEGIN SELECT RAISE(ABORT, 'disk full'); END`),
    );
    await bot.app.runJob('follow links');
    await bot.app.runJob('upkeep');
    expect(news(bot)).toEqual([]);
    expect(bot.logged.filter((line) => line.includes('a message could not be sent yet'))).not.toEqual([]);
    withDatabase(bot.database, (db) => db.exec('DROP TRIGGER full'));
    await bot.app.runJob('upkeep');
    expect(news(bot).map(({ content }) => content)).toEqual([expect.stringMatching(/is called maya2 now/)]);
    await bot.restart();
    expect(news(bot)).toHaveLength(1);
  });
});
