import { afterEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { auditLines, auditOf, callsDuring } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { Exchange } from '../../sandbox/discord/person/exchange.js';
import { COMMAND, INTERACTION } from '../../sandbox/discord/constants.js';
import { startInteraction } from '../../sandbox/discord/start-interaction.js';
import type { JsonObject } from '../../sandbox/discord/json.js';
import type { Person } from '../../sandbox/discord/person/person.js';
import { longestAccountName } from '../../src/services/accounts/account.js';

afterEach(closeAll);

test.each([
  'nonsense',
  'requests:explode:1',
  'unknown:approve:1',
  'requests:toString:1',
  'constructor:x:1',
  'requests:approve:1:2:3',
  'x'.repeat(100),
])(
  'a button that this build does not know (%s) gets one sentence, in the server and in direct messages',
  async (id) => {
    const { maya, discord } = await startBot();
    const inServer = await (await maya.pressesRaw(id)).answer();
    expect(inServer.text).toMatch(/(too old for me|what it is about)\. Use <\/status:\d+>/);
    expect(inServer.private).toBe(true);
    const direct = await (await maya.pressesRaw(id, { in: 'dm' })).answer();
    expect(direct.text).toMatch(/too old for me|from another bot/);
    expect(discord.answeredTwice()).toEqual([]);
  },
);

test('a message of an earlier database, or of another application, is from another bot: nothing that it names is touched', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await (await bot.maya.types('/resetpw')).answer();
  const card = await bot.dad.sees(/asks for a new password for maya/);
  withDatabase(bot.database, (db) =>
    db.prepare('UPDATE migrations SET applied_at = ?').run(Date.now() + 2 * 3_600_000),
  );
  await bot.restart();
  expect((await (await bot.dad.presses('Approve', { on: card })).answer()).text).toMatch(/from another bot/);
  withDatabase(bot.database, (db) => db.prepare('UPDATE migrations SET applied_at = ?').run(Date.now()));
  await bot.restart();
  const message = bot.discord.world.findMessage(card.id);
  if (!message) throw new Error('no card');
  message.authorId = bot.discord.addBot('Keymaster');
  expect((await (await bot.dad.presses('Approve', { on: card })).answer()).text).toMatch(/from another bot/);
  expect(bot.discord.messagesIn(bot.discord.adminChannelId).some(({ text }) => /approved/.test(text))).toBe(false);
});

test('a command that this build does not have gets the same sentence', async () => {
  const bot = await startBot();
  const { world, generalChannelId } = bot.discord;
  const channel = world.channels.get(generalChannelId);
  if (!channel) throw new Error('no channel');
  const data = { id: world.snowflakes.next(), name: 'forgotten', type: COMMAND.ChatInput };
  const act = { type: INTERACTION.Command, did: '/forgotten', userId: bot.maya.id, channel, data };
  const exchange = new Exchange(world, startInteraction(world, act), () => '');
  expect((await exchange.answer()).text).toMatch(/too old for me/);
  expect(auditLines(bot)).toEqual(['Maya outdated cardOutdated']);
});

test('every answer to a command is for one person’s eyes, in the server and in direct messages', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const people = [bot.maya, bot.gran, bot.dad];
  for (const person of people) {
    for (const command of ['/status', '/unlock', '/resetpw', '/requests']) {
      const inServer = await (await person.types(command)).answer();
      expect([command, inServer.private]).toEqual([command, true]);
      expect(inServer.flags & (1 << 15)).not.toBe(0);
      const direct = await (await person.types(command, {}, { in: 'dm' })).answer();
      expect([command, direct.private]).toEqual([command, true]);
    }
  }
  expect(bot.discord.messagesIn(bot.discord.generalChannelId)).toEqual([]);
  await bot.app.stop();
  expect(bot.discord.answeredTwice()).toEqual([]);
  expect(bot.discord.unanswered()).toEqual([]);
});

test('a refused press on a card is told to the one who pressed, and the card stays as it is', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/resetpw', { user: 'maya' })).answer();
  const card = await bot.dad.sees(/asks for a new password/);
  const said = await (await bot.gran.presses('Approve and link', { on: card })).answer();
  expect(said.private).toBe(true);
  expect(said.text).toMatch(/That is for admins/);
  expect(said.id).not.toBe(card.id);
  expect(bot.discord.messagesIn(bot.discord.adminChannelId)[0]?.text).toBe(card.text);
});

test('a fault of ours: the person gets a reference and nothing else, and the log has the rest under it', async () => {
  const boom = () => {
    throw new TypeError('secret detail of /srv/latchkey');
  };
  const bot = await startBot({ overrides: { newPassword: boom } });
  const said = await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
  const reference = /Something went wrong.*`([0-9a-f]{8})`/.exec(said.text)?.[1] ?? 'no reference';
  expect(said.text).not.toMatch(/TypeError|secret detail|at /);
  expect(said.private).toBe(true);
  const lines = bot.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  const about = lines.filter((line) => line['reference'] === reference);
  expect(about).toHaveLength(1);
  expect(JSON.stringify(about[0])).toContain('secret detail');
  expect(auditOf(bot).at(-1)).toMatchObject({ act: 'resetpw', outcome: `failed ${reference}` });
  expect(bot.logged.filter((line) => line.includes('secret detail'))).toHaveLength(1);
});

test('an error that has a sentence is no fault: no reference, and helpers hear what they can do', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  bot.jellyfin.revokeKey();
  const member = await (await bot.maya.types('/status')).answer();
  expect(member.text).toMatch(/Jellyfin does not let me in any more/);
  expect(member.text).not.toMatch(/JELLYFIN_API_KEY|`[0-9a-f]{8}`/);
  const helper = await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
  expect(helper.text).toMatch(/JELLYFIN_API_KEY/);
});

test('one line is logged for each interaction: what, who, how it ended, how long', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/status')).answer();
  await bot.app.stop();
  const lines = bot.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  const own = lines.filter(({ msg }) => msg === 'interaction');
  expect(own).toHaveLength(1);
  expect(own[0]).toMatchObject({ command: 'status', actor: bot.maya.id, outcome: 'notLinked', ms: expect.any(Number) });
});

test.each([
  [10062, 404],
  [40060, 400],
] as const)('where the acknowledgement is refused (%i) nothing is done', async (code, status) => {
  const bot = await startBot();
  await bot.jellyfin.lock('maya');
  const fault = bot.discord.faults.on({ method: 'POST', path: /callback$/, status, body: { code, message: 'no' } });
  const calls = await callsDuring(bot, async () => {
    await bot.gran.types('/unlock', { user: 'maya' });
    await bot.discord.until(() => (fault.met > 0 ? true : undefined), 'the acknowledgement is refused');
    await bot.app.stop();
  });
  expect(calls).toEqual([]);
  expect(auditOf(bot)).toEqual([]);
});

test('a handler that takes long still answers, and others need not wait for it', async () => {
  const bot = await startBot();
  const hold = bot.jellyfin.faults.hold({ method: 'GET', path: /^\/Users\// });
  const slow = await bot.gran.types('/status', { user: bot.jellyfin.user('maya').Id });
  expect(await slow.acknowledged).toBeLessThan(3000);
  await hold.arrived;
  expect((await (await bot.gran.types('/requests')).answer()).text).toMatch(/Nothing is waiting/);
  hold.release();
  expect((await slow.answer()).text).toMatch(/maya/);
});

describe('answers at the edge of what Discord takes', () => {
  /** Sends what no person can do in the household of today: what a client may still have from another build. */
  function raw(bot: BotHousehold, person: Person, type: number, data: JsonObject): Exchange {
    const { world, generalChannelId } = bot.discord;
    const channel = world.channels.get(generalChannelId);
    if (!channel) throw new Error('no channel');
    return new Exchange(
      world,
      startInteraction(world, { type, did: 'raw', userId: person.id, channel, data }),
      () => '',
    );
  }

  test('what another build of the bot left in a client is answered: a message’s menu, an activity', async () => {
    const bot = await startBot();
    const { world, generalChannelId } = bot.discord;
    const message = {
      id: world.snowflakes.next(),
      channel_id: generalChannelId,
      author: { id: bot.maya.id, username: 'm' },
    };
    const menu = {
      id: '1',
      name: 'Old',
      type: COMMAND.Message,
      target_id: message.id,
      resolved: { messages: { [message.id]: message } },
    };
    for (const data of [menu, { id: '2', name: 'Launch', type: 4 }] as unknown as JsonObject[]) {
      expect((await raw(bot, bot.maya, INTERACTION.Command, data).answer()).text).toMatch(/too old for me/);
    }
  });

  test('an autocomplete that makes no sense does no harm', async () => {
    const bot = await startBot();
    raw(bot, bot.maya, INTERACTION.Autocomplete, { id: '1', name: 'status', type: 1, options: [] });
    expect((await (await bot.gran.types('/status')).answer()).text).toMatch(/Nobody is locked/);
    expect(bot.logged.filter((line) => /could not be answered/.test(line))).toHaveLength(1);
  });

  test('an answer that holds a password is for one person alone in direct messages, too', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    bot.jellyfin.addUser('guest', { password: 'x' });
    const handed = await (await bot.gran.types('/resetpw', { user: 'guest' }, { in: 'dm' })).answer();
    expect(handed.text).toMatch(/The new password for/);
    expect(handed.private).toBe(true);
    await (await bot.gran.types('/status', { user: 'guest' }, { in: 'dm' })).answer();
    const pressed = await (await bot.gran.presses('Reset password')).answer();
    expect(pressed.text).toMatch(/The new password for/);
    expect(pressed.private).toBe(true);
  });

  async function twoAsked(): Promise<BotHousehold> {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    await (await bot.maya.types('/unlock')).answer();
    await (await bot.maya.types('/resetpw')).answer();
    return bot;
  }

  test.each(['/requests', '/status'])(
    'who approves from %s reads how it ended, above what else waits',
    async (command) => {
      const bot = await twoAsked();
      await (await bot.gran.types(command)).answer();
      const said = await (await bot.gran.presses('Approve')).answer();
      expect(said.text).toMatch(/Done: maya is unlocked for/);
      expect(said.text).toMatch(/new password for maya, asked/);
    },
  );

  test('who approves from a list what then fails reads why, and what to do', async () => {
    const bot = await twoAsked();
    await (await bot.gran.types('/requests')).answer();
    bot.jellyfin.faults.on({ method: 'GET', path: /^\/Users\//, status: 401, body: '', times: 99 });
    const said = await (await bot.gran.presses('Approve')).answer();
    expect(said.text).toMatch(/request did not work: unlock maya/);
    expect(said.text).toMatch(/JELLYFIN_API_KEY/);
  });

  test('a press on an older card is answered beside it with how it ended', async () => {
    const bot = await twoAsked();
    const [card] = bot.discord.messagesIn(bot.discord.adminChannelId);
    if (!card) throw new Error('no card');
    bot.discord.deleteMessage(card.id);
    const said = await (
      await bot.gran.pressesRaw(card.buttons[0]?.customId ?? '', { in: bot.discord.adminChannelId })
    ).answer();
    expect(said.text).toMatch(/Done: maya is unlocked for/);
    expect(said.private).toBe(true);
  });

  test('an answer that Discord refuses with what was still to be said is given without it', async () => {
    const bot = await twoAsked();
    bot.maya.closesDms();
    bot.discord.setBotOverwrite(bot.discord.generalChannelId, { deny: ['SendMessages'] });
    await bot.gran.presses('Approve', { on: await bot.gran.sees(/asks to unlock/) });
    await bot.gran.sees(/could not be reached/);
    const path = /^\/webhooks\/.*original$/;
    bot.discord.faults.on({ method: 'PATCH', path, status: 400, body: { code: 50035, message: 'Invalid Form Body' } });
    const first = await (await bot.maya.types('/status')).answer();
    expect(first.text).toMatch(/Nothing stands in the way/);
    expect(first.text).not.toMatch(/is unlocked/);
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/is unlocked[^]*Nothing stands in the way/);
  });

  test('long names leave a member’s answer within what Discord takes', async () => {
    const bot = await startBot();
    const names = [1, 2, 3, 4].map((n) => `${'*'.repeat(longestAccountName - 1)}${n}`);
    for (const name of names) {
      bot.jellyfin.addUser(name, { password: 'x', limit: 3 });
      connect(bot, bot.maya, name);
    }
    await Promise.all(names.map(async (user) => (await bot.maya.types('/resetpw', { user })).answer()));
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Open request: new password for/);
  });

  test('an account that was deleted in Jellyfin is said to be, and the person’s others are shown', async () => {
    const bot = await startBot();
    const db = new Database(bot.database);
    db.prepare('INSERT INTO links (member_id, account_id, account_name, linked_at) VALUES (?, ?, ?, ?)').run(
      bot.maya.id,
      'f'.repeat(32),
      'leo',
      Date.now(),
    );
    db.close();
    await bot.links(bot.maya, 'maya');
    const said = await (await bot.maya.types('/status')).answer();
    expect(said.text).toMatch(/leo[^]*Deleted[^]*<\/unlink:\d+>/);
    expect(said.text).toMatch(/maya[^]*Nothing stands in the way/);
  });

  test('somebody with more accounts than Discord can list is offered as many as it can', async () => {
    const bot = await startBot();
    for (let n = 0; n < 27; n += 1) {
      bot.jellyfin.addUser(`kid${n}`, { password: 'x' });
      connect(bot, bot.maya, `kid${n}`);
    }
    expect(await bot.maya.typesInto('/status', 'user', 'kid')).toHaveLength(25);
  });
});
