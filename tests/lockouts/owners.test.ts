import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { comesBack } from '../support/leaves.js';
import { auditLines } from '../support/traces.js';
import { opensInJellyfin } from '../support/in-jellyfin.js';

afterEach(closeAll);

/** That a link was taken away is told by itself. */
const tookAway = /^You are not linked to the Jellyfin account maya any more/;

describe('new owners', () => {
  const minuteMs = 60_000;

  const cards = ({ discord }: BotHousehold) =>
    discord.messagesIn(discord.adminChannelId).filter(({ text }) => !/took the link/.test(text));

  const said = ({ maya }: BotHousehold) =>
    maya.directMessages().flatMap(({ content }) => (tookAway.test(content) ? [] : content));

  const isLocked = 'Too many wrong passwords for your Jellyfin account maya, from 127.0.0.1. Was it you?';

  /** Maya's account is locked, and a round has told whom it may concern. */
  async function locked(isLinked: boolean): Promise<BotHousehold> {
    const bot = await startBot();
    if (isLinked) await bot.links(bot.maya, 'maya');
    await bot.app.runJob('lockouts');
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    return bot;
  }

  const unlinks = async ({ dad, maya }: BotHousehold) =>
    (await dad.types('/unlink', { member: maya, user: 'maya' })).answer();

  test('who is linked again while the account is locked has the message about it back, and the card says so', async () => {
    const bot = await locked(true);
    await unlinks(bot);
    await bot.maya.sees(/not linked to any more/, { in: 'dm' });
    await bot.dad.sees(/Nobody in this Discord server is linked to it/);
    await bot.links(bot.maya, 'maya');
    await bot.maya.sees(/^Too many wrong passwords/, { in: 'dm' });
    await bot.dad.sees(/maya\*\*: locked .* Its owner knows/);
    for (let n = 0; n < 2; n += 1) await bot.app.runJob('lockouts');
    expect(said(bot)).toEqual([isLocked]);
    expect(cards(bot)).toHaveLength(1);
    await (await bot.dad.types('/unlock', { user: 'maya' })).answer();
    await bot.maya.sees(/is not locked any more/, { in: 'dm' });
  });

  test('so has who has left the server, and is back while it is locked', async () => {
    const bot = await locked(true);
    await bot.dad.sees(/Its owner knows/);
    bot.maya.leaves();
    await bot.app.runJob('follow links');
    await bot.dad.sees(/Nobody in this Discord server is linked to it/);
    comesBack(bot, bot.maya);
    await bot.app.runJob('follow links');
    await bot.dad.sees(/maya\*\*: locked .* Its owner knows/);
    expect(said(bot)).toEqual([isLocked]);
  });

  test('long after, it is a new message', async () => {
    const bot = await locked(true);
    await unlinks(bot);
    await bot.maya.sees(/not linked to any more/, { in: 'dm' });
    bot.passes(40 * minuteMs);
    await bot.links(bot.maya, 'maya');
    await bot.maya.sees(/^Too many wrong passwords/, { in: 'dm' });
    expect(said(bot)).toEqual([expect.stringMatching(/not linked to any more/), isLocked]);
  });

  test('who is linked for the first time while it is locked hears of it at once, and the card says that they know', async () => {
    const bot = await locked(false);
    await bot.dad.sees(/Nobody in this Discord server is linked to it/);
    await bot.links(bot.maya, 'maya');
    await bot.maya.sees(/^Too many wrong passwords/, { in: 'dm' });
    await bot.dad.sees(/Its owner knows/);
    await bot.app.runJob('lockouts');
    expect(said(bot)).toEqual([isLocked]);
    expect(cards(bot)).toHaveLength(1);
  });

  test('a second owner hears of it, and the first one hears nothing twice', async () => {
    const bot = await locked(true);
    const kim = bot.discord.addPerson('Kim');
    await bot.links(kim, 'maya');
    await kim.sees(/^Too many wrong passwords/, { in: 'dm' });
    await bot.app.runJob('lockouts');
    expect(bot.maya.notifications).toHaveLength(1);
  });

  test('who takes no direct messages is not said to know because somebody else was linked', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.app.runJob('lockouts');
    bot.maya.closesDms();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    const kim = bot.discord.addPerson('Kim');
    kim.closesDms();
    await (await bot.dad.types('/link', { member: kim, user: 'maya' })).answer();
    await bot.app.runJob('lockouts');
    expect(cards(bot)[0]?.text).toMatch(/does not take direct messages/);
    // Opened since, they hear of it with the next change of owners, and of its end.
    bot.maya.opensDms();
    await (await bot.dad.types('/unlink', { member: kim, user: 'maya' })).answer();
    await bot.dad.sees(/Its owner knows/);
    expect(said(bot)).toContain(isLocked);
    await (await bot.dad.types('/unlock', { user: 'maya' })).answer();
    await bot.maya.sees(/is not locked any more/, { in: 'dm' });
  });

  test('a lock that is gone by then is told to nobody', async () => {
    const bot = await locked(false);
    await opensInJellyfin(bot.jellyfin, 'maya');
    await bot.links(bot.maya, 'maya');
    await bot.dad.sees(/maya\*\*: open again/);
    expect(said(bot)).toEqual([]);
  });

  test('a bot that is stopped right after the link tells the new owner at its next start', async () => {
    const bot = await locked(false);
    const path = new RegExp(`/channels/${bot.discord.world.directMessagesWith(bot.maya.id).id}/messages`);
    const fault = bot.discord.faults.on({ method: 'POST', path, status: 500, times: 1000 });
    await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
    await bot.restart();
    fault.off();
    await bot.app.runJob('lockouts');
    await bot.maya.sees(/^Too many wrong passwords/, { in: 'dm' });
  });

  test('one who was linked on the server’s command line is told at the next round', async () => {
    const bot = await locked(false);
    const env = { PATH: process.env.PATH, LANG: 'C', ...bot.env(bot.database) };
    const given = [resolve('dist/cli.js'), 'link', bot.maya.id, 'maya'];
    await promisify(execFile)(process.execPath, given, { cwd: dirname(bot.database), env });
    await bot.app.runJob('lockouts');
    expect(said(bot)).toEqual([isLocked]);
    expect(cards(bot)[0]?.text).toMatch(/Its owner knows/);
  });

  test('a lockout after all on a card are open again makes a sound of its own: a new card', async () => {
    const bot = await locked(true);
    bot.jellyfin.addUser('kid', { password: 'x', limit: 3 });
    await (await bot.dad.types('/unlock', { user: 'maya' })).answer();
    await bot.dad.sees(/maya\*\*: unlocked by/);
    bot.passes(9 * minuteMs);
    await bot.jellyfin.lock('kid');
    await bot.app.runJob('lockouts');
    expect(cards(bot).map(({ content }) => content)).toEqual([
      expect.stringMatching(/^maya was locked/),
      expect.stringMatching(/^kid is locked/),
    ]);
  });

  test('while somebody on it is locked, and within a minute, it is the same card', async () => {
    const bot = await locked(true);
    for (const name of ['kid', 'leo']) bot.jellyfin.addUser(name, { password: 'x', limit: 3 });
    bot.passes(9 * minuteMs);
    await bot.jellyfin.lock('kid');
    await bot.app.runJob('lockouts');
    expect(cards(bot)).toHaveLength(1);
    bot.passes(2 * minuteMs);
    await bot.jellyfin.lock('leo');
    await bot.app.runJob('lockouts');
    expect(cards(bot)).toHaveLength(2);
    await (await bot.dad.types('/unlock', { user: 'leo' })).answer();
    await bot.dad.sees(/leo\*\*: unlocked by/);
    bot.passes(30_000);
    bot.jellyfin.addUser('zoe', { password: 'x', limit: 3 });
    await bot.jellyfin.lock('zoe');
    await bot.app.runJob('lockouts');
    expect(cards(bot)).toHaveLength(2);
  });
});

describe('past owners', () => {
  const neutral = 'This was about a Jellyfin account that you are not linked to any more.';

  /** Maya was told that her account is locked; then an admin found that it is not hers. */
  async function unlinkedAfterTheWord(before: (bot: BotHousehold) => unknown = () => undefined) {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.app.runJob('lockouts');
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    const mark = bot.maya.directMessages()[0]?.buttons.at(-1)?.customId ?? '';
    before(bot);
    await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    return { bot, mark };
  }

  const words = ({ maya }: BotHousehold) =>
    maya.directMessages().flatMap(({ text, labels }) => (tookAway.test(text) ? [] : [[text, labels]]));

  test('who is not linked any more has the word about the account taken back at once, and reads nothing more of it', async () => {
    const { bot } = await unlinkedAfterTheWord();
    await bot.maya.sees(/not linked to any more/, { in: 'dm' });
    expect(words(bot)).toEqual([[neutral, []]]);
    await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
    await bot.app.runJob('lockouts');
    expect(words(bot)).toEqual([[neutral, []]]);
  });

  test('It wasn’t me, pressed where it still stands, is refused: the admins hear nothing, and it is audited', async () => {
    const { bot, mark } = await unlinkedAfterTheWord();
    expect((await (await bot.maya.pressesRaw(mark)).answer()).text).toMatch(/not one of your accounts/);
    await bot.app.runJob('lockouts');
    const said = bot.discord.messagesIn(bot.discord.adminChannelId);
    expect(said.filter(({ text }) => /somebody else who typed/.test(text))).toEqual([]);
    expect(auditLines(bot).at(-1)).toBe('Maya status not-me accountNotYours');
  });

  test('a bot that was stopped right after the unlink takes it back at its next round', async () => {
    const isEdit = { method: 'PATCH', path: /^\/channels\/\d+\/messages\/\d+$/ };
    const { bot } = await unlinkedAfterTheWord(({ discord }) =>
      discord.faults.on({ ...isEdit, cut: 'before', times: 5 }),
    );
    await bot.restart();
    bot.discord.faults.clear();
    await bot.app.runJob('lockouts');
    await bot.app.runJob('lockouts');
    await bot.maya.sees(/not linked to any more/, { in: 'dm' });
  });
});
