import { afterEach, describe, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { hourMs, later, listed, mayaHasOne, setsOwn } from './own-password.js';
import { editsIn, waitsBehindButton } from '../support/two-owners.js';

afterEach(closeAll);

const sendsIn = (channelId: string) => ({ method: 'POST', path: new RegExp(`^/channels/${channelId}/messages$`) });
const refused = { status: 400, body: { code: 50035, message: 'Invalid Form Body', errors: {} } } as const;

/** What rang on Maya's phone after her password. */
const rang = (bot: BotHousehold) => bot.maya.notifications.slice(1).map(({ preview }) => preview);

describe.each([
  ['fails (500)', { status: 500, times: 9 }],
  ['is cut off before it is done', { cut: 'before', times: 9 }],
  ['is cut off after it is done', { cut: 'after', times: 9 }],
] as const)('when the word %s', (_, trouble) => {
  test('a later round tells it, once, after a restart, too', async () => {
    const bot = await startBot();
    const { message } = await mayaHasOne(bot);
    const fault = bot.discord.faults.on({ ...sendsIn(message.channelId), ...trouble });
    await later(bot, 13 * hourMs, 1);
    expect(fault.met).toBeGreaterThan(0);
    fault.off();
    for (const one of bot.maya.directMessages()) bot.discord.ageMessage(one.id, 600_000);
    bot.passes(600_000);
    await bot.restart();
    await later(bot, 60_000);
    expect(rang(bot)).toEqual([expect.stringMatching(/have not signed in/)]);
    await later(bot, 12 * hourMs);
    expect(rang(bot)).toEqual([expect.anything(), expect.stringMatching(/was not used in time/)]);
  });
});

test('a scrub that Discord does not take is done by a later round; the password does not work any more all the same', async () => {
  const bot = await startBot();
  const { message, password } = await mayaHasOne(bot);
  const fault = bot.discord.faults.on({ ...editsIn(message.channelId), status: 500, times: 50 });
  await setsOwn(bot, password);
  await later(bot, 60_000);
  expect(await listed(bot)).toBe('');
  expect(bot.maya.directMessages()[0]?.text).toBe(message.text);
  fault.off();
  await bot.restart();
  await later(bot, 60_000);
  expect(bot.maya.directMessages()[0]?.text).toMatch(/was replaced/);
});

test('a message that is gone, or that Discord will not have changed, is not asked for again and again', async () => {
  const bot = await startBot();
  const { message, password } = await mayaHasOne(bot);
  const fault = bot.discord.faults.on({ ...editsIn(message.channelId), ...refused, times: 50 });
  await setsOwn(bot, password);
  await later(bot, 60_000, 5);
  expect(fault.met).toBe(1);
  expect(await listed(bot)).toBe('');
});

describe('a member who takes no direct messages', () => {
  async function wasShown() {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await waitsBehindButton(bot);
    await (await bot.maya.presses('Show my password')).answer();
    await bot.dad.sees(/^Done/);
    return bot;
  }

  test('is named where they asked, without detail, and reads it at their next command, once', async () => {
    const bot = await wasShown();
    await later(bot, 13 * hourMs);
    const word = await bot.maya.sees(/there is something about your password that you should know/, {
      in: bot.discord.generalChannelId,
    });
    expect(word.pings.users).toEqual([bot.maya.id]);
    expect(word.text).not.toMatch(/temporary|account maya/);
    const said = await (await bot.maya.types('/status')).answer();
    expect(said.lines[0]).toMatch(/You have not signed in to Jellyfin with your temporary password for maya yet/);
    expect(said.text).toMatch(/Do you not have it any more\?/);
    expect((await (await bot.maya.types('/status')).answer()).text).not.toMatch(/temporary/);
    await later(bot, 12 * hourMs);
    const end = await (await bot.maya.types('/status')).answer();
    expect(end.lines[0]).toMatch(/was not used in time, so it does not work any more/);
  });

  test('does not read a reminder that is not true any more', async () => {
    const bot = await wasShown();
    await later(bot, 13 * hourMs);
    bot.jellyfin.addEntry({ type: 'UserPasswordChanged', name: 'changed', userId: dbId(bot) });
    await later(bot, 60_000);
    expect((await (await bot.maya.types('/status')).answer()).text).not.toMatch(/temporary/);
  });
});

/** The account's id as the server's database writes it. */
function dbId(bot: BotHousehold) {
  const id = bot.jellyfin.user('maya').Id.toUpperCase();
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
