import { Collection, InteractionType, MessageFlags } from 'discord.js';
import { describe, expect, test } from 'vitest';
import type { AppError } from '../../src/errors.js';
import { commandJson } from '../../src/discord/command-data.js';
import type { Command } from '../../src/discord/command.js';
import { errorAnswer } from '../../src/discord/error-answer.js';
import { form } from '../../src/discord/form.js';
import { admins, everyone } from '../../src/discord/guards.js';
import { colours } from '../../src/discord/parts.js';
import { planFor, type Plan } from '../../src/discord/plan.js';
import { CommandRoutes } from '../../src/discord/routes.js';
import { whichAccount } from '../../src/discord/which-account.js';
import { AppError as Failure } from '../../src/errors.js';
import sentences from '../../src/locales/en.json' with { type: 'json' };
import { createWords } from '../../src/words.js';

const t = createWords('en').in('en');
const madeAt = 10 * 3_600_000;
const given: object[] = [];
const run = (context: object) => {
  given.push(context);
  return {};
};
const look: Command = {
  data: {
    ...{ type: 'slash', name: 'look', where: 'anywhere', description: 'errors.tryAgain' },
    options: (['account', 'member', 'text'] as const).map((kind) => ({
      name: kind,
      kind,
      description: 'errors.tryAgain',
    })),
  },
  ...{ guard: everyone, run },
  choices: { account: { guard: admins, run: ({ typed }) => [{ name: typed, value: '1' }] } },
  buttons: {
    at: { acknowledge: 'update', guard: everyone, run, hasPrelude: true },
    code: { acknowledge: 'private', guard: everyone, run, subject: ({ id, values }) => `${id} ${values.length}` },
  },
  selects: { pick: { acknowledge: 'private', guard: everyone, run } },
  modals: { deny: { acknowledge: 'update', guard: everyone, run } },
};
const menu: Command = {
  data: { type: 'user-menu', name: 'Account', id: 'account', where: 'server' },
  guard: admins,
  run,
};
const routes = new CommandRoutes([look, menu]);
const kinds = [
  ...['isAutocomplete', 'isChatInputCommand', 'isUserContextMenuCommand', 'isModalSubmit', 'isMessageComponent'],
  ...['isCommand', 'isButton', 'isAnySelectMenu', 'isUserSelectMenu'],
];

/** The plan for an interaction of these kinds. */
function planned(is: readonly string[], more: object): Plan {
  const asked = Object.fromEntries(kinds.map((kind) => [kind, () => is.includes(kind)]));
  const user = { id: 'maya', username: 'maya_s', displayName: 'Maya' };
  const interaction = { ...{ guildId: '1', channelId: '5', locale: 'de', user }, ...asked, ...more };
  return planFor(interaction as never, routes, t, madeAt);
}
/** What its handler is given, without what all are given; the code of the error where it is refused. */
async function handed(plan: Plan): Promise<object | string> {
  given.splice(0);
  if (plan.kind === 'modal') throw new Error('a form');
  const refused = await plan.run({ rank: 'member' } as never).then(
    () => undefined,
    (error: AppError) => error.code,
  );
  return refused ?? given[0] ?? {};
}
const message = (more: object = {}) => ({
  ...{ id: '7', author: { id: 'bot' }, createdTimestamp: madeAt, content: 'hello', components: [] },
  ...{ flags: { has: (flag: number) => flag === Number(MessageFlags.IsComponentsV2) }, ...more },
});

describe('a command', () => {
  const slash = (values: Record<string, string>, more: object = {}) =>
    planned(['isChatInputCommand', 'isCommand'], {
      commandName: 'look',
      options: {
        getString: (name: string) => values[name] ?? null,
        getUser: (name: string) =>
          values[name] === undefined ? null : { id: values[name], username: 'leo_s', displayName: 'Leo', bot: false },
        getMember: () => null,
        get: (name: string) => (values[name] === undefined ? null : { value: values[name] }),
      },
      ...more,
    });

  test('is given what was typed, and leaves a row about the account and the member that were named, not about other texts', async () => {
    const plan = slash({ account: ' films ', member: 'leo', text: '123456' });
    expect([plan.kind, plan.name, plan.hasPrelude, plan.subject]).toEqual([
      ...['private', 'look', true],
      { detail: 'films', memberId: 'leo' },
    ]);
    const context = (await handed(plan)) as {
      text(name: string): string;
      member(name: string): object;
      channelId: string;
    };
    expect([context.text('text'), context.text('other'), context.channelId]).toEqual(['123456', undefined, '5']);
    expect(context.member('member')).toEqual({
      ...{ id: 'leo', name: 'Leo', username: 'leo_s', joinedAt: undefined, isBot: false, inServer: false },
    });
    expect([context.member('other'), context]).toEqual([undefined, expect.objectContaining({ target: undefined })]);
    expect(slash({ text: '123456' }).subject).toEqual({});
    expect(await handed(slash({}, { guildId: null }))).toMatchObject({ channelId: undefined });
  });

  test('of somebody’s menu is about that member', async () => {
    const plan = planned(['isUserContextMenuCommand', 'isCommand'], {
      ...{ commandName: 'Account', targetId: 'leo', targetMember: { nick: 'Lion', joined_at: '1970-01-01T00:00:01Z' } },
      targetUser: { id: 'leo', username: 'leo_s', displayName: 'Leo', bot: true },
    });
    expect([plan.subject, plan.guard]).toEqual([{ memberId: 'leo' }, admins]);
    const context = (await handed(plan)) as { text(name: string): string; member(name: string): object };
    const names = { name: 'Lion', username: 'leo_s', joinedAt: 1000 };
    expect(context).toMatchObject({ target: { id: 'leo', ...names, isBot: true, inServer: true } });
    expect([context.text('x'), context.member('x')]).toEqual([undefined, undefined]);
  });

  test('that this build does not have is out of date, and leaves a row of its name', async () => {
    const plan = slash({}, { commandName: 'gone' });
    expect([await handed(plan), plan.subject]).toEqual(['cardOutdated', { detail: 'gone' }]);
    expect(() => planned([], { type: InteractionType.Ping })).toThrow('no way to answer an interaction of type 1');
  });

  test('offers choices where it has some for the option, to whom they are for', async () => {
    const offered = async (name: string, commandName = 'look') => {
      const options = { getFocused: () => ({ name, value: 'fi' }) };
      const plan = planned(['isAutocomplete'], { commandName, options });
      if (plan.kind !== 'choices') throw new Error('no choices');
      return [plan.guard, await plan.run({} as never)];
    };
    expect(await offered('account')).toEqual([admins, [{ name: 'fi', value: '1' }]]);
    for (const [name, command] of [
      ['text', 'look'],
      ['toString', 'look'],
      ['account', 'gone'],
    ] as const)
      expect(await offered(name, command)).toEqual([everyone, []]);
  });
});

describe('a press', () => {
  const client = { user: { id: 'bot' } };
  const press = (customId: string, of = message(), more: object = {}) =>
    planned(['isMessageComponent', 'isButton'], { customId, message: of, client, ...more });

  test('is given its id, its page and its message', async () => {
    const plan = press('look:at:films:3');
    expect([plan.kind, plan.name, plan.hasPrelude, plan.subject]).toEqual([
      'update',
      'look at',
      true,
      { detail: 'films' },
    ]);
    expect(await handed(plan)).toMatchObject({
      id: 'films',
      page: 3,
      messageId: '7',
      onAnswer: true,
      values: [],
      picked: [],
    });
    expect(((await handed(plan)) as { text(): string }).text()).toBe('hello');
  });

  test('whose id must not be kept leaves what its handler says', () => {
    expect(press('look:code:secret').subject).toEqual({ detail: 'secret 0' });
  });

  test.each<[string, string, object, string]>([
    ['of a command that is none of ours', 'stop:at:1', {}, 'otherBot'],
    ['without such an id', 'stop', {}, 'otherBot'],
    ['of another application', 'look:at:1', { author: { id: 'other' } }, 'otherBot'],
    ['from before this database', 'look:at:1', { createdTimestamp: madeAt - 3_600_001 }, 'otherBot'],
    ['from before it, by a clock that was wrong', 'look:at:1', { createdTimestamp: madeAt - 3_600_000 }, ''],
    ['of an action that went', 'look:gone:1', {}, 'cardOutdated'],
  ])('on a message %s', async (_, customId, of, code) => {
    const outcome = await handed(press(customId, message(of)));
    expect(typeof outcome === 'string' ? outcome : '').toBe(code);
  });

  test('that is out of date leaves no id, which may hold what must not be kept', () => {
    expect(press('look:gone:secret').subject).toEqual({ detail: 'look:gone' });
    expect(press('nonsense').subject).toEqual({ detail: 'nonsense' });
  });

  test('in a select is given what was chosen, and who', async () => {
    const users = new Collection([['leo', { id: 'leo', displayName: 'Leo', bot: false }]]);
    const more = {
      customId: 'look:pick:1',
      message: message(),
      client,
      values: ['leo'],
      users,
      members: new Map([['leo', {}]]),
    };
    const left = planned(['isMessageComponent', 'isAnySelectMenu', 'isUserSelectMenu'], {
      ...more,
      members: new Map(),
    });
    expect(await handed(left)).toMatchObject({ picked: [{ id: 'leo', inServer: false }] });
    const plan = planned(['isMessageComponent', 'isAnySelectMenu', 'isUserSelectMenu'], more);
    expect(plan.subject).toEqual({ detail: '1 leo' });
    expect(await handed(plan)).toMatchObject({ values: ['leo'], picked: [{ id: 'leo', inServer: true }] });
    const elsewhere = planned(['isMessageComponent', 'isAnySelectMenu'], more);
    expect(await handed(elsewhere)).toMatchObject({ values: ['leo'], picked: [] });
  });
});

test('a form is read, also one that was opened before an update, and one whose handler went', async () => {
  const sent = (customId: string, more: object = {}) =>
    planned(['isModalSubmit'], {
      customId,
      fields: {
        fields: new Map([['why', {}]]),
        getTextInputValue: (name: string) => `typed into ${name}`,
        getStringSelectValues: (name: string) => [`chosen of ${name}`],
      },
      ...more,
    });
  const plan = sent('look:deny:9', { message: message() });
  const context = (await handed(plan)) as { field(name: string): string; choice(name: string): string | undefined };
  expect([context.field('words'), context.choice('why'), context.choice('new')]).toEqual([
    ...['typed into words', 'chosen of why', undefined],
  ]);
  expect([plan.subject, context]).toEqual([
    { detail: '9' },
    expect.objectContaining({ id: '9', messageId: '7', onAnswer: true }),
  ]);
  expect(await handed(sent('look:deny:9'))).toMatchObject({ messageId: undefined, onAnswer: false });
  expect(await handed(sent('look:gone:9'))).toBe('cardOutdated');
});

test('commands are registered with who may be named, where they work, and what they are called', () => {
  const words = createWords('en', { languages: { xx: { commandNames: { look: 'sieh', account: 'konto' } } } });
  const names = {
    nameOf: (locale: string, name: string) =>
      locale === 'en' && name === 'account' ? 'user' : words.nameOf(locale, name),
  };
  const json = commandJson(
    {
      ...look.data,
      options: [
        { name: 'account', kind: 'account', description: 'errors.tryAgain', required: true },
        ...('options' in look.data ? (look.data.options ?? []).slice(1) : []),
      ],
    } as Command['data'],
    { ...words, ...names },
  );
  expect(json).toMatchObject({ type: 1, name: 'look', contexts: [0, 1] });
  // Discord takes no `en`, and no language without a text.
  expect((json as { name_localizations: object }).name_localizations).toStrictEqual({ xx: 'sieh' });
  expect((json as { options: object[] }).options).toEqual([
    expect.objectContaining({
      type: 3,
      autocomplete: true,
      required: true,
      name_localizations: expect.objectContaining({ 'en-US': 'user', 'en-GB': 'user', xx: 'konto' }),
    }),
    expect.objectContaining({ type: 6 }),
    expect.objectContaining({ type: 3 }),
  ]);
  const [, member, text] = (json as { options: object[] }).options;
  expect([member, text].map((each) => ['required' in (each ?? {}), 'autocomplete' in (each ?? {})])).toEqual([
    [false, false],
    [false, false],
  ]);
  expect(json).toMatchObject({ description_localizations: { de: expect.any(String) } });
  expect(json).not.toHaveProperty('description_localizations.en');
  expect(commandJson(menu.data, words)).toMatchObject({ type: 2, contexts: [0] });
});

test('a form has its fields as they are asked for', () => {
  const fields = [
    { id: 'a', label: 'A', length: { max: 9 } },
    { id: 'b', label: 'B', hint: 'how', length: { min: 2, max: 99 }, isLong: true, isOptional: true },
    {
      id: 'c',
      label: 'C',
      choices: [
        { label: 'one', value: '1' },
        { label: 'two', value: '2' },
      ],
    },
  ];
  const { components } = form('look:deny:1', 'Title', fields).toJSON() as unknown as {
    components: { description?: string; component: Record<string, unknown> }[];
  };
  expect(components.map(({ description }) => description)).toEqual([undefined, 'how', undefined]);
  expect(components.map(({ component }) => component)).toEqual([
    expect.objectContaining({ style: 1, min_length: 0, max_length: 9, required: true }),
    expect.objectContaining({ style: 2, min_length: 2, max_length: 99, required: false }),
    expect.objectContaining({
      options: [expect.objectContaining({ default: true }), expect.objectContaining({ default: false })],
    }),
  ]);
});

test('an error is told to each as far as it helps: members that it is not their password, helpers what they can do', () => {
  const told = (code: Failure['code'], rank?: 'member' | 'helper' | 'admin') => {
    const [container] = errorAnswer(t, new Failure(code, {}), rank).components as unknown as {
      accent_color?: number;
      components: { content: string }[];
    }[];
    return [container?.components.length, container?.accent_color, container?.components.at(-1)?.content] as const;
  };
  expect(told('jellyfinKeyRefused')).toEqual([2, colours.bad, t('outage.notYourPassword')]);
  expect(told('jellyfinKeyRefused', 'helper')).toEqual([2, colours.bad, expect.stringContaining('JELLYFIN_API_KEY')]);
  expect(told('tryAgain').slice(0, 2)).toEqual([1, colours.bad]);
  expect(told('adminsOnly').slice(0, 2)).toEqual([1, undefined]);
  expect([told('adminAccount', 'helper')[0], told('adminAccount', 'admin')[0]]).toEqual([1, 2]);
  expect(told('notLinked', 'admin')[1]).toBe(colours.waiting);
});

test('who cannot sign in hears that it is not their password of whatever is the matter with the server; what is broken is red', () => {
  const shown = (code: Failure['code'], rank?: 'admin') => JSON.stringify(errorAnswer(t, new Failure(code, {}), rank));
  const codes = Object.keys(sentences.errors).filter((each): each is Failure['code'] => !each.includes('_'));
  const asks = JSON.stringify(t('outage.notYourPassword')).slice(1, -1);
  expect(codes.filter((each) => shown(each).includes(asks)).sort()).toEqual([
    ...['jellyfinBroken', 'jellyfinKeyNotAdmin', 'jellyfinKeyRefused', 'jellyfinNotJellyfin', 'jellyfinNotSetUp'],
    ...['jellyfinRefused', 'jellyfinStartFailed', 'jellyfinStarting', 'jellyfinTimeout', 'jellyfinTooOld'],
    ...['jellyfinUnreachable', 'jellyfinWrongPath'],
  ]);
  const red = codes.filter((each) => shown(each).includes(`"accent_color":${colours.bad}`));
  expect(red.filter((each) => !each.startsWith('jellyfin')).sort()).toEqual([
    ...['answerLost', 'databaseFull', 'discordTrouble', 'passwordNotShown', 'passwordNotTaken', 'passwordUncertain'],
    'tryAgain',
  ]);
});

test('who is linked to nothing is offered the ways that are theirs, in the words for them', () => {
  const asked = (rank: 'member' | 'helper' | 'admin') => {
    const [text, buttons] = whichAccount(t, rank);
    return [
      (text as string).split('\n').slice(1).join('\n'),
      (buttons as unknown as { id: string }[]).map(({ id }) => id),
    ];
  };
  expect([asked('member'), asked('helper'), asked('admin')]).toEqual([
    [t('errors.notLinked'), ['link:prove:me', 'link:name:me', 'link:ask:me']],
    [t('help.notLinked.helper'), ['link:prove:me', 'link:ask:me']],
    [t('help.notLinked.admin'), ['link:prove:me']],
  ]);
});
