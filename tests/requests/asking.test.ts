import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditLines, callsDuring, changes, passwordIn } from '../support/traces.js';
import { codeIn, confirms } from '../support/quick-connect.js';
import { withDatabase } from '../support/database.js';
import { forges } from '../support/forged.js';
import { changesPolicy } from '../support/in-jellyfin.js';

afterEach(closeAll);

test('a locked member asks for a new password, an admin approves with one press, and the member signs in with it', async () => {
  const { jellyfin, maya, dad, links } = await startBot();
  await links(maya, 'maya');
  await jellyfin.lock('maya');
  expect((await jellyfin.signIn('maya', mayasPassword)).status).toBe(403);

  const asked = await maya.types('/resetpw');
  expect((await asked.answer()).text).toMatch(/asked the admins for a new password for \*\*maya/);
  await dad.sees(/asks for a new password for maya/);
  await dad.presses('Approve');

  const message = await maya.sees(/sign in at/);
  const password = /\|\|`?([a-z0-9-]{14})`?\|\|/.exec(message.text)?.[1] ?? message.text;
  expect((await jellyfin.signIn('maya', password)).status).toBe(200);
  await dad.sees(/Done: .*has a new password for maya/);
});

describe('asking by the name of an account', () => {
  test.each([
    ['A new password', /Maya> asks for a new password for MAYA, and is not linked to it yet/],
    ['An unlock: I know my password', /Maya> asks to unlock MAYA, and is not linked to it yet/],
  ])('in the form that stands where nobody knows whose account it is, with “%s”', async (need, asks) => {
    const bot = await startBot();
    const question = await (await bot.maya.types('/status')).answer();
    const { title, components } = await (await bot.maya.presses("Type my account's name", { on: question })).modal();
    expect(title).toBe('Which Jellyfin account is yours?');
    expect(components.map(({ type }) => type)).toEqual([18, 18]);
    const fields = { "Your Jellyfin account's name": 'MAYA', 'What do you need?': need };
    const said = await (await bot.maya.fillsIn(fields)).answer();
    expect(said.text).toMatch(/I have asked the admins .*MAYA\*\* and to link you to it/);
    const card = await bot.dad.sees(/and is not linked to it yet/);
    expect(card.content.replace(bot.maya.id, 'Maya')).toMatch(asks);
    await bot.dad.presses('Deny', { on: card });
    await bot.dad.fillsIn({ 'In your own words': 'not yours' });
    await bot.maya.sees(/was denied/, { in: 'dm' });
    // Who is linked meanwhile has what they need elsewhere.
    await bot.links(bot.maya, 'maya');
    await bot.maya.presses("Type my account's name", { on: question });
    expect((await (await bot.maya.fillsIn(fields)).answer()).text).toMatch(/This button is too old for me/);
  });

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
      const word = await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
      expect(passwordIn(word.text)).toMatch(/-/);
      await bot.dad.sees(/has a new password for maya/);
      await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
      expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### maya/);
      expect(auditLines(bot)).toEqual(['Maya ask reset asked', 'Dad approve done', 'Dad link done', 'Dad reset done']);
      const again = await (await bot.dad.pressesRaw(card.buttons[0]?.customId ?? '', { message: card })).answer();
      expect(again.text).toMatch(/already done/);
    });

    test('and looks for what becomes of it with /status: that it waits, and how to take it back', async () => {
      const bot = await startBot();
      await (await bot.maya.types('/resetpw', { user: 'mya' })).answer();
      const said = await (await bot.maya.types('/status')).answer();
      expect(said.text).toMatch(/You asked for \*\*mya\*\* .* already, and it is still waiting/);
      await bot.maya.presses('Cancel my request');
      expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Which Jellyfin account is yours/);
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
      await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
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
      await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
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
});

test.each(['for a password', 'to be linked'])(
  'who has asked %s as often as one may is shown what still waits',
  async (what) => {
    const bot = await startBot();
    if (what === 'for a password') await bot.links(bot.maya, 'maya');
    const question = await (await bot.maya.types('/status')).answer();
    const asks = async () => {
      const asked =
        what === 'for a password' ? bot.maya.types('/resetpw') : bot.maya.presses('Ask an admin', { on: question });
      return (await (await asked).answer()).text;
    };
    for (let asked = 1; asked < 5; asked += 1) {
      await asks();
      await (await bot.maya.presses('Cancel my request')).answer();
    }
    expect(await asks()).toMatch(/I have asked the admins/);
    expect(await asks()).toMatch(/still waiting/);
    await (await bot.maya.presses('Cancel my request')).answer();
    expect(await asks()).toMatch(/<t:\d+/);
  },
);

test('a card about a linked account takes no other account, and one about a name no bare approval, whatever is sent', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const leo = bot.jellyfin.addUser('leo', { password: 'x' }).id;
  await (await bot.maya.types('/resetpw')).answer();
  const zoe = bot.discord.addPerson('Zoe');
  await (await zoe.types('/status')).answer();
  await zoe.presses('Ask an admin');
  const said = [
    await forges(bot, bot.dad, 'selects', 'requests:account:1', { values: [leo] }).answer(),
    await (await bot.dad.pressesRaw('requests:approve:2')).answer(),
  ];
  for (const { text } of said) expect(text).toMatch(/too old for me/);
  expect(auditLines(bot, zoe).filter((line) => /(approve|link|reset) done/.test(line))).toEqual(['Dad link done']);
});

test('an account that was switched off is not asked for, and its owner is told who can help', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await changesPolicy(bot.jellyfin, 'maya', { IsDisabled: true });
  for (const command of ['/resetpw', '/unlock'] as const)
    expect((await (await bot.maya.types(command)).answer()).text).toMatch(/switched off by an administrator/);
  expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
});

test('what was asked for one account waits on when another is taken away', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('leo', { password: 'x' }) });
  for (const name of ['maya', 'leo']) await bot.links(bot.maya, name);
  for (const user of ['maya', 'leo']) await (await bot.maya.types('/resetpw', { user })).answer();
  await (await bot.dad.types('/unlink', { member: bot.maya, user: 'leo' })).answer();
  await bot.dad.sees(/request was taken back/);
  await bot.dad.presses('Approve');
  await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
});

describe('asked by name and linked since', () => {
  /** Maya's unlock by name was approved, which linked her, and then failed at the server. */
  async function approvedAndFailed() {
    const bot = await startBot({ before: ({ jellyfin }) => jellyfin.lock('maya').then(() => undefined) });
    await (await bot.maya.types('/unlock', { user: 'maya' })).answer();
    await bot.dad.sees(/asks to unlock maya/);
    const off = bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 403, body: '' });
    await bot.dad.presses('Approve and link');
    const card = await bot.dad.sees(/request did not work/);
    off();
    await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
    return { bot, card };
  }

  const unlinks = async (bot: BotHousehold) =>
    (await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer()).text;

  test('Try again does what was asked, and makes no link that was taken away since', async () => {
    const { bot, card } = await approvedAndFailed();
    expect(await unlinks(bot)).toMatch(/not linked to \*\*maya\*\* any more/);
    await bot.maya.sees(/took the link away/, { in: 'dm' });
    const words = bot.maya.directMessages().length;
    const said = await (await bot.dad.presses('Try again', { on: card })).answer();
    expect(said.text).toMatch(/not linked to this member any more/);
    expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Which Jellyfin account is yours/);
    expect(bot.maya.directMessages()).toHaveLength(words);
  });

  test('Try again carries it out where the link still stands', async () => {
    const { bot, card } = await approvedAndFailed();
    await bot.dad.presses('Try again', { on: card });
    await bot.maya.sees(/account maya is unlocked/, { in: 'dm' });
    expect(auditLines(bot).filter((line) => line.includes(' link '))).toEqual(['Dad link done']);
  });

  test('a request by name goes on as an ordinary one when its asker proves the account', async () => {
    const bot = await startBot({ overrides: { proofPollMs: 20 } });
    const { token = '' } = await bot.jellyfin.signIn('maya', mayasPassword, { device: 'phone' });
    await (await bot.maya.types('/resetpw', { user: 'MAYA' })).answer();
    await bot.dad.sees(/asks for a new password for MAYA, and is not linked to it yet/);
    await confirms(bot.jellyfin, token, codeIn((await (await bot.maya.types('/link')).answer()).text));
    await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
    const card = await bot.dad.sees(/asks for a new password for maya\./);
    expect(card.labels).toEqual(['Approve', 'Deny']);
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/new password for maya/);
    expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/still waiting/);
    await bot.gran.presses('Approve', { on: card });
    await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
  });

  test('so it does when an admin links them; whoever has the older card before them may still press it', async () => {
    const bot = await startBot();
    await (await bot.maya.types('/resetpw', { user: 'maya' })).answer();
    const older = await bot.dad.sees(/and is not linked to it yet/);
    await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
    await bot.dad.sees(/asks for a new password for maya\./);
    await bot.dad.pressesRaw('requests:approve:1', { message: older });
    await bot.dad.sees(/has a new password for maya/);
    expect(auditLines(bot)).toEqual(['Maya ask reset asked', 'Dad link done', 'Dad approve done', 'Dad reset done']);
  });

  test('one that names something else waits on, and cannot become a second request for the same account', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('kim') });
    await (await bot.maya.types('/resetpw', { user: 'mya' })).answer();
    const first = await bot.dad.sees(/asks for a new password for mya, and/);
    await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
    await (await bot.maya.types('/resetpw')).answer();
    await bot.dad.sees(/asks for a new password for maya\./);
    const picked = await (await bot.dad.selects('Approve: pick their account', 'maya', { on: first })).answer();
    expect(picked.text).toMatch(/They have asked again since: decide on the newer card/);
  });
});

describe('who asked has left', () => {
  const links = (bot: BotHousehold) => withDatabase(bot.database, (db) => db.prepare('SELECT * FROM links').all());

  const leftWord = /has left the Discord server, so nothing was done and the request is over/;

  test('who has left since they asked is linked to nothing, and nothing is done; the request is over', async () => {
    const bot = await startBot();
    await bot.jellyfin.lock('maya');
    await bot.maya.types('/unlock', { user: 'maya' });
    const card = await bot.dad.sees(/asks to unlock maya/);
    bot.maya.leaves();
    const calls = await callsDuring(bot, async () => {
      expect((await (await bot.dad.presses('Approve and link', { on: card })).answer()).text).toMatch(leftWord);
    });
    expect(changes(calls)).toEqual([]);
    expect(links(bot)).toEqual([]);
    expect((await bot.dad.sees(/taken back/)).labels).toEqual([]);
    expect(auditLines(bot)).toEqual([
      'Maya ask unlock asked',
      'latchkey cancel done',
      'Dad requests approve memberLeft',
    ]);
  });

  test('nor by the account that is picked for somebody who asked to be linked; nor is an owner’s account unlocked', async () => {
    const bot = await startBot();
    const leo = bot.discord.addPerson('Leo');
    bot.jellyfin.addUser('kid');
    await bot.links(leo, 'maya');
    await bot.jellyfin.lock('maya');
    await bot.maya.types('/status');
    await bot.maya.presses('Ask an admin');
    const link = await bot.dad.sees(/asks to be linked/);
    await leo.types('/unlock');
    const unlock = await bot.dad.sees(/asks to unlock maya/);
    bot.maya.leaves();
    leo.leaves();
    expect((await (await bot.dad.selects('Approve: pick their account', 'kid', { on: link })).answer()).text).toMatch(
      leftWord,
    );
    expect((await (await bot.gran.presses('Approve', { on: unlock })).answer()).text).toMatch(leftWord);
    expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
    expect(links(bot)).toHaveLength(1);
  });
});

describe('calls to Jellyfin', () => {
  /** What the bot remembers of Jellyfin's accounts when somebody acts. */
  const memories: readonly [string, (bot: BotHousehold) => unknown][] = [
    ['right after a start', (bot) => bot.restart()],
    ['with a list that is due to be asked for again', (bot) => bot.passes(15_000)],
    ['with a list that is too old', (bot) => bot.passes(60_000)],
  ];

  /** A household whose Maya is locked out of her linked account; the id is what autocomplete fills in. */
  async function lockedOut() {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    return { bot, user: bot.jellyfin.user('maya').Id };
  }

  /** The calls as method and path without id and query, which is all that a count that is too high needs to show. */
  async function calls(bot: BotHousehold, act: () => Promise<unknown>): Promise<string[]> {
    const made = await callsDuring(bot, act);
    expect(bot.jellyfin.user('maya').Policy).toMatchObject({ IsDisabled: false, InvalidLoginAttemptCount: 0 });
    return made.map((call) => call.replace(/\?.*$/, '').replace(/[0-9a-f]{32}/, '{id}'));
  }

  const unlock = ['GET /Users/{id}', 'POST /Users/{id}/Policy', 'GET /Users/{id}'];

  const reset = ['GET /Users/{id}', 'POST /Users/{id}/Policy', 'POST /Users/Password', 'GET /Users/{id}'];

  describe.each(memories)('%s', (_when, remember) => {
    test('an unlock by a helper costs three calls', async () => {
      const { bot, user } = await lockedOut();
      await remember(bot);
      expect(await calls(bot, async () => (await bot.gran.types('/unlock', { user })).answer())).toEqual(unlock);
    });

    test('a reset by a helper costs five calls at most', async () => {
      const { bot, user } = await lockedOut();
      await remember(bot);
      const made = await calls(bot, async () => (await bot.gran.types('/resetpw', { user })).answer());
      expect(made.slice(-reset.length)).toEqual(reset);
      expect(made.slice(5)).toEqual([]);
    });

    test.each([
      ['unlock', '/unlock', unlock],
      ['reset', '/resetpw', reset],
    ] as const)('an approved %s costs what it is made of and no more', async (_kind, command, expected) => {
      const { bot } = await lockedOut();
      await (await bot.maya.types(command)).answer();
      await bot.dad.sees(/asks/);
      await remember(bot);
      const approve = async () => {
        await (await bot.dad.presses('Approve')).settled();
        await bot.dad.sees(/^Done/);
      };
      expect(await calls(bot, approve)).toEqual(expected);
    });
  });
});
