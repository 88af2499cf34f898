import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '../../src/discord/command.js';
import { commandId } from '../../src/discord/command-data.js';
import { parseCustomId } from '../../src/discord/routes.js';
import { admins, everyone, helpers, type Guard } from '../../src/discord/guards.js';
import { loadCommands } from '../../src/discord/load-commands.js';
import { CommandRoutes } from '../../src/discord/routes.js';
import type { Exchange } from '../../sandbox/discord/person/exchange.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { forges, type Part } from '../support/forged.js';
import { auditOf, callsDuring, changes, withoutCodes } from '../support/traces.js';

const commands = (await loadCommands<object>(new URL('../../src/commands/', import.meta.url)))({});
const routes = new CommandRoutes(commands);

const parts = (command: Command, part: Part) => Object.entries(command[part] ?? {});
const pressable = commands.flatMap((command) =>
  (['buttons', 'selects', 'modals'] as const).flatMap((part) =>
    parts(command, part).map(([action, { guard }]) => ({
      part,
      guard,
      customId: `${commandId(command.data)}:${action}:1`,
      name: `${commandId(command.data)} ${action}`,
    })),
  ),
);
const closed = (guard: Guard) => guard === helpers || guard === admins;

/** What somebody may do who owns nothing: ask to be linked, prove it, and say no. */
const mayDo = ['link ask', 'link prove', 'signin no'];
/** Nothing is done before the modal is sent off. */
const opensModal = ['link name', 'signin open'];

let bot: BotHousehold;
beforeAll(async () => {
  bot = await startBot();
  await bot.links(bot.maya, 'maya');
});
afterAll(closeAll);

const sends = (person: { id: string }, part: Part, customId: string) => forges(bot, person, part, customId);

async function isRefused(name: string, act: () => Exchange | Promise<Exchange>) {
  bot.passes(4 * 60_000); // of one person's refusals the history takes twenty an hour
  const before = auditOf(bot).length;
  const calls = await callsDuring(bot, async () => {
    const said = await (await act()).answer();
    expect(said.text).toMatch(/That is for (helpers and )?admins/);
    expect(said.private).toBe(true);
  });
  expect(withoutCodes(calls)).toEqual([]);
  const rows = auditOf(bot).slice(before);
  expect(rows.map(({ actor_id, act: what, outcome }) => [actor_id, what, outcome])).toEqual([
    [bot.maya.id, name, expect.stringMatching(/^(notAllowed|adminsOnly)$/)],
  ]);
}

test('the bot has registered every command there is, and no other', () => {
  expect(bot.discord.commands.map(({ body }) => body['name']).sort()).toEqual(
    commands.map(({ data }) => data.name).sort(),
  );
});

describe('every handler', () => {
  const all = [
    ...commands.map(({ data, guard }) => ({ name: data.name, guard })),
    ...pressable,
    ...commands.flatMap(({ data, choices }) =>
      Object.entries(choices ?? {}).map(([option, { guard }]) => ({ name: `${data.name} ${option}?`, guard })),
    ),
  ];

  /** Written down a second time on purpose: a handler that is opened has to be opened here, too. */
  test('is open to everybody, to helpers or to admins as this list says', () => {
    const named = (wanted: Guard) => {
      const open = all.filter(({ name, guard }) => guard === wanted && !name.endsWith('?'));
      return [...new Set(open.map(({ name }) => name))].sort();
    };
    expect(named(admins)).toEqual([
      'account link',
      'help login-page',
      'help login-put',
      'help login-remove',
      'help post',
      'help put-up',
      'history',
      'history csv',
      'history member',
      'history page',
      'link as-shown',
      'link free',
      'link page',
      'link to',
      'link undo',
      'requests account',
      'rescue',
      'rescue new-password',
      'rescue no',
      'rescue pick',
      'rescue yes',
      'status enable',
      'status enable-go',
      'status mend-no',
      'status provider',
      'status provider-go',
      'status provider-owner',
      'unlink',
      'unlink forget',
      'unlink undo',
    ]);
    expect(named(helpers)).toEqual([
      'Jellyfin account',
      'requests',
      'requests approve',
      'requests deny',
      'requests details',
      'requests list',
      'requests page',
      'requests retry',
      'resetpw now',
      'resetpw owner',
      'status denial',
      'status details',
      'status keep',
      'status look',
      'status old-apps',
      'status unkeep',
      'unlock now',
    ]);
    expect(named(everyone)).toEqual([
      'help',
      'link',
      'link ask',
      'link name',
      'link not-these',
      'link prove',
      'link these',
      'requests cancel',
      'resetpw',
      'resetpw ask',
      'resetpw copy',
      'resetpw here',
      'resetpw in',
      'resetpw pick',
      'resetpw renew',
      'resetpw show',
      'signin',
      'signin go',
      'signin no',
      'signin not-me',
      'signin open',
      'signin pick',
      'status',
      'status ask-enable',
      'status ask-provider',
      'status check',
      'status device',
      'status device-out',
      'status devices',
      'status devices-page',
      'status end-pass',
      'status not-me',
      'status pass',
      'status pick',
      'status sign-out',
      'status sign-out-yes',
      'status why',
      'unlock',
      'unlock ask',
      'unlock pick',
    ]);
  });

  test.each(all)('$name has one of the three guards', ({ guard }) => {
    expect([everyone, helpers, admins]).toContain(guard);
  });

  test.each(pressable)('$name is found by its custom id ($part)', ({ part, customId, guard }) => {
    expect(parseCustomId(customId)).toBeDefined();
    expect(routes.find(part, customId)?.handler.guard).toBe(guard);
    expect(customId.length + 32 + 10).toBeLessThanOrEqual(100);
  });

  test('every option with autocomplete has somebody who answers it', () => {
    for (const { data, choices } of commands) {
      const options = data.type === 'slash' ? (data.options ?? []).filter(({ kind }) => kind === 'account') : [];
      expect(Object.keys(choices ?? {})).toEqual(options.map(({ name }) => name));
    }
  });
});

describe('a plain member is refused, and that is written down, at', () => {
  const commandsClosed = commands.filter(({ guard }) => closed(guard));

  test.each(commandsClosed.map(({ data }) => data))('$name', async ({ name, type }) => {
    await isRefused(name, () => (type === 'slash' ? bot.maya.types(`/${name}`) : bot.maya.usesMenu(name, bot.maya)));
  });

  test.each(pressable.filter(({ guard }) => closed(guard)))('$name ($part)', async ({ name, part, customId }) => {
    await isRefused(name, () => sends(bot.maya, part, customId));
  });

  test('more than nothing', () => {
    expect(commandsClosed.length).toBeGreaterThan(3);
    expect(pressable.filter(({ guard }) => closed(guard)).length).toBeGreaterThan(5);
  });
});

describe('open to everybody, forged with an id that is not theirs, does nothing at', () => {
  test.each(pressable.filter(({ guard }) => !closed(guard)))('$name ($part)', async ({ part, customId, name }) => {
    const zoe = bot.discord.addPerson('Zoe');
    const calls = await callsDuring(bot, async () => {
      const sent = sends(zoe, part, customId);
      if (part === 'buttons' && opensModal.includes(name)) await sent.modal();
      else expect((await sent.answer()).private).toBe(true);
    });
    // A code of one's own is asked for; it is worth nothing until somebody confirms it.
    expect(changes(calls)).toEqual(name === 'link prove' ? ['POST /QuickConnect/Initiate'] : []);
    const isRefusedThere = !mayDo.includes(name) && !(part === 'buttons' && opensModal.includes(name));
    if (isRefusedThere) expect(auditOf(bot).at(-1)).toMatchObject({ actor_id: zoe.id, act: name });
  });
});
