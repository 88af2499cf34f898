import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';
import { auditLines, callsDuring, changes, passwordIn } from '../support/traces.js';

afterEach(closeAll);

describe('/unlock user', () => {
  test('says what was found: locked, not locked, failed so many times', async () => {
    const { jellyfin, gran } = await startBot();
    const unlock = async () => (await (await gran.types('/unlock', { user: 'Maya' })).answer()).text;
    expect(await unlock()).toMatch(/\*\*maya\*\* is not locked \(wrong passwords: 0 of \d+\)/);
    await jellyfin.signIn('maya', 'wrong');
    expect(await unlock()).toMatch(/is not locked \(wrong passwords: 1 of 3\).*<\/resetpw:\d+> gives a new one/);
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

describe('/resetpw user', () => {
  test('goes to the owner’s direct messages, and the helper is not shown it', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const said = await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    expect(said.text).toMatch(
      new RegExp(`${bot.maya.mention} has a new password for \\*\\*maya\\*\\* in a direct message`),
    );
    const password = passwordIn((await bot.maya.sees(/tap the line above/, { in: 'dm' })).text);
    expect((await bot.jellyfin.signIn('maya', password)).status).toBe(200);
    expect(bot.gran.reads().flat().join('\n')).not.toContain(password);
    expect(auditLines(bot)).toContain('Gran reset done');
  });

  test('costs at most five calls to Jellyfin', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    const [choice] = await bot.gran.typesInto('/resetpw', 'user', 'maya');
    const user = String(choice?.value);
    const calls = await callsDuring(bot, async () => (await bot.gran.types('/resetpw', { user })).answer());
    expect(calls.slice(5)).toEqual([]);
    expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(false);
  });

  test('for an account that nobody is linked to is shown to the one who ran it, in private, and goes away by itself', async () => {
    try {
      const bot = await startBot();
      const planned: { ms: number | undefined; run: () => void }[] = [];
      const spy = jest
        .spyOn(globalThis, 'setTimeout')
        .mockImplementation((run: () => void, ms?: number, ...rest: []) => {
          if (ms === 14 * 60_000) planned.push({ ms, run });
          return realSetTimeout(run, ms, ...rest);
        });
      const asked = await bot.gran.types('/resetpw', { user: 'maya' });
      const said = await asked.answer();
      expect(said.private).toBe(true);
      expect(said.text).toMatch(/Please pass it on/);
      const until = Number(/disappears <t:(\d+):R>/.exec(said.text)?.[1]) * 1000;
      expect(Math.abs(until - Date.now() - 14 * 60_000)).toBeLessThan(5000);
      expect((await bot.jellyfin.signIn('maya', passwordIn(said.text))).status).toBe(200);
      await bot.discord.until(() => (planned.length > 0 ? true : undefined), 'the answer’s end is planned');
      expect(planned).toHaveLength(1);
      spy.mockRestore();
      planned[0]?.run();
      await bot.discord.until(() => (asked.messages.length === 0 ? true : undefined), 'the answer is gone');
      expect(bot.maya.directMessages()).toEqual([]);
    } finally {
      jest.restoreAllMocks();
    }
  });

  test('lost on its way is said to be lost, and a second try gives one that works', async () => {
    const bot = await startBot();
    const lost = bot.discord.faults.on({ method: 'PATCH', path: /original$/, status: 400, times: 1 });
    await bot.gran.types('/resetpw', { user: 'maya' });
    await bot.discord.until(() => (lost.met > 0 ? true : undefined), 'the answer is refused');
    await bot.gran.sees(/may not have got through Discord\. If you did not see it, run/, { in: 'dm' });
    const said = await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    expect((await bot.jellyfin.signIn('maya', passwordIn(said.text))).status).toBe(200);
    expect(auditLines(bot)).toEqual(['Gran reset answerLost', 'Gran reset done']);
  });

  test('asks who gets it where several people own the account', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.links(bot.gran, 'maya');
    const said = await (await bot.dad.types('/resetpw', { user: 'maya' })).answer();
    expect(said.text).toMatch(/\*\*maya\*\* belongs to several people/);
    expect(said.text).toMatch(/Maya \| Gran/);
    const picked = await bot.dad.selects('Pick a person', 'Gran');
    expect((await picked.answer()).text).toContain(bot.gran.mention);
    await bot.gran.sees(/tap the line above/, { in: 'dm' });
    expect(bot.maya.directMessages()).toEqual([]);
  });

  test('refuses an owner who was unlinked while the select was on the screen', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.links(bot.gran, 'maya');
    await (await bot.dad.types('/resetpw', { user: 'maya' })).answer();
    await (await bot.dad.types('/unlink', { member: bot.gran, user: 'maya' })).answer();
    const picked = await bot.dad.selects('Pick a person', 'Gran');
    expect((await picked.answer()).text).toMatch(/not linked/);
    expect(bot.gran.directMessages()).toEqual([]);
  });

  test('settles the request that waits for it: one password, one card that says done', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    await bot.dad.sees(/asks for a new password/);
    await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    await bot.dad.sees(/Done: .* has a new password for maya/);
    expect(bot.jellyfin.calls.filter(({ path }) => path.includes('/Users/Password'))).toHaveLength(1);
    expect(bot.maya.directMessages()).toHaveLength(1);
  });

  test('says so when the owner takes no direct messages, and sets nothing yet', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    bot.maya.closesDms();
    const calls = await callsDuring(bot, async () => {
      const said = await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
      expect(said.text).toMatch(/does not take direct messages from me, so nothing is set yet/);
    });
    expect(changes(calls)).toEqual([]);
    const first = await (await bot.maya.types('/status')).answer();
    expect(first.labels).toContain('Show my password');
    const shown = await (await bot.maya.presses('Show my password')).answer();
    expect(shown.text).toMatch(/That is your new password/);
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
  });
});

const realSetTimeout = globalThis.setTimeout;
