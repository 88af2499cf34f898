import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';

afterEach(closeAll);

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
