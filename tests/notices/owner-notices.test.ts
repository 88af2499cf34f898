import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, type BotOptions, closeAll, startBot } from '../support/bot.js';
import type { Person } from '../../sandbox/discord/index.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { comesBack } from '../support/leaves.js';
import { asks, dmOf, editsIn, isGiven, twoOwners } from '../support/two-owners.js';

afterEach(closeAll);

describe('somebody else gets into an account', () => {
  /** Maya owns the account; Eve, who is linked to nothing, has asked for it by its name. */
  async function eveAsks(command: '/resetpw' | '/unlock', options: BotOptions = {}) {
    const bot = await startBot(options);
    await bot.links(bot.maya, 'maya');
    if (command === '/unlock') await bot.jellyfin.lock('maya');
    const eve = bot.discord.addPerson('Eve');
    await (await eve.types(command, { user: 'maya' })).answer();
    const card = await bot.dad.sees(/<@\d+> asks .* maya/);
    return { bot, eve, card };
  }

  /** What the owner was told in direct messages about the account. */
  const told = ({ maya }: BotHousehold) => maya.directMessages().filter(({ text }) => /Jellyfin.* maya/.test(text));

  test('the owner of an account hears that another has got a new password for it, who asked, who approved, and what to do', async () => {
    const { bot, eve, card } = await eveAsks('/resetpw');
    await bot.dad.presses('Approve and link', { on: card });
    await eve.sees(/Tap it to see it/, { in: 'dm' });
    const word = await bot.maya.sees(/Your Jellyfin account maya has a new password/, { in: 'dm' });
    expect(word.content).toBe(
      'Your Jellyfin account maya has a new password, so the one that you know does not work any more.',
    );
    expect(word.text).toContain(`${eve.mention} asked for it and got the new password, ${bot.dad.mention} approved it`);
    expect(word.text).toMatch(/If that was not right, tell an admin at once: .*<\/unlink:\d+>.*<\/resetpw:\d+>/);
    expect(word.labels).toEqual(['Show my account']);
    expect(word.pings).toEqual({ everyone: false, roles: [], users: [] });
    await bot.restart();
    await bot.app.runJob('upkeep');
    expect(told(bot)).toHaveLength(1);
    expect(eve.directMessages().filter(({ text }) => /If that was not right/.test(text))).toEqual([]);
  });

  test('an owner who has left the server is not written to', async () => {
    const { bot, eve, card } = await eveAsks('/resetpw');
    bot.maya.leaves();
    const before = bot.discord.requests.length;
    await bot.dad.presses('Approve and link', { on: card });
    await eve.sees(/Tap it to see it/, { in: 'dm' });
    await bot.app.runJob('upkeep');
    const opened = bot.discord.requests.slice(before).filter(({ path }) => path === '/users/@me/channels');
    expect(opened.map(({ body }) => body)).not.toContainEqual({ recipient_id: bot.maya.id });
  });

  test.each<[string, (bot: BotHousehold, eve: Person, card: SeenMessage) => Promise<unknown>, RegExp]>([
    [
      'is given a further owner by an admin’s word',
      async ({ dad }, eve) => (await dad.types('/link', { member: eve, user: 'maya' })).answer(),
      /Your Jellyfin account maya is now linked to/,
    ],
    [
      'is unlocked for somebody who is linked with it',
      async ({ dad, discord }, eve, { id, channelId }) => {
        const now = () =>
          discord.messagesIn(channelId).find((each) => each.id === id && !/Already linked/.test(each.text));
        await dad.presses('Approve and link', { on: await discord.until(now, 'the owner is gone from the card') });
        await eve.sees(/maya is unlocked/, { in: 'dm' });
      },
      /Your Jellyfin account maya was unlocked/,
    ],
  ])('an owner who was away when it %s hears of it once they are back', async (_what, happens, heard) => {
    const { bot, eve, card } = await eveAsks('/unlock');
    bot.maya.leaves();
    await bot.app.runJob('follow links');
    await happens(bot, eve, card);
    await bot.app.runJob('upkeep');
    comesBack(bot, bot.maya);
    await bot.app.runJob('follow links');
    await bot.app.runJob('upkeep');
    await bot.maya.sees(heard, { in: 'dm' });
  });

  test('an owner who leaves before a request ends that made another one hears of it once they are back', async () => {
    const { bot, eve, card } = await eveAsks('/resetpw');
    const sending = bot.discord.faults.hold({
      method: 'POST',
      path: new RegExp(`^/channels/${await dmOf(eve)}/messages$`),
    });
    await bot.dad.presses('Approve and link', { on: card });
    await sending.arrived;
    bot.maya.leaves();
    await bot.app.runJob('follow links');
    sending.release();
    await eve.sees(/Tap it to see it/, { in: 'dm' });
    await bot.app.runJob('upkeep');
    comesBack(bot, bot.maya);
    await bot.app.runJob('follow links');
    await bot.app.runJob('upkeep');
    await bot.maya.sees(/Your Jellyfin account maya has a new password/, { in: 'dm' });
  });

  test('whose link sleeps gets another beside them: the admin channel hears of it', async () => {
    const bot = await startBot();
    const uncle = bot.discord.addPerson('Uncle');
    await bot.links(bot.maya, 'maya');
    bot.maya.leaves();
    await bot.app.runJob('follow links');
    await (await bot.dad.types('/link', { member: uncle, user: 'maya' })).answer();
    await bot.app.runJob('upkeep');
    const lines = bot.discord.messagesIn(bot.discord.adminChannelId).map(({ content }) => content);
    expect(lines).toContain(`${bot.dad.mention} linked ${uncle.mention} to maya, which has another member already.`);
  });

  test('of an unlock as well, in the language of the owner', async () => {
    const { bot, card } = await eveAsks('/unlock');
    const erik = bot.discord.addPerson('Erik', { locale: 'de' });
    await (await erik.types('/help')).answer();
    await bot.links(erik, 'maya');
    await bot.dad.presses('Approve and link', { on: card });
    await bot.maya.sees(/Your Jellyfin account maya was unlocked/, { in: 'dm' });
    const word = await erik.sees(/Jellyfin-Konto maya wurde entsperrt/, { in: 'dm' });
    expect(word.text).toMatch(/hat darum gebeten und .* hat es genehmigt/);
  });

  test('an approval that did not work has made the link all the same; the end of another try is told once more', async () => {
    const { bot, eve, card } = await eveAsks('/unlock');
    const off = bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 403, body: '' });
    await bot.dad.presses('Approve and link', { on: card });
    const linked = await bot.maya.sees(/is now linked to .* as well/, { in: 'dm' });
    expect(linked.content).toBe(`Your Jellyfin account maya is now linked to ${eve.mention} as well.`);
    await bot.restart();
    off();
    await bot.dad.presses('Try again');
    await bot.maya.sees(/Your Jellyfin account maya was unlocked/, { in: 'dm' });
    await bot.app.runJob('upkeep');
    expect(told(bot)).toHaveLength(2);
  });

  describe('an approval that did not work, of which its owner could not be told yet,', () => {
    /** Eve was linked by it, Jellyfin refuses the unlock, and no direct message to Maya arrives. */
    async function failedUnheard() {
      const { bot, eve, card } = await eveAsks('/unlock');
      const refuses = bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 403, body: '' });
      const path = new RegExp(`/channels/${bot.discord.world.directMessagesWith(bot.maya.id).id}/messages`);
      const silent = bot.discord.faults.on({ method: 'POST', path, status: 500, times: 1000 });
      await bot.dad.presses('Approve and link', { on: card });
      await bot.dad.sees(/Try again/);
      const isHeard = async () => {
        await bot.restart();
        silent.off();
        for (let round = 0; round < 2; round += 1) await bot.app.runJob('upkeep');
        return told(bot).map(({ content }) => content);
      };
      return { bot, eve, refuses, isHeard };
    }

    test('is not told once it has worked', async () => {
      const { bot, refuses, isHeard } = await failedUnheard();
      refuses();
      await bot.dad.presses('Try again');
      await bot.dad.sees(/Done: maya is unlocked/);
      expect(await isHeard()).toEqual([expect.stringMatching(/maya was unlocked/)]);
    });

    test('is not told where the link is gone by then', async () => {
      const { bot, eve, isHeard } = await failedUnheard();
      await (await bot.dad.types('/unlink', { member: eve, user: 'maya' })).answer();
      expect(await isHeard()).toEqual([]);
    });
  });

  test('an owner who takes no direct messages hears of it first thing at their next command, once', async () => {
    const { bot, card } = await eveAsks('/resetpw');
    bot.maya.closesDms();
    await bot.dad.presses('Approve and link', { on: card });
    await bot.dad.sees(/has a new password for maya/);
    await bot.app.runJob('upkeep');
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(
      /Your Jellyfin account maya has a new pass/,
    );
    expect((await (await bot.maya.types('/status')).answer()).text).not.toMatch(/has a new pass/);
  });

  test('while Discord is in trouble the word waits; who does not own the account any more by then is not told', async () => {
    const { bot, eve, card } = await eveAsks('/resetpw');
    const kim = bot.discord.addPerson('Kim');
    await bot.links(kim, 'maya');
    const offs = [bot.maya, kim].map(({ id }) => {
      const path = new RegExp(`/channels/${bot.discord.world.directMessagesWith(id).id}/messages`);
      return bot.discord.faults.on({ method: 'POST', path, status: 500, times: 1000 });
    });
    await bot.dad.presses('Approve and link', { on: card });
    await eve.sees(/Tap it to see it/, { in: 'dm' });
    await (await bot.dad.types('/unlink', { member: kim, user: 'maya' })).answer();
    await bot.restart();
    for (const fault of offs) fault.off();
    await bot.app.runJob('upkeep');
    expect(told(bot)).toHaveLength(1);
    expect(kim.directMessages().map(({ content }) => content)).toEqual([expect.stringMatching(/took the link away/)]);
  });

  test('who approved it knows, and is not told', async () => {
    const { bot, eve, card } = await eveAsks('/resetpw');
    await bot.links(bot.dad, 'maya');
    await bot.dad.presses('Approve and link', { on: card });
    await bot.maya.sees(/has a new password/, { in: 'dm' });
    await eve.sees(/Tap it to see it/, { in: 'dm' });
    await bot.app.runJob('upkeep');
    expect(bot.dad.directMessages()).toEqual([]);
  });

  test('the lists of what waits name the owner as the card does', async () => {
    const { bot, card } = await eveAsks('/resetpw');
    expect(card.text).toContain(`**Already linked to ${bot.maya.mention}**`);
    for (const command of ['/requests', '/status']) {
      const { text } = await (await bot.dad.types(command)).answer();
      expect(text).toContain(`**Already linked to ${bot.maya.mention}**`);
    }
  });
});

describe('one owner of a shared account gets a new password', () => {
  const newPassword = 'Your Jellyfin account maya has a new password, so the one that you know does not work any more.';

  test('whose account is another’s as well hears that they have got a new password, from whom, and what to do', async () => {
    const bot = await twoOwners();
    const card = await asks(bot, bot.maya, '/resetpw');
    expect(card.text).toContain(`Also the account of ${bot.uncle.mention}**, whose password will not work any more`);
    await bot.dad.presses('Approve');
    const word = await bot.uncle.sees(/has a new password/, { in: 'dm' });
    expect(word.content).toBe(newPassword);
    expect(word.text).toContain(
      `${bot.maya.mention}, whose account it is as well, has got it from ${bot.dad.mention}.`,
    );
    expect(word.text).toContain(`Ask ${bot.maya.mention} for it; </resetpw`);
    expect(word.text).not.toContain('||');
    expect(word.pings).toEqual({ everyone: false, roles: [], users: [] });
    await bot.restart();
    await bot.app.runJob('upkeep');
    const told = (who: typeof bot.uncle) =>
      who.directMessages().filter(({ text }) => text.includes('does not work any more'));
    expect([told(bot.uncle).length, told(bot.maya).length]).toEqual([1, 0]);
  });

  test('it was given, unasked: the other hears as well', async () => {
    const bot = await twoOwners();
    await isGiven(bot, bot.maya);
    expect((await bot.uncle.sees(/has a new password/, { in: 'dm' })).text).toContain(`from ${bot.dad.mention}`);
  });

  test('whose link sleeps for a while hears once it is awake', async () => {
    const bot = await twoOwners();
    const sending = { method: 'POST', path: new RegExp(`^/channels/${await dmOf(bot.maya)}/messages$`) };
    const trouble = bot.discord.faults.on({ ...sending, status: 500, times: 99 });
    await isGiven(bot, bot.uncle);
    const becomes = async (IsAdministrator: boolean) => {
      await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator });
      await (await bot.dad.types('/status', { user: 'maya' })).answer();
      await bot.app.runJob('upkeep');
    };
    await becomes(true);
    trouble.off();
    await becomes(false);
    await bot.maya.sees(/maya has a new password/, { in: 'dm' });
  });

  test('what did not work, or takes nothing from anybody, is no news to the other', async () => {
    const bot = await twoOwners();
    const off = bot.jellyfin.faults.on({ method: 'POST', path: /Password/, status: 403, body: '' });
    await asks(bot, bot.maya, '/resetpw');
    await bot.dad.presses('Approve');
    await bot.dad.sees(/did not work/);
    off();
    await bot.jellyfin.lock('maya');
    await asks(bot, bot.maya, '/unlock');
    await bot.dad.presses('Approve');
    await bot.maya.sees(/is unlocked/, { in: 'dm' });
    await bot.app.runJob('upkeep');
    expect(bot.uncle.directMessages().filter(({ text }) => /new password|unlocked/.test(text))).toEqual([]);
  });

  test('it may be set, and nobody was shown it: the other hears that theirs may not work, and what to do', async () => {
    const bot = await twoOwners();
    const shown = bot.discord.faults.on({
      ...editsIn(await dmOf(bot.maya)),
      status: 403,
      body: { code: 50001 },
      times: 99,
    });
    await asks(bot, bot.maya, '/resetpw');
    await bot.dad.presses('Approve');
    await bot.dad.sees(/did not work/);
    shown.off();
    await bot.app.runJob('upkeep');
    const word = await bot.uncle.sees(/may have a new password that nobody knows/, { in: 'dm' });
    expect(word.text).toMatch(/You get a new one with <\/resetpw:/);
  });

  test('nor may it where Jellyfin’s answer was lost on its way', async () => {
    const bot = await twoOwners();
    bot.jellyfin.faults.on({ method: 'POST', path: /^\/Users\/Password/, cut: 'after' });
    await asks(bot, bot.maya, '/resetpw');
    await bot.dad.presses('Approve');
    await bot.dad.sees(/did not work/);
    await bot.app.runJob('upkeep');
    await bot.uncle.sees(/may have a new password that nobody knows/, { in: 'dm' });
  });

  test('what waits for the next command is not said any more when the account was taken away meanwhile', async () => {
    const bot = await twoOwners();
    bot.uncle.closesDms();
    await asks(bot, bot.maya, '/resetpw');
    await bot.dad.presses('Approve');
    await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
    await bot.app.runJob('upkeep');
    bot.maya.closesDms();
    bot.passes(13 * 3_600_000);
    await bot.app.runJob('upkeep');
    for (const member of [bot.uncle, bot.maya])
      await (await bot.dad.types('/unlink', { member, user: 'maya' })).answer();
    for (const person of [bot.uncle, bot.maya]) {
      const said = await (await person.types('/status')).answer();
      expect(said.text).toMatch(
        /^│ You are not linked to .*took the link away\.\n│ From now on .*\n│ \[Show my account\]\n│ ### Which Jellyfin account/,
      );
    }
  });
});

describe('one message about an account', () => {
  /** A household whose bot sees Jellyfin's folder as well as its log. */
  async function watching(): Promise<BotHousehold> {
    const env: Record<string, string> = {};
    const bot = await startBot({
      env,
      overrides: { pinPollMs: 20 },
      before: ({ jellyfin }) => void (env.JELLYFIN_SERVER_DIR = jellyfin.serverDir),
    });
    await bot.links(bot.maya, 'maya');
    await bot.app.runJob('lockouts');
    return bot;
  }

  const post = ({ jellyfin }: BotHousehold, path: string, body: object) =>
    fetch(`${jellyfin.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  async function forgets(bot: BotHousehold): Promise<void> {
    await post(bot, '/Users/ForgotPassword', { EnteredUsername: 'maya' });
    await bot.app.runJob('upkeep');
  }

  const pinIn = (text: string) => /\|\|`([\w-]+)`\|\|/.exec(text)?.[1];

  test('wrong passwords and then Forgot password are one message, which says both and has each button once', async () => {
    const bot = await watching();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    await forgets(bot);
    const both = await bot.maya.sees(/If it was you, here is the PIN/, { in: 'dm' });
    expect(both.text).toMatch(/Too many wrong passwords for your Jellyfin account maya/);
    expect(both.labels).toEqual(["It wasn't me", 'Ask for unlock', 'Reset my password']);
    expect(pinIn(both.text)).toBeDefined();
    await bot.app.runJob('lockouts');
    await bot.app.runJob('upkeep');
    expect(bot.maya.directMessages()).toHaveLength(1);
    expect(bot.maya.notifications).toHaveLength(1);

    await (await bot.dad.presses('Unlock')).answer();
    const left = await bot.maya.sees(/is not locked any more/, { in: 'dm' });
    expect(pinIn(left.text)).toBe(pinIn(both.text));
    expect(left.content).toMatch(/^Somebody pressed “Forgot password”/);
  });

  test('Forgot password and then wrong passwords, too; the PIN goes when its time is over, and the rest stays', async () => {
    const bot = await watching();
    await forgets(bot);
    const first = await bot.maya.sees(/here is the PIN/, { in: 'dm' });
    const pin = pinIn(first.text) ?? '';
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    const both = await bot.maya.sees(/^Too many wrong passwords/, { in: 'dm' });
    expect(both.id).toBe(first.id);
    expect(both.text).toContain(pin);
    bot.passes(31 * 60_000);
    await bot.app.runJob('upkeep');
    const left = await bot.maya.sees(/The PIN for maya has expired/, { in: 'dm' });
    expect(left.text).not.toContain(pin);
    expect(left.content).toMatch(/^Too many wrong passwords/);
    expect(left.labels).toEqual(['Ask for unlock', 'Reset my password', "It wasn't me"]);
    expect(bot.maya.directMessages()).toHaveLength(1);
  });

  test('It wasn’t me, on a message about both, tells the admins of both', async () => {
    const bot = await watching();
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    await forgets(bot);
    const pin = pinIn((await bot.maya.sees(/here is the PIN/, { in: 'dm' })).text);
    const left = await (await bot.maya.presses("It wasn't me")).answer();
    expect(left.text).toMatch(/The admins know[^]*Show the PIN to nobody[^]*To get in again/);
    expect(left.text).toContain(pin);
    expect(left.text).not.toMatch(/Ask for unlock/);
    expect(left.labels).toEqual([]);
    await bot.dad.sees(/somebody else who typed wrong passwords/, { in: bot.discord.adminChannelId });
    await bot.dad.sees(/somebody else who pressed “Forgot password”/, { in: bot.discord.adminChannelId });
  });
});
