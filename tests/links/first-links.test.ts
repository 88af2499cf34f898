import { afterEach, describe, expect, test } from 'vitest';
import { closeAll, startBot } from '../support/bot.js';
import { auditLines } from '../support/traces.js';
import { COMPONENT } from '../../sandbox/discord/constants.js';
import { flatten } from '../../sandbox/discord/payloads/components.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';

afterEach(closeAll);

describe('the first links of a household', () => {
  /** Who stands in the selects of people, in reading order. */
  function presets({ components }: SeenMessage): (string | undefined)[] {
    return flatten(components)
      .filter(({ type }) => type === COMPONENT.UserSelect)
      .map((select) => (select as { default_values?: { id: string }[] }).default_values?.[0]?.id);
  }

  test('bare /link shows an admin the accounts without a member, with the likely one, and links what is shown in one press', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('zed') });
    const list = await (await bot.dad.types('/link')).answer();
    expect(list.text).toMatch(/2 accounts have no member yet/);
    expect(list.text).not.toMatch(/root/);
    expect(presets(list)).toEqual([bot.maya.id, undefined]);
    const done = await (await bot.dad.presses('Link as shown')).answer();
    expect(done.text).toMatch(/<@\d+> is linked to \*\*maya\*\* now/);
    expect(done.text).toMatch(/1 account has no member yet/);
    await bot.maya.sees(/You are linked to the Jellyfin account maya/, { in: 'dm' });
    const last = await (await bot.dad.selects('Whose is it?', bot.gran)).answer();
    expect(last.text).toMatch(/is linked to \*\*zed\*\* now[^]*Every account has its member/);
    expect(auditLines(bot)).toEqual(['Dad link done', 'Dad link done']);
  });

  test('whoever is guessed is named by what they cannot choose, as an account’s name may be anybody’s nickname', async () => {
    const bot = await startBot();
    bot.maya.leaves();
    const somebody = bot.discord.addPerson('maya_or_not');
    somebody.takesNickname('Maya');
    const list = await (await bot.dad.types('/link')).answer();
    expect(presets(list)).toEqual([somebody.id]);
    expect(list.text).toMatch(
      /\*\*maya\*\*[^]{0,9}-# Discord name: maya\\_or\\_not, in this Discord server since <t:\d+:D>/,
    );
  });

  test('a bot, and somebody who is gone, cannot be chosen', async () => {
    const bot = await startBot();
    const robot = { id: bot.discord.addBot('Robot') };
    const gone = bot.discord.addPerson('Gone');
    gone.leaves();
    await (await bot.dad.types('/link')).answer();
    expect((await (await bot.dad.selects('Whose is it?', robot)).answer()).text).toMatch(/That is a bot/);
    expect((await (await bot.dad.selects('Whose is it?', gone)).answer()).text).toMatch(/not in this Discord server/);
    const maya = bot.jellyfin.user('maya').Id;
    const pressed = await bot.dad.pressesRaw(`unlink:undo:${maya}.${robot.id}`, {
      message: await bot.dad.sees(/Whose/),
    });
    expect((await pressed.answer()).text).toMatch(/not in this Discord server/);
    for (const nobody of [robot, gone]) {
      const said = await (await bot.dad.usesMenu('Jellyfin account', nobody)).answer();
      expect(said.text).toMatch(/not linked to any/);
      expect(said.text).not.toMatch(/maya/);
    }
  });

  test('without an answer from Discord about who is who, the selects stand without a guess', async () => {
    const bot = await startBot({ overrides: { memberSearchMs: 100 } });
    bot.discord.gateway.answersAboutMembers = false;
    const list = await (await bot.dad.types('/link')).answer();
    expect(presets(list)).toEqual([undefined]);
    expect((await (await bot.dad.presses('Link as shown')).answer()).text).toMatch(/No name stands there/);
  });

  test('a guess is made only where one person fits: two of a name, or a bot, are none', async () => {
    const bot = await startBot({
      before: ({ jellyfin, discord }) => {
        for (const name of ['ann', 'bo.smith', 'robot']) jellyfin.addUser(name);
        for (const name of ['Anna', 'Anne', 'Bo']) discord.addPerson(name);
        discord.addBot('Robot');
      },
    });
    const list = await (await bot.dad.types('/link')).answer();
    const bo = [...bot.discord.world.users.values()].find(({ username }) => username === 'Bo');
    expect(presets(list)).toEqual([undefined, bo?.id, bot.maya.id, undefined]);
  });

  test('whoever was picked is linked at once, and Undo takes that back', async () => {
    const bot = await startBot();
    await (await bot.dad.types('/link')).answer();
    const picked = await (await bot.dad.selects('Whose is it?', bot.maya)).answer();
    expect(picked.text).toMatch(/is linked to \*\*maya\*\* now\.\n.*\[Undo\]/);
    const undone = await (await bot.dad.presses('Undo')).answer();
    expect(undone.text).toMatch(/is not linked to \*\*maya\*\* any more/);
    expect((await (await bot.dad.presses('Accounts without a member')).answer()).text).toMatch(/\*\*maya\*\*/);
  });

  test('of several that were linked as shown, one is picked to be taken back', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('leo') });
    bot.discord.addPerson('Leo');
    const list = await (await bot.dad.types('/link')).answer();
    expect(presets(list).filter((each) => each !== undefined)).toHaveLength(2);
    expect((await (await bot.dad.presses('Link as shown')).answer()).text).toMatch(/leo\*\* now[^]*maya\*\* now/);
    const undone = await (await bot.dad.selects('Undo one of these', 'leo')).answer();
    expect(undone.text).toMatch(/is not linked to \*\*leo\*\* any more/);
    expect((await (await bot.dad.types('/status', { user: bot.maya.mention })).answer()).text).toMatch(/### maya/);
  });

  test('/unlink can be undone; to forget somebody is offered once they have left', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const left = await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    expect(left.labels).toEqual(['Undo']);
    expect((await (await bot.dad.presses('Undo')).answer()).text).toMatch(/is linked to \*\*maya\*\* now/);
    bot.maya.leaves();
    const gone = await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    expect(gone.labels).toEqual(['Forget this person']);
  });

  test('ten a page, forth and back', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => jellyfin.addManyUsers(22) });
    const first = await (await bot.dad.types('/link')).answer();
    expect(first.text).toMatch(/23 accounts have no member yet\*\* \(page 1 of 3\)/);
    expect(presets(first)).toHaveLength(10);
    await (await bot.dad.presses('Next')).answer();
    const third = await (await bot.dad.presses('Next')).answer();
    expect(third.text).toMatch(/page 3 of 3/);
    expect(presets(third)).toHaveLength(3);
    expect(third.labels).not.toContain('Next');
    expect((await (await bot.dad.presses('Previous')).answer()).text).toMatch(/page 2 of 3/);
  });

  test('a list is an admin’s only, also for somebody who has lost the role since', async () => {
    const bot = await startBot();
    await (await bot.dad.types('/link')).answer();
    bot.dad.setRoles([]);
    expect((await (await bot.dad.selects('Whose is it?', bot.dad)).answer()).text).toMatch(/That is for admins/);
    expect((await (await bot.dad.presses('Link as shown')).answer()).text).toMatch(/That is for admins/);
  });

  test('in a member’s menu an admin links them with one select; a helper is not offered that', async () => {
    const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('aaa') });
    const card = await (await bot.dad.usesMenu('Jellyfin account', bot.maya)).answer();
    expect(card.text).toMatch(/No account is linked to <@\d+> yet/);
    const options = flatten(card.components).find(({ type }) => type === COMPONENT.StringSelect)?.options;
    expect(options?.map(({ label }) => label)).toEqual(['maya', 'aaa']);
    expect((await (await bot.dad.selects('Link to an account', 'maya')).answer()).text).toMatch(
      /is linked to \*\*maya\*\*/,
    );
    await bot.maya.sees(/You are linked/, { in: 'dm' });
    const again = await (await bot.dad.usesMenu('Jellyfin account', bot.maya)).answer();
    expect(again.text).toMatch(/### maya/);
    const helpers = await (await bot.gran.usesMenu('Jellyfin account', bot.gran)).answer();
    expect(helpers.text).toMatch(/is not linked to any account/);
    expect(flatten(helpers.components).some(({ type }) => type === COMPONENT.StringSelect)).toBe(false);
    bot.maya.leaves();
    expect((await (await bot.dad.selects('Link to an account', 'aaa', { on: again })).answer()).text).toMatch(
      /not in this Discord server/,
    );
  });
});
