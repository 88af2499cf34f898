import { afterEach, describe, expect, test } from 'vitest';
import { closeAll, startBot } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { leavesForAnother } from '../support/leaves.js';
import { auditLines, callsDuring, changes, passwordIn } from '../support/traces.js';

afterEach(closeAll);

describe('a helper’s /resetpw', () => {
  test('goes to the owner’s direct messages, and the helper is not shown it', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const said = await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    expect(said.text).toMatch(
      new RegExp(`${bot.maya.mention} has a new password for \\*\\*maya\\*\\* in a direct message`),
    );
    const password = passwordIn((await bot.maya.sees(/Tap it to see it/, { in: 'dm' })).text);
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
    const planned: { act: () => void; afterMs: number }[] = [];
    const bot = await startBot({ overrides: { schedule: (act, afterMs) => void planned.push({ act, afterMs }) } });
    const asked = await bot.gran.types('/resetpw', { user: 'maya' });
    const said = await asked.answer();
    expect(said.private).toBe(true);
    expect(said.text).toMatch(/Please pass it on/);
    const until = Number(/disappears <t:(\d+):R>/.exec(said.text)?.[1]) * 1000;
    expect(Math.abs(until - Date.now() - 14 * 60_000)).toBeLessThan(5000);
    expect((await bot.jellyfin.signIn('maya', passwordIn(said.text))).status).toBe(200);
    await bot.discord.until(() => planned[0], 'the answer’s end is planned');
    expect(planned.map(({ afterMs }) => afterMs)).toEqual([14 * 60_000]);
    planned[0]?.act();
    await bot.discord.until(() => (asked.messages.length === 0 ? true : undefined), 'the answer is gone');
    expect(bot.maya.directMessages()).toEqual([]);
  });

  test('is sent to no owner who has left the server since, before it is known at night: the helper reads it', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    leavesForAnother(bot, bot.maya);
    const said = await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    expect(said.text).toMatch(/Please pass it on/);
    await bot.app.runJob('upkeep');
    expect(bot.maya.directMessages()).toEqual([]);
  });

  test('nor is one that failed before they left, when it is tried again', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    const refusing = bot.jellyfin.faults.on({ method: 'POST', path: /^\/Users\/Password/, status: 403 });
    await bot.dad.presses('Approve');
    const card = await bot.dad.sees(/request did not work/);
    refusing();
    leavesForAnother(bot, bot.maya);
    const calls = await callsDuring(bot, async () => {
      const said = await (await bot.dad.presses('Try again', { on: card })).answer();
      expect(said.text).toMatch(/has left the Discord server, so nothing was done/);
    });
    expect(changes(calls)).toEqual([]);
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

  test('run twice at once makes one password, and says so', async () => {
    const bot = await startBot();
    const setting = bot.jellyfin.faults.hold({ method: 'POST', path: /^\/Users\/Password/ });
    const first = await bot.gran.types('/resetpw', { user: 'maya' });
    await setting.arrived;
    const second = await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    setting.release();
    expect((await bot.jellyfin.signIn('maya', passwordIn((await first.answer()).text))).status).toBe(200);
    expect(second.text).toMatch(/on its way at this very moment/);
    expect(auditLines(bot).filter((line) => line.endsWith('done'))).toEqual(['Gran reset done']);
  });

  test('whose answer a stopped bot was about to give is said to be lost by the next one', async () => {
    const bot = await startBot();
    await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    await bot.discord.until(() => auditLines(bot).find((line) => line === 'Gran reset done'), 'it is over');
    withDatabase(bot.database, (db) => db.exec("UPDATE requests SET state = 'approved', ended_at = NULL"));
    await bot.restart();
    await bot.app.runJob('upkeep');
    await bot.gran.sees(/may not have got through Discord\. If you did not see it, run/, { in: 'dm' });
  });

  test('asks by the Discord name, too, as an owner may have taken another one’s name for a nickname', async () => {
    const bot = await startBot();
    const uncle = bot.discord.addPerson('Uncle');
    for (const owner of [bot.maya, uncle]) await bot.links(owner, 'maya');
    uncle.takesNickname('Maya');
    await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    await bot.gran.selects('Pick a person', 'Maya (uncle)');
    await uncle.sees(/Tap it to see it/, { in: 'dm' });
    expect(bot.maya.directMessages().filter(({ text }) => text.includes('||'))).toEqual([]);
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
    await bot.gran.sees(/Tap it to see it/, { in: 'dm' });
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
    expect(bot.gran.directMessages().map(({ content }) => content)).toEqual([
      expect.stringMatching(/took the link away/),
    ]);
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
    expect(shown.text).toMatch(/Your new password for/);
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
  });
});

describe('a helper’s own reset that Jellyfin does not do', () => {
  test.each([
    ['fails (500)', { status: 500 }, /trouble of its own|may not work any more/],
    ['is refused (403)', { status: 403 }, /does not let me/],
  ])(
    'when it %s is explained to the helper; the owner, who asked for nothing, gets no word of it',
    async (_, fault, why) => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      bot.jellyfin.faults.on({ method: 'POST', path: /Password/, ...fault });
      const said = await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
      expect(said.text).toMatch(why);
      await bot.app.runJob('upkeep');
      await bot.app.stop();
      expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
        expect.stringMatching(/^No password could be shown here/),
      ]);
      expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
    },
  );
});
