import { afterEach, expect, test } from '@jest/globals';
import { COMPONENT } from '../../sandbox/discord/constants.js';
import { flatten } from '../../sandbox/discord/payloads/components.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { closeAll, startBot } from '../support/bot.js';
import { auditLines } from '../support/traces.js';

afterEach(closeAll);

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

test('a bot, and somebody who is gone, cannot be chosen', async () => {
  const bot = await startBot();
  const robot = { id: bot.discord.addBot('Robot') };
  const gone = bot.discord.addPerson('Gone');
  gone.leaves();
  await (await bot.dad.types('/link')).answer();
  expect((await (await bot.dad.selects('Whose is it?', robot)).answer()).text).toMatch(/That is a bot/);
  expect((await (await bot.dad.selects('Whose is it?', gone)).answer()).text).toMatch(/not in this server/);
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
    /not in this server/,
  );
});
