import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';
import { auditLines, auditOf, callsDuring } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { Exchange } from '../../sandbox/discord/person/exchange.js';
import { COMMAND, INTERACTION } from '../../sandbox/discord/constants.js';
import { startInteraction } from '../../sandbox/discord/start-interaction.js';

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
    expect(inServer.text).toMatch(/too old for me\. Use <\/status:\d+>/);
    expect(inServer.private).toBe(true);
    const direct = await (await maya.pressesRaw(id, { in: 'dm' })).answer();
    expect(direct.text).toMatch(/too old for me/);
    expect(discord.answeredTwice()).toEqual([]);
  },
);

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

test('every answer to a command is for one person’s eyes in the server, and an ordinary message in direct messages', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const people = [bot.maya, bot.gran, bot.dad];
  for (const person of people) {
    for (const command of ['/status', '/unlock', '/resetpw', '/requests']) {
      const inServer = await (await person.types(command)).answer();
      expect([command, inServer.private]).toEqual([command, true]);
      expect(inServer.flags & (1 << 15)).not.toBe(0);
      // What may show a password is for one person's eyes there, too, as it takes itself away.
      if (command === '/resetpw') continue;
      const direct = await (await person.types(command, {}, { in: 'dm' })).answer();
      expect([command, direct.private]).toEqual([command, false]);
    }
  }
  expect(bot.discord.messagesIn(bot.discord.generalChannelId)).toEqual([]);
  await bot.app.stop();
  expect(bot.discord.answeredTwice()).toEqual([]);
  expect(bot.discord.unanswered()).toEqual([]);
});

test('a refused press on a card is told to the one who pressed, and the card stays as it is', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true }) });
  connect(bot, bot.maya, 'boss');
  await (await bot.maya.types('/resetpw')).answer();
  const card = await bot.dad.sees(/asks for a new password/);
  const said = await (await bot.gran.pressesRaw(card.buttons[0]?.customId ?? '', { message: card })).answer();
  expect(said.private).toBe(true);
  expect(said.text).toMatch(/Only a server admin/);
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
