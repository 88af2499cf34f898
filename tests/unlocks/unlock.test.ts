import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, type BotOptions, closeAll, startBot } from '../support/bot.js';
import { auditLines, callsDuring, changes } from '../support/traces.js';
import { mayasPassword } from '../../sandbox/household.js';
import { connect } from '../support/connect.js';

const hourMs = 3_600_000;

afterEach(closeAll);

test('an unlock that Jellyfin takes at the second try only is in the history once', async () => {
  const bot = await startBot();
  await bot.jellyfin.lock('maya');
  bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 500, times: 1 });
  await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
  expect(auditLines(bot)).toEqual(['Gran unlock begun', 'Gran unlock done']);
});

describe('a helper’s /unlock', () => {
  test('says what was found: locked, not locked, failed so many times', async () => {
    const { jellyfin, gran } = await startBot();
    const unlock = async () => (await (await gran.types('/unlock', { user: 'Maya' })).answer()).text;
    expect(await unlock()).toMatch(/\*\*maya\*\* is not locked \(wrong passwords: 0 of \d+\)/);
    await jellyfin.signIn('maya', 'wrong');
    expect(await unlock()).toMatch(/is not locked \(wrong passwords: 1 of 3\).*<\/status:\d+> with its name says why/);
    await jellyfin.lock('maya');
    expect(await unlock()).toMatch(/\*\*maya\*\* is unlocked \(3 wrong passwords are forgotten\)/);
  });

  test('costs at most three calls to Jellyfin', async () => {
    const bot = await startBot();
    await bot.gran.typesInto('/unlock', 'user', 'm');
    await bot.jellyfin.lock('maya');
    const user = bot.jellyfin.user('maya').Id;
    const calls = await callsDuring(bot, async () => (await bot.gran.types('/unlock', { user })).answer());
    expect(calls.slice(3)).toEqual([]);
  });

  test.each([
    ['/unlock', 'gran'],
    ['/resetpw', 'gran'],
    ['/unlock', 'dad'],
  ] as const)('%s by %s never switches a disabled account on again, and says who can', async (command, who) => {
    const bot = await startBot();
    bot.jellyfin.addUser('leo', { disabled: true, password: 'x' });
    await bot.links(bot.maya, 'leo');
    const calls = await callsDuring(bot, async () => {
      const said = await (await bot[who].types(command, { user: 'leo' })).answer();
      expect(said.text).toMatch(/switched off by an administrator/);
      expect(said.text).toMatch(/Jellyfin's dashboard, Users/);
    });
    expect(changes(calls)).toEqual([]);
    expect(bot.maya.directMessages()).toEqual([]);
    expect(bot.jellyfin.user('leo').Policy.IsDisabled).toBe(true);
    expect(auditLines(bot).at(-1)).toMatch(/disabledByAdmin$/);
  });

  test('puts back the count of an account that is over the limit but open', async () => {
    const { jellyfin, gran } = await startBot({ version: '10.11.11' });
    await jellyfin.lock('maya');
    const said = await (await gran.types('/unlock', { user: 'maya' })).answer();
    expect(said.text).toMatch(/was open all along; its 3 wrong passwords are forgotten/);
    expect(jellyfin.user('maya').Policy.InvalidLoginAttemptCount).toBe(0);
  });

  test('settles what waits for the same thing: the card is closed and the member is told', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    await (await bot.maya.types('/unlock')).answer();
    await bot.dad.sees(/asks to unlock/);
    await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
    const card = await bot.dad.sees(/Done: maya is unlocked/);
    expect(card.content).toContain(`approved by ${bot.gran.mention}`);
    expect(card.labels).toEqual([]);
    await bot.maya.sees(/is unlocked: sign in/, { in: 'dm' });
  });

  test('means the accounts of a member who is mentioned, and asks which where there are several', async () => {
    const bot = await startBot();
    const leo = bot.jellyfin.addUser('leo', { password: 'x', limit: 3 });
    expect((await (await bot.gran.types('/unlock', { user: bot.maya.mention })).answer()).text).toMatch(
      /not linked to any/,
    );
    await bot.links(bot.maya, 'maya');
    expect((await (await bot.gran.types('/unlock', { user: bot.maya.mention })).answer()).text).toMatch(
      /\*\*maya\*\* is not/,
    );
    await bot.links(bot.maya, leo.id);
    await bot.jellyfin.lock('leo');
    expect((await (await bot.gran.types('/unlock', { user: bot.maya.mention })).answer()).text).toMatch(
      /Which account/,
    );
    const picked = await bot.gran.selects('Pick an account', 'leo');
    expect((await picked.answer()).text).toMatch(/\*\*leo\*\* is unlocked/);
  });

  test('names that differ in case only are told apart; a name that nobody has is said back harmlessly', async () => {
    const bot = await startBot({ version: '10.11.8' });
    const said = await (await bot.gran.types('/unlock', { user: '`**@everyone**' })).answer();
    expect(said.text).toContain("There is no Jellyfin account called `'**@everyone**`");
    expect((await (await bot.gran.types('/unlock', { user: 'f'.repeat(32) })).answer()).text).toMatch(
      /does not exist any more/,
    );
  });
});

describe('owners who may unlock themselves', () => {
  const cards = (bot: BotHousehold) => bot.discord.messagesIn(bot.discord.adminChannelId);

  async function lockedOut(options: BotOptions = {}) {
    const bot = await startBot({ ...options, env: { SELF_UNLOCK: 'allow', ...options.env } });
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    return bot;
  }

  async function unlocks(bot: BotHousehold) {
    const said = await (await bot.maya.types('/unlock')).answer();
    return said.text;
  }

  test('an owner unlocks their own account at once; the admins see one card that calls nobody', async () => {
    const bot = await lockedOut();
    expect(await unlocks(bot)).toMatch(/\*\*maya\*\* is unlocked: sign in with your usual password/);
    expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
    const card = await bot.dad.sees(/ unlocked maya themselves/, { in: bot.discord.adminChannelId });
    expect(card.content).toBe(`${bot.maya.mention} unlocked maya themselves.`);
    expect(card.pings).toMatchObject({ roles: [], users: [] });
    expect(card.labels).toEqual([]);
    await bot.app.runJob('upkeep');
    await bot.restart();
    await bot.app.runJob('upkeep');
    expect(cards(bot)).toHaveLength(1);
    expect(bot.maya.directMessages()).toEqual([]);
    expect(auditLines(bot).slice(-2)).toEqual(['Maya self unlock begun', 'Maya unlock done']);
  });

  test('/status says Unlock, not Ask for unlock, and the button does it', async () => {
    const bot = await lockedOut();
    const said = await (await bot.maya.types('/status')).answer();
    expect(said.labels).toEqual(['Unlock', 'Reset my password', 'My devices']);
    expect((await (await bot.maya.presses('Unlock')).answer()).text).toMatch(/is unlocked/);
  });

  test('after it the device can be signed in by a code; the word about the lockout and /signin say Unlock, too', async () => {
    const bot = await startBot({ env: { SELF_UNLOCK: 'allow' } });
    await bot.links(bot.maya, 'maya');
    await bot.app.runJob('lockouts');
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('lockouts');
    const [word] = bot.maya.directMessages();
    expect(word?.labels).toEqual(['Unlock', 'Reset my password', "It wasn't me"]);
    expect(word?.text).toMatch(/Press \*Unlock\* if you know/);
    expect((await (await bot.maya.types('/signin', { code: '123456' })).answer()).labels).toEqual(['Unlock']);
    const said = await (await bot.maya.types('/unlock')).answer();
    expect(said.labels).toEqual(['Sign in with a code', 'Reset my password']);
  });

  test.each([
    ['well', undefined, /maya is unlocked/],
    ['badly', 403, /could not be unlocked|does not let me/],
  ])(
    'whose answer is lost, and which ended %s, is told in a direct message, once',
    async (_how, status, told) => {
      const bot = await lockedOut();
      if (status !== undefined) bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status });
      const lost = bot.discord.faults.on({ method: 'PATCH', path: /webhooks/, status: 500, times: 99 });
      await bot.maya.types('/unlock');
      await bot.maya.sees(told, { in: 'dm' });
      lost.off();
      await bot.app.runJob('upkeep');
      await bot.restart();
      await bot.app.runJob('upkeep');
      expect(bot.maya.directMessages()).toHaveLength(1);
    },
    40_000,
  );

  test('the fourth time within a day is an ordinary request, which says when one can do it again; restarts do not help', async () => {
    const bot = await lockedOut();
    for (let n = 0; n < 3; n += 1) {
      expect(await unlocks(bot)).toMatch(/is unlocked/);
      bot.passes(2 * hourMs);
      await bot.jellyfin.lock('maya');
    }
    await bot.restart();
    expect((await (await bot.maya.types('/status')).answer()).labels).toContain('Ask for unlock');
    const said = await unlocks(bot);
    expect(said).toMatch(/unlocked that way 3 times within a day, so an admin has to look at it.*<t:\d+:R>/);
    expect(said).toMatch(/asked the admins to unlock/);
    expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
    const card = await bot.dad.sees(/asks to unlock maya/, { in: bot.discord.adminChannelId });
    expect(card.labels).toEqual(['Approve', 'Deny']);
    const at = Number(/<t:(\d+):R>/.exec(said)?.[1]) * 1000;
    // Six hours went by since the first; so that one falls out of the day in eighteen.
    expect(Math.abs(at - (Date.now() + 24 * hourMs))).toBeLessThan(60_000);
    bot.passes(18 * hourMs + 60_000);
    expect(await unlocks(bot)).toMatch(/is unlocked/);
    // The card follows when the answer is there.
    await bot.app.runJob('upkeep');
    expect(cards(bot).filter(({ labels }) => labels.includes('Approve'))).toEqual([]);
    // The one that answered the request counts like the others.
    await bot.jellyfin.lock('maya');
    expect(await unlocks(bot)).toMatch(/an admin has to look at it/);
  });

  test('the limit is the account’s, whichever owner unlocks it, and one owner’s unlock answers what the other asked', async () => {
    const bot = await lockedOut();
    const uncle = bot.discord.addPerson('Uncle');
    await bot.links(uncle, 'maya');
    for (let n = 0; n < 3; n += 1) {
      await unlocks(bot);
      await bot.jellyfin.lock('maya');
    }
    const asked = await (await uncle.types('/unlock')).answer();
    expect(asked.text).toMatch(/an admin has to look at it/);
    bot.passes(24 * hourMs - 60_000);
    await bot.app.runJob('upkeep');
    bot.passes(60_001);
    expect(await unlocks(bot)).toMatch(/is unlocked/);
  });

  test('what is not locked is not unlocked, and not asked for either', async () => {
    const bot = await startBot({ env: { SELF_UNLOCK: 'allow' } });
    await bot.links(bot.maya, 'maya');
    const calls = await callsDuring(bot, async () => expect(await unlocks(bot)).toMatch(/is not locked/));
    expect(changes(calls)).toEqual([]);
    expect(cards(bot)).toEqual([]);
  });

  test('an owner who types it twice unlocks once', async () => {
    const bot = await lockedOut();
    const writing = bot.jellyfin.faults.hold({ method: 'POST', path: /Policy/ });
    const first = await bot.maya.types('/unlock');
    await writing.arrived;
    const second = await bot.maya.types('/unlock');
    expect((await second.answer()).text).toMatch(/approved already and is being done/);
    writing.release();
    expect((await first.answer()).text).toMatch(/is unlocked/);
    // Nor does it count twice.
    for (let n = 2; n <= 3; n += 1) {
      await bot.jellyfin.lock('maya');
      expect(await unlocks(bot)).toMatch(/is unlocked/);
    }
  });

  test('an account that was switched off is never switched on', async () => {
    const bot = await startBot({
      env: { SELF_UNLOCK: 'allow' },
      before: ({ jellyfin }) => void jellyfin.addUser('leo', { password: 'x', disabled: true, limit: 3 }),
    });
    await bot.links(bot.maya, 'leo');
    const calls = await callsDuring(bot, async () => expect(await unlocks(bot)).toMatch(/switched off by an admin/));
    expect(changes(calls)).toEqual([]);
    await bot.app.stop();
    expect(cards(bot)).toEqual([]);
  });

  test('an administrator’s account is asked for, by a member and by a helper; an admin unlocks their own as ever', async () => {
    const bot = await startBot({
      env: { SELF_UNLOCK: 'allow' },
      before: ({ jellyfin }) => void jellyfin.addUser('boss', { password: 'x', administrator: true, limit: 3 }),
    });
    for (const person of [bot.maya, bot.gran, bot.dad]) connect(bot, person, 'boss');
    await bot.jellyfin.lock('boss');
    for (const person of [bot.maya, bot.gran]) {
      expect((await (await person.types('/unlock', { user: 'boss' })).answer()).text).toMatch(/asked the admins/);
    }
    expect(bot.jellyfin.user('boss').Policy.IsDisabled).toBe(true);
    expect((await (await bot.gran.types('/resetpw', { user: 'boss' })).answer()).text).toMatch(/asked the admins/);
    expect((await (await bot.dad.types('/unlock', { user: 'boss' })).answer()).text).toMatch(/is unlocked/);
  });

  test('an account that is not theirs, or not linked any more, is not touched', async () => {
    const bot = await lockedOut();
    const uncle = bot.discord.addPerson('Uncle');
    const user = bot.jellyfin.user('maya').Id;
    const calls = await callsDuring(bot, async () => {
      const said = await (await uncle.pressesRaw(`unlock:ask:${user}`)).answer();
      expect(said.text).toMatch(/not one of your accounts/);
    });
    expect(calls).toEqual([]);
  });

  test('a Jellyfin that fails in the middle: the member hears why, and an admin can try again', async () => {
    const bot = await lockedOut();
    const mend = bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 403 });
    expect(await unlocks(bot)).toMatch(/does not let me[^]*nothing to do with your password/);
    mend();
    const card = await bot.dad.sees(/tried to unlock maya themselves, and it did not work/, {
      in: bot.discord.adminChannelId,
    });
    expect(card.pings.roles).toEqual([]);
    await bot.gran.presses('Try again');
    await bot.maya.sees(/is unlocked/, { in: 'dm' });
  });

  test('what was asked for before it was allowed is done at the next try; ask stays the default', async () => {
    const env: Record<string, string> = {};
    const bot = await startBot({ env });
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    expect(await unlocks(bot)).toMatch(/asked the admins/);
    expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
    env['SELF_UNLOCK'] = 'allow';
    await bot.restart();
    expect(await unlocks(bot)).toMatch(/is unlocked/);
    expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(false);
    await bot.app.runJob('upkeep');
    // What was asked is over, too: nobody is left to decide.
    expect(cards(bot).flatMap(({ labels }) => labels)).toEqual([]);
  });
});
