import { afterEach, describe, expect, test } from 'vitest';
import { COMPONENT } from '../../sandbox/discord/constants.js';
import { flatten } from '../../sandbox/discord/payloads/components.js';
import type { Person } from '../../sandbox/discord/index.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { comesBack } from '../support/leaves.js';
import { hourMs } from '../../src/time.js';
import { auditLines, passwordIn } from '../support/traces.js';
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
import { mayasPassword } from '../../sandbox/household.js';

afterEach(closeAll);

describe('an account that got an owner meanwhile', () => {
  const taken = (owner: Person) => new RegExp(`belongs to ${owner.mention} by now, so nobody was linked`);

  const seenAnew = /Who has this account has changed since that was drawn, so I did nothing/;

  const idOf = (message: SeenMessage, wanted: string) =>
    message.buttons.find(({ label }) => label === wanted)?.customId ?? '';

  const options = ({ components }: SeenMessage) =>
    flatten(components).flatMap((each) =>
      each.type === COMPONENT.StringSelect ? (each.options ?? []).map(({ label }) => label) : [],
    );

  const owns = async (person: Person) => /### maya/.test((await (await person.types('/status')).answer()).text);

  /** How a card in the admin channel reads now. */
  const nowOn = ({ discord }: BotHousehold, card: SeenMessage) =>
    discord.messagesIn(card.channelId).find(({ id }) => id === card.id) ?? card;

  /** Zoe, who is linked to nothing, has asked for a new password by the name of an account that nobody has. */
  async function zoeAsks() {
    const bot = await startBot();
    const zoe = bot.discord.addPerson('Zoe');
    await (await zoe.types('/resetpw', { user: 'maya' })).answer();
    const card = await bot.dad.sees(/asks for a new password for maya, and is not linked/);
    expect(card.text).not.toMatch(/Already linked/);
    return { bot, zoe, card };
  }

  test('a card that offers an account says so when that gets an owner; one press on what it showed before is refused', async () => {
    const { bot, zoe, card } = await zoeAsks();
    await bot.links(bot.maya, 'maya');
    const anew = await bot.dad.sees(new RegExp(`Already linked to ${bot.maya.mention}`));
    expect(anew.id).toBe(card.id);
    const refused = await bot.dad.pressesRaw(idOf(card, 'Approve and link'), { message: card });
    expect((await refused.answer()).text).toMatch(seenAnew);
    expect(passwordsSet(bot)).toBe(0);
    expect(await owns(zoe)).toBe(false);
    await bot.dad.presses('Approve and link', { on: anew });
    await zoe.sees(/Tap it to see it/, { in: 'dm' });
    expect(auditLines(bot).filter((line) => / (approve|link) /.test(line))).toEqual([
      'Dad link done',
      'Dad requests approve ownersChanged',
      'Dad approve done',
      'Dad link done',
    ]);
  });

  test('so is a press in a list of what waits that was drawn before; a list drawn since is pressed as ever', async () => {
    const { bot, zoe } = await zoeAsks();
    const list = await (await bot.dad.types('/requests')).answer();
    await bot.links(bot.maya, 'maya');
    expect((await (await bot.dad.presses('Approve and link', { on: list })).answer()).text).toMatch(seenAnew);
    expect(passwordsSet(bot)).toBe(0);
    const newer = await (await bot.dad.types('/requests')).answer();
    expect(newer.text).toContain(`**Already linked to ${bot.maya.mention}**`);
    await bot.dad.presses('Approve and link', { on: newer });
    await zoe.sees(/Tap it to see it/, { in: 'dm' });
  });

  test('a card says when its account has lost an owner, or when that one has left and come back', async () => {
    const { bot, card } = await zoeAsks();
    await bot.links(bot.maya, 'maya');
    await bot.dad.sees(/Already linked to/);
    const isGone = () => !/Already linked/.test(nowOn(bot, card).text) || undefined;
    await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    await bot.discord.until(isGone, 'the owner is gone from the card');
    await bot.links(bot.maya, 'maya');
    await bot.dad.sees(/Already linked to/);
    bot.maya.leaves();
    await bot.app.runJob('follow links');
    await bot.discord.until(isGone, 'the owner who left is gone from the card');
    comesBack(bot, bot.maya);
    await bot.app.runJob('follow links');
    await bot.dad.sees(/Already linked to/);
  });

  test('a reminder that offers another account, as the name is another’s by then, makes a press on the card before it count for nothing', async () => {
    const { bot, zoe, card } = await zoeAsks();
    bot.jellyfin.renameUser('maya', 'formerly');
    bot.jellyfin.addUser('maya');
    bot.passes(13 * hourMs);
    await bot.app.runJob('upkeep');
    const refused = await bot.dad.pressesRaw(idOf(card, 'Approve and link'), { message: card });
    expect((await refused.answer()).text).toMatch(seenAnew);
    expect(await owns(zoe)).toBe(false);
  });

  describe('an owner who left and is back, of which nobody has told the bot,', () => {
    async function mayaIsAway() {
      const { bot, ...asked } = await zoeAsks();
      await bot.links(bot.maya, 'maya');
      await bot.dad.sees(/Already linked to/);
      bot.maya.leaves();
      await bot.app.runJob('follow links');
      await bot.discord.until(
        () => !/Already linked/.test(nowOn(bot, asked.card).text) || undefined,
        'she is gone from the card',
      );
      return { bot, ...asked };
    }

    test('is named on the next card that asks for their account, and on a press on an older one nobody else gets it', async () => {
      const { bot, zoe, card } = await mayaIsAway();
      comesBack(bot, bot.maya);
      const refused = await bot.dad.presses('Approve and link', { on: nowOn(bot, card) });
      expect((await refused.answer()).text).toMatch(seenAnew);
      expect(await owns(zoe)).toBe(false);
      await bot.dad.sees(new RegExp(`Already linked to ${bot.maya.mention}`));
    });

    test('is named on a card that is drawn', async () => {
      const { bot } = await mayaIsAway();
      comesBack(bot, bot.maya);
      const eve = bot.discord.addPerson('Eve');
      await (await eve.types('/resetpw', { user: 'maya' })).answer();
      const card = await bot.dad.sees(new RegExp(`${eve.mention} asks for a new password for maya`));
      await bot.discord.until(
        () => nowOn(bot, card).text.includes(`Already linked to ${bot.maya.mention}`) || undefined,
        'she stands on the new card',
      );
    });

    test('is named where another owner asks for a new password', async () => {
      const { bot } = await mayaIsAway();
      const uncle = bot.discord.addPerson('Uncle');
      await bot.links(uncle, 'maya');
      comesBack(bot, bot.maya);
      await (await uncle.types('/resetpw')).answer();
      const card = await bot.dad.sees(new RegExp(`${uncle.mention} asks for a new password`));
      expect(card.text).toContain(bot.maya.mention);
    });

    test('hears of a password that an admin gives somebody else', async () => {
      const { bot } = await mayaIsAway();
      const uncle = bot.discord.addPerson('Uncle');
      await bot.links(uncle, 'maya');
      comesBack(bot, bot.maya);
      await isGiven(bot, uncle);
      await bot.maya.sees(/has a new password/, { in: 'dm' });
    });

    test('is not looked for in vain: a card is drawn where Discord does not say', async () => {
      const { bot } = await mayaIsAway();
      comesBack(bot, bot.maya);
      bot.discord.faults.on({ method: 'GET', path: new RegExp(`/members/${bot.maya.id}$`), status: 500, times: 99 });
      const eve = bot.discord.addPerson('Eve');
      await (await eve.types('/resetpw', { user: 'maya' })).answer();
      const card = await bot.dad.sees(new RegExp(`${eve.mention} asks for a new password for maya`));
      expect(card.text).not.toMatch(/Already linked/);
    });
  });

  test('an account picked in the list on an older card is not given to a second person, and the card is drawn anew', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('kim') });
    const zoe = bot.discord.addPerson('Zoe');
    await (await zoe.types('/status')).answer();
    await zoe.presses('Ask an admin');
    const card = await bot.dad.sees(/asks to be linked/);
    await bot.links(bot.maya, 'maya');
    const picked = await (await bot.dad.selects('Approve: pick their account', 'maya', { on: card })).answer();
    expect(picked.text).toMatch(taken(bot.maya));
    expect(await owns(zoe)).toBe(false);
    await bot.discord.until(
      () => !options(nowOn(bot, card)).includes('maya') || undefined,
      'maya is gone from the card',
    );
    await bot.dad.selects('Approve: pick their account', 'kim', { on: card });
    await zoe.sees(/You are linked to the Jellyfin account kim/, { in: 'dm' });
  });

  test('of two admins with the list of free accounts before them, the second links nobody to what the first has given away', async () => {
    const bot = await startBot();
    const mum = bot.discord.addPerson('Mum', { roles: [bot.discord.roles['admin'] ?? ''] });
    const dads = await (await bot.dad.types('/link')).answer();
    await (await mum.types('/link')).answer();
    await (await mum.selects('Whose is it?', bot.gran)).answer();
    const shown = await (await bot.dad.presses('Link as shown', { on: dads })).answer();
    expect(shown.text).toMatch(taken(bot.gran));
    expect(await owns(bot.maya)).toBe(false);
  });

  test('nor by a choice in that list, or in a member’s menu; by naming both, an account has two owners', async () => {
    const bot = await startBot();
    const uncle = bot.discord.addPerson('Uncle');
    const list = await (await bot.dad.types('/link')).answer();
    const menu = await (await bot.dad.usesMenu('Jellyfin account', bot.maya)).answer();
    await bot.links(uncle, 'maya');
    const chosen = await (await bot.dad.selects('Whose is it?', bot.maya, { on: list })).answer();
    expect(chosen.text).toMatch(taken(uncle));
    const inMenu = await (await bot.dad.selects('Link to an account', 'maya', { on: menu })).answer();
    expect(inMenu.text).toMatch(taken(uncle));
    expect(await owns(bot.maya)).toBe(false);
    await bot.links(bot.maya, 'maya');
    expect([await owns(bot.maya), await owns(uncle)]).toEqual([true, true]);
  });

  test('an account that is kept for somebody who is away is nobody else’s either', async () => {
    const bot = await startBot();
    const list = await (await bot.dad.types('/link')).answer();
    await bot.links(bot.maya, 'maya');
    bot.maya.leaves();
    await bot.app.runJob('follow links');
    const chosen = await (await bot.dad.selects('Whose is it?', bot.gran, { on: list })).answer();
    expect(chosen.text).toMatch(taken(bot.maya));
  });
});

describe('links at the moment of an act', () => {
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
      // The word in the channel has lost its button; a Discord that was not drawn anew still has it.
      await bot.maya.sees('This is done.');
      expect((await (await bot.maya.pressesRaw(show, { message: word })).answer()).text).toMatch(linkGone);
      const uncle = bot.discord.addPerson('Uncle');
      await bot.links(uncle, 'maya');
      expect((await (await bot.maya.pressesRaw(show, { message: word })).answer()).text).toMatch(linkGone);
      expect((await (await uncle.pressesRaw(show, { message: word })).answer()).text).toMatch(
        /belongs to somebody else/,
      );
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
      await bot.maya.sees(/There is an answer to your request/, { in: bot.discord.generalChannelId });
      const first = await (await bot.maya.types('/status')).answer();
      // Above it, or below, they hear that the link was taken away: whichever was told first.
      expect(first.text).toMatch(/was approved, but it did not work/);
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
      const shown = await bot.uncle.sees(/Tap it to see it/, { in: 'dm' });
      expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
      expect(passwordsSet(bot)).toBe(2);
    });
  });
});
