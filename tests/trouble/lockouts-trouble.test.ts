import { afterEach, describe, expect, test } from 'vitest';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { opensInJellyfin } from '../support/in-jellyfin.js';

afterEach(closeAll);

const cards = ({ discord }: BotHousehold) => discord.messagesIn(discord.adminChannelId);
const elsewhere = ({ discord }: BotHousehold) => new RegExp(`^/channels/(?!${discord.adminChannelId})\\d+/messages$`);
const inAdminChannel = ({ discord }: BotHousehold) => new RegExp(`^/channels/${discord.adminChannelId}/messages$`);

async function watching(): Promise<BotHousehold> {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  return bot;
}

/** Everybody knows, once, after as many rounds as it takes. */
async function expectToldOnce(bot: BotHousehold): Promise<void> {
  for (let n = 0; n < 3; n += 1) await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
    expect.stringMatching(/^Too many wrong passwords .*from 127\.0\.0\.1/),
  ]);
  expect(cards(bot).map(({ content, labels }) => [content, labels])).toEqual([
    [expect.stringMatching(/^maya is locked/), ['Unlock']],
  ]);
  expect(cards(bot)[0]?.text).toMatch(/Its owner knows/);
}

describe('a bot that is stopped', () => {
  /** What a call to either end is cut at, and when. */
  const points: [string, (bot: BotHousehold, cut: 'before' | 'after') => unknown][] = [
    ['reading the log', ({ jellyfin }, cut) => jellyfin.faults.on({ path: /ActivityLog/, cut, times: 2 })],
    ['asking the account', ({ jellyfin }, cut) => jellyfin.faults.on({ path: /^\/Users\//, cut, times: 2 })],
    [
      'opening direct messages',
      ({ discord }, cut) => discord.faults.on({ path: /users\/@me\/channels/, cut, times: 5 }),
    ],
    ['sending the word', (bot, cut) => bot.discord.faults.on({ method: 'POST', path: elsewhere(bot), cut, times: 5 })],
    [
      'sending the card',
      (bot, cut) => bot.discord.faults.on({ method: 'POST', path: inAdminChannel(bot), cut, times: 5 }),
    ],
  ];
  const all = points.flatMap(([name, cut]) => (['before', 'after'] as const).map((when) => [name, when, cut] as const));

  test.each(all)(
    'while %s (the call cut %s it was done) has told everybody once in the end',
    async (_name, when, cut) => {
      const bot = await watching();
      await bot.jellyfin.lock('maya');
      cut(bot, when);
      await bot.app.runJob('lockouts');
      await bot.app.stop();
      // Long enough for Discord to have forgotten the nonces: the bot itself has to find what it had sent.
      for (const { id } of [...bot.maya.directMessages(), ...cards(bot)]) bot.discord.ageMessage(id, 6 * 60_000);
      await bot.restart();
      await expectToldOnce(bot);
    },
  );

  test('while sending a card on which the first account is open again finds that card, and sends no second one', async () => {
    const bot = await watching();
    bot.jellyfin.addUser('cinema', { password: 'films' });
    const sending = { method: 'POST', path: inAdminChannel(bot), times: 3 } as const;
    bot.discord.faults.on({ ...sending, cut: 'before' });
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
    await bot.app.runJob('lockouts');
    expect(cards(bot)).toEqual([]);
    bot.discord.faults.on({ ...sending, cut: 'after' });
    await bot.jellyfin.lock('cinema');
    await bot.app.runJob('lockouts');
    await bot.app.stop();
    for (const { id } of cards(bot)) bot.discord.ageMessage(id, 6 * 60_000);
    await bot.restart();
    await bot.app.runJob('lockouts');
    expect(cards(bot).map(({ content }) => content)).toEqual([expect.stringMatching(/^cinema is locked/)]);
  });

  test('between any two rounds tells nothing twice, and sees what happened while it was away', async () => {
    const bot = await watching();
    await bot.restart();
    await bot.jellyfin.lock('maya');
    await bot.restart();
    await expectToldOnce(bot);
    await bot.restart();
    await expectToldOnce(bot);
    await bot.app.stop();
    await bot.jellyfin.restart();
    await opensInJellyfin(bot.jellyfin, 'maya');
    await bot.restart();
    await bot.app.runJob('lockouts');
    await bot.maya.sees(/is not locked any more/, { in: 'dm' });
    await bot.dad.sees(/open again/, { in: bot.discord.adminChannelId });
    expect([bot.maya.directMessages().length, cards(bot).length]).toEqual([1, 1]);
  });

  test('while it tells that a lockout is over, tells it all the same', async () => {
    const bot = await watching();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    bot.discord.faults.on({ method: 'PATCH', path: /^\/channels\/\d+\/messages\/\d+$/, cut: 'before', times: 12 });
    await (await bot.dad.presses('Unlock')).answer();
    await bot.restart();
    for (let n = 0; n < 3; n += 1) await bot.app.runJob('lockouts');
    await bot.maya.sees(/is not locked any more/, { in: 'dm' });
    await bot.dad.sees(new RegExp(`unlocked by ${bot.dad.mention}`), { in: bot.discord.adminChannelId });
    expect([bot.maya.directMessages().length, cards(bot).length]).toEqual([1, 1]);
  });
});

test('while Discord is down the words wait, and come once when it is back', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  const down = bot.discord.faults.on({ path: /^\/(channels|users)\//, status: 500, times: 1000 });
  await bot.app.runJob('lockouts');
  expect([bot.maya.directMessages(), cards(bot)]).toEqual([[], []]);
  down.off();
  await expectToldOnce(bot);
});

test('while Jellyfin is down nothing is lost, and it is told when it answers again', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  await bot.jellyfin.starting('refused');
  await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages()).toEqual([]);
  await bot.jellyfin.starting('real');
  await expectToldOnce(bot);
});

test('a Jellyfin that goes away between its log and the account is not taken at the log’s word', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  const off = bot.jellyfin.faults.on({ path: /^\/Users\//, status: 503 });
  await bot.app.runJob('lockouts');
  expect(bot.maya.directMessages()).toEqual([]);
  await bot.restart();
  off();
  await expectToldOnce(bot);
});

test('an account that cannot be read keeps nobody else from being told, nor from hearing that it is over', async () => {
  const bot = await watching();
  bot.jellyfin.addUser('abe', { password: 'x', limit: 3 });
  await bot.jellyfin.lock('abe');
  await bot.jellyfin.lock('maya');
  const mend = bot.jellyfin.faults.on({ path: new RegExp(`^/Users/${bot.jellyfin.user('abe').Id}`), status: 500 });
  await expectToldOnce(bot);
  mend();
  await bot.app.runJob('lockouts');
  expect(cards(bot)[0]?.labels).toEqual(['Unlock abe', 'Unlock maya']);
  bot.jellyfin.faults.on({ path: new RegExp(`^/Users/${bot.jellyfin.user('abe').Id}`), status: 500 });
  await opensInJellyfin(bot.jellyfin, 'maya');
  await bot.app.runJob('lockouts');
  await bot.maya.sees(/is not locked any more/, { in: 'dm' });
  expect(bot.logged.filter((line) => line.includes('could not be looked at yet'))).not.toEqual([]);
});

test('a card that an admin deleted comes back while somebody is locked, and not when all is over', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('lockouts');
  bot.discord.deleteMessage(cards(bot)[0]?.id ?? '');
  bot.jellyfin.addUser('leo', { password: 'x', limit: 3 });
  await bot.jellyfin.lock('leo');
  await bot.app.runJob('lockouts');
  expect(cards(bot).map(({ labels }) => labels)).toEqual([['Unlock maya', 'Unlock leo']]);
  bot.discord.deleteMessage(cards(bot)[0]?.id ?? '');
  for (const user of ['maya', 'leo']) await (await bot.dad.types('/unlock', { user })).answer();
  await bot.app.runJob('lockouts');
  await bot.app.runJob('lockouts');
  // Between the two unlocks one was still locked.
  expect(cards(bot).flatMap(({ labels }) => labels)).toEqual([]);
});

test('an account that was opened before anybody could be told is no news', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  const down = bot.discord.faults.on({ method: 'POST', path: /^\/(channels|users)\//, status: 500, times: 1000 });
  await bot.app.runJob('lockouts');
  down.off();
  await (await bot.dad.types('/unlock', { user: 'maya' })).answer();
  await bot.app.runJob('lockouts');
  expect([bot.maya.directMessages(), cards(bot)]).toEqual([[], []]);
});

test('a card that cannot be written down comes with a later round; the owner hears all the same', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  withDatabase(bot.database, (db) =>
    db.exec(`CREATE TRIGGER full BEFORE INSERT ON lockout_cards BEGIN SELECT RAISE(ABORT, 'disk full'); END`),
  );
  await bot.app.runJob('lockouts');
  expect([bot.maya.directMessages().length, cards(bot)]).toEqual([1, []]);
  expect(bot.logged.filter((line) => line.includes('about lockouts could not be brought up to date'))).not.toEqual([]);
  withDatabase(bot.database, (db) => db.exec('DROP TRIGGER full'));
  await expectToldOnce(bot);
});
