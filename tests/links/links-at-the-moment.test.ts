import { afterEach, describe, expect, test } from '@jest/globals';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { passwordIn } from '../support/traces.js';
import {
  asks,
  dmOf,
  editsIn,
  isGiven,
  passwordsSet,
  showsPassword,
  twoOwners,
  waitsBehindButton,
} from '../support/two-owners.js';

afterEach(closeAll);

const linkGone = /not linked to this member any more, so nothing was changed/;

async function unlinks(bot: BotHousehold, who = bot.maya) {
  expect((await (await bot.dad.types('/unlink', { member: who, user: 'maya' })).answer()).text).toMatch(/any more/);
}

describe('after the link was taken away', () => {
  test('New one on the old message sets nothing and says why, and so it stays when the account gets another owner', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const message = await isGiven(bot, bot.maya);
    const renew = message.buttons.find(({ label }) => label === 'New one')?.customId ?? '';
    const pressesOld = async () => {
      const raw = await bot.maya.pressesRaw(renew, { message });
      expect((await raw.answer()).text).toMatch(linkGone);
    };
    await unlinks(bot);
    expect((await (await bot.maya.presses('New one')).answer()).text).toMatch(linkGone);
    await pressesOld();
    expect(passwordsSet(bot)).toBe(1);
    expect((await bot.jellyfin.signIn('maya', passwordIn(message.text))).status).toBe(200);
    await bot.links(bot.discord.addPerson('Uncle'), 'maya');
    await pressesOld();
    expect(bot.maya.directMessages().filter(({ id, text }) => id !== message.id && text.includes('||'))).toEqual([]);
  });

  test('Show my password sets nothing and says why, and so it stays when the account gets another owner', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const word = await waitsBehindButton(bot);
    const show = word.buttons[0]?.customId ?? '';
    await unlinks(bot);
    expect((await (await bot.maya.presses('Show my password')).answer()).text).toMatch(linkGone);
    const uncle = bot.discord.addPerson('Uncle');
    await bot.links(uncle, 'maya');
    expect((await (await bot.maya.pressesRaw(show, { message: word })).answer()).text).toMatch(linkGone);
    expect((await (await uncle.pressesRaw(show, { message: word })).answer()).text).toMatch(/belongs to somebody else/);
    expect(passwordsSet(bot)).toBe(0);
    expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
  });

  test('a password that waited behind the button is off: the card says so, and the member hears of it', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await waitsBehindButton(bot);
    await unlinks(bot);
    const card = await bot.dad.sees(/request did not work/);
    expect(card.text).toMatch(linkGone);
    expect(card.labels).toEqual(['Try again']);
    await bot.maya.sees(/there is an answer to your request/, { in: bot.discord.generalChannelId });
    const first = await (await bot.maya.types('/status')).answer();
    expect(first.lines[0]).toMatch(/was approved, but it did not work/);
    expect(first.text).toMatch(linkGone);
    await bot.dad.presses('Try again');
    await bot.dad.sees(linkGone);
    expect(passwordsSet(bot)).toBe(0);
  });
});

describe('a link that is taken away while its owner’s new password', () => {
  test('is on its way to their direct messages: none is set, and they hear why', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await asks(bot, bot.maya, '/resetpw');
    const dm = await dmOf(bot.maya);
    const sending = bot.discord.faults.hold({ method: 'POST', path: new RegExp(`^/channels/${dm}/messages$`) });
    await bot.dad.presses('Approve');
    await sending.arrived;
    await unlinks(bot);
    sending.release();
    await bot.maya.sees(linkGone, { in: 'dm' });
    expect(bot.maya.directMessages().some(showsPassword)).toBe(false);
    expect(bot.maya.reads({ in: 'dm' }).flat().join('\n')).toMatch(/No password could be shown here/);
    expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
  });

  test('waits for another owner’s: only that one is made', async () => {
    const bot = await twoOwners();
    const message = await isGiven(bot, bot.maya);
    const editing = bot.discord.faults.hold(editsIn(await dmOf(bot.uncle)));
    await asks(bot, bot.uncle, '/resetpw');
    await bot.dad.presses('Approve');
    await editing.arrived;
    const pressed = await bot.maya.presses('New one', { on: message });
    await pressed.acknowledged;
    await unlinks(bot);
    editing.release();
    expect((await pressed.answer()).text).toMatch(linkGone);
    const shown = await bot.uncle.sees(/tap the line above/, { in: 'dm' });
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
    expect(passwordsSet(bot)).toBe(2);
  });
});
