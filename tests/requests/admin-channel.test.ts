import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot, type BotOptions } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { codeIn, confirms } from '../support/quick-connect.js';

afterEach(closeAll);

/** Dad owns the administrator's account, by proof, and Maya her own. */
async function house(options: BotOptions = {}): Promise<BotHousehold> {
  const bot = await startBot({
    ...options,
    overrides: { proofPollMs: 20 },
    before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true, password: 'boss-1' }),
  });
  await bot.links(bot.maya, 'maya');
  const { token = '' } = await bot.jellyfin.signIn('boss', 'boss-1', { device: 'his own' });
  await (await bot.dad.types('/link')).answer();
  const code = codeIn((await (await bot.dad.presses('Link myself with a code')).answer()).text);
  expect(await confirms(bot.jellyfin, token, code)).toBe(200);
  await bot.dad.sees(/you are linked to \*\*boss\*\*/);
  return bot;
}

const unreached =
  /^.*I could not reach the admins: tell one of them yourself\. Your request \(new password for maya\) waits/;
const waits = /asks: new password for maya\. The admin channel reaches nobody\./;
const others = ['ViewChannel', 'EmbedLinks', 'AttachFiles', 'ReadMessageHistory'] as const;
const said = (bot: BotHousehold, words: RegExp) => bot.logged.filter((line) => words.test(line));

/** Waits until the bot has logged something: nothing changes at Discord when it does. */
async function logs(bot: BotHousehold, words: RegExp): Promise<void> {
  const until = Date.now() + 10_000;
  while (said(bot, words).length === 0) {
    if (Date.now() > until) throw new Error(`never logged: ${words.source}\n${bot.logged.slice(-8).join('')}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const toDad = ({ dad }: BotHousehold) => dad.directMessages().filter(({ text }) => waits.test(text));
const cards = ({ discord }: BotHousehold) =>
  discord.messagesIn(discord.adminChannelId).filter(({ text }) => /asks for a new password for maya/.test(text));

describe('the admin channel was deleted while the bot runs', () => {
  test('whoever asks reads that nobody was reached; the request waits, and an admin with an administrator’s account decides it from a direct message', async () => {
    const bot = await house();
    // Neither one who is no admin decides about it, nor an admin whose link to such an account does not count.
    connect(bot, bot.gran, 'boss');
    const mum = bot.discord.addPerson('Mum', { roles: [bot.discord.roles['admin'] ?? ''] });
    bot.jellyfin.addUser('kid');
    await bot.links(mum, 'kid');
    await (await mum.types('/help')).answer();
    await changesPolicy(bot.jellyfin, 'kid', { IsAdministrator: true });
    await (await bot.gran.types('/status', { user: 'kid' })).answer();
    await mum.sees(/so your link to it sleeps/, { in: 'dm' });
    bot.discord.deleteChannel(bot.discord.adminChannelId);
    await logs(bot, /There is no channel \d+\. Put the id of a text channel/);

    const asked = await bot.maya.types('/resetpw');
    expect((await asked.answer()).text).toMatch(unreached);
    const word = await bot.dad.sees(waits, { in: 'dm' });
    expect(word.text).toMatch(/it was deleted, or my permissions there were taken away/);
    const list = await (await bot.dad.presses('What waits', { on: word })).answer();
    expect(list.text).toMatch(/new password for maya/);
    await bot.dad.presses('Approve', { on: list });
    await bot.maya.sees(/sign in at/, { in: 'dm' });
    await bot.app.runJob('upkeep');
    expect(toDad(bot)).toEqual([]);
    expect([bot.gran, mum].map((who) => who.directMessages().length)).toEqual([0, 1]);
    expect(
      bot.dad.directMessages().filter(({ buttons }) => buttons.some(({ customId }) => /unposted/.test(customId ?? ''))),
    ).toEqual([]);
  });

  test('the admins are told once of one request, also by a bot that is started anew on another channel, which gets its card', async () => {
    const bot = await house();
    await (await bot.maya.types('/resetpw')).answer();
    await bot.dad.sees(/asks for a new password for maya/);
    const gone = bot.discord.adminChannelId;
    bot.discord.deleteChannel(gone);
    await logs(bot, /There is no channel/);
    expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(unreached);
    for (let round = 0; round < 3; round++) await bot.app.runJob('upkeep');
    bot.discord.adminChannelId = bot.discord.addChannel('admins again');
    await bot.restart();
    await bot.discord.until(() => cards(bot)[0], 'the card stands in the other channel');
    await bot.app.runJob('upkeep');
    expect(cards(bot).map(({ labels }) => labels)).toEqual([['Approve', 'Deny']]);
  });

  test.each<[string, (bot: BotHousehold) => unknown]>([
    ['the request was taken back', (bot) => bot.maya.presses('Cancel my request')],
    [
      'the channel is in order again',
      (bot) => bot.discord.setBotOverwrite(bot.discord.adminChannelId, { allow: [...others, 'SendMessages'] }),
    ],
    ['its reader is no admin any more', (bot) => bot.dad.setRoles([])],
  ])('nobody is written to once %s', async (_, happens) => {
    const bot = await house();
    bot.discord.setBotOverwrite(bot.discord.adminChannelId, { allow: others, deny: ['SendMessages'] });
    await logs(bot, /still needs: Send Messages/);
    const path = new RegExp(`^/channels/${bot.discord.world.directMessagesWith(bot.dad.id).id}/messages$`);
    const fault = bot.discord.faults.on({ method: 'POST', path, status: 500, times: 99 });
    await (await bot.maya.types('/resetpw')).answer();
    await logs(bot, /messages that are owed could not be sent yet|a message could not be sent yet/);
    await happens(bot);
    await bot.app.runJob('upkeep');
    fault.off();
    for (let round = 0; round < 2; round++) await bot.app.runJob('upkeep');
    expect(bot.dad.directMessages().filter(({ text }) => !/You are linked|your link to it sleeps/.test(text))).toEqual(
      [],
    );
  });

  test('whoever asks by the name of an account reads the same, and so does whoever asks to be linked', async () => {
    const bot = await house();
    const eve = bot.discord.addPerson('Eve');
    bot.discord.deleteChannel(bot.discord.adminChannelId);
    await logs(bot, /There is no channel/);
    expect((await (await eve.types('/resetpw', { user: 'maya' })).answer()).text).toMatch(unreached);
    await (await eve.types('/status')).answer();
    const asked = await (await eve.presses('Ask an admin')).answer();
    expect(asked.text).toMatch(/I could not reach the admins.*link to an account/);
    await bot.dad.sees(/link to an account\. The admin channel reaches nobody/, { in: 'dm' });
  });
});

test('the bot loses its permissions in the admin channel: said with what to do; given back, the card that is owed is posted', async () => {
  const bot = await house();
  bot.discord.setBotOverwrite(bot.discord.adminChannelId, { allow: others, deny: ['SendMessages'] });
  await logs(bot, /In the admin channel admins the bot still needs: Send Messages/);
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(unreached);
  await bot.dad.sees(waits, { in: 'dm' });
  for (let round = 0; round < 3; round++) await bot.app.runJob('upkeep');
  expect(toDad(bot)).toHaveLength(1);
  expect(said(bot, /the bot cannot write in the admin channel|still needs: Send Messages/)).toHaveLength(1);

  bot.discord.setBotOverwrite(bot.discord.adminChannelId, { allow: [...others, 'SendMessages'] });
  await logs(bot, /in order again/);
  await bot.app.runJob('upkeep');
  expect(cards(bot).map(({ labels }) => labels)).toEqual([['Approve', 'Deny']]);
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/still waiting/);
});

test('what everybody loses in the channel, and the bot with them, is noticed as well', async () => {
  const bot = await house();
  bot.discord.setOverwrite(bot.discord.adminChannelId, bot.discord.guildId, { deny: ['EmbedLinks'] });
  await logs(bot, /still needs: Embed Links/);
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(unreached);
});

test('the admins’ role is deleted: who asks is told, its owner of an administrator’s account, too, with what to do', async () => {
  const bot = await house({ env: { DISCORD_HELPER_ROLE_IDS: '' } });
  bot.discord.deleteRole(bot.discord.roles['admin'] ?? '');
  await logs(
    bot,
    /There is no role \d+ in the Discord server\. Put the id of an existing role into DISCORD_ADMIN_ROLE_IDS/,
  );
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(unreached);
  const word = await bot.dad.sees(waits, { in: 'dm' });
  expect(word.text).toMatch(/The role that decides was deleted, so nobody can approve this now/);
  expect(word.labels).toEqual(['Show my account']);
});

test('with helpers left, the deleted role of the admins stops an ordinary request as little as before', async () => {
  const bot = await house();
  bot.discord.deleteRole(bot.discord.roles['admin'] ?? '');
  await logs(bot, /There is no role/);
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/I have asked the admins/);
  const eve = bot.discord.addPerson('Eve');
  expect((await (await eve.types('/resetpw', { user: 'maya' })).answer()).text).toMatch(unreached);
});

test('what was deleted while the connection was lost for good is noticed once it is back', async () => {
  const bot = await house();
  bot.discord.gateway.invalidateSession(false);
  bot.discord.deleteChannel(bot.discord.adminChannelId);
  await logs(bot, /There is no channel/);
});
