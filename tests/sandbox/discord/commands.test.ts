import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.js';
import { call, errorsIn } from './call.js';

describe('commands', () => {
  let discord: Discord;

  beforeEach(async () => {
    discord = await startDiscord();
  });

  afterEach(() => discord.close());

  const words = (length: number) => 'x'.repeat(length);

  const commands = () => `/applications/${discord.applicationId}/commands`;

  const chat = (more: object = {}) => ({ name: 'ask', description: 'Asks', ...more });

  const option = (more: object = {}) => ({ type: 3, name: 'user', description: 'Who', ...more });

  const withOptions = (...options: object[]) => [chat({ options })];

  const many = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));

  const REFUSED: [string, object[], string][] = [
    ['an upper-case name', [chat({ name: 'Ask' })], '0.name APPLICATION_COMMAND_INVALID_NAME'],
    ['a name with a blank', [chat({ name: 'ask me' })], '0.name STRING_TYPE_REGEX'],
    ['a name of 33 characters', [chat({ name: words(33) })], '0.name BASE_TYPE_BAD_LENGTH'],
    ['no description', [{ name: 'ask' }], '0.description BASE_TYPE_REQUIRED'],
    ['an empty description', [chat({ description: '' })], '0.description BASE_TYPE_BAD_LENGTH'],
    ['a description of 101', [chat({ description: words(101) })], '0.description BASE_TYPE_BAD_LENGTH'],
    ['an unknown field', [chat({ guards: [] })], '0.guards UNKNOWN_FIELD'],
    ['an unknown field of an option', withOptions(option({ default: 'a' })), '0.options.0.default UNKNOWN_FIELD'],
    [
      'an upper-case option',
      withOptions(option({ name: 'User' })),
      '0.options.0.name APPLICATION_COMMAND_INVALID_NAME',
    ],
    [
      'a required option after an optional one',
      withOptions(option(), option({ name: 'b', required: true })),
      '0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
    ],
    ['one option twice', withOptions(option(), option()), '0.options.1.name APPLICATION_COMMAND_OPTIONS_NAME_INVALID'],
    ['26 options', withOptions(...many(26, (n) => option({ name: `o${n}` }))), '0.options BASE_TYPE_MAX_LENGTH'],
    [
      '26 choices',
      withOptions(option({ choices: many(26, (n) => ({ name: `${n}`, value: `${n}` })) })),
      '0.options.0.choices BASE_TYPE_MAX_LENGTH',
    ],
    [
      'choices and autocomplete',
      withOptions(option({ autocomplete: true, choices: [{ name: 'a', value: 'b' }] })),
      '0.options.0.autocomplete APPLICATION_COMMAND_OPTION_AUTOCOMPLETE_CHOICES',
    ],
    ['a context that does not exist', [chat({ contexts: [3] })], '0.contexts.0 BASE_TYPE_CHOICES'],
    [
      'a locale that does not exist',
      [chat({ name_localizations: { xx: 'a' } })],
      '0.name_localizations.xx ENUM_TYPE_COERCE',
    ],
    ['one name twice', [chat(), chat()], '1.name APPLICATION_COMMANDS_DUPLICATE_NAME'],
    ['101 commands', many(101, (n) => chat({ name: `c${n}` })), ' APPLICATION_COMMAND_TOO_MANY'],
    [
      'a menu with a description',
      [{ name: 'Card', type: 2, description: 'a' }],
      '0.description APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED',
    ],
  ];

  test.each(REFUSED)('A set of commands with %s is refused whole', async (_, body, error) => {
    await call(discord, 'PUT', commands(), [chat({ name: 'before' })]);
    const answer = await call(discord, 'PUT', commands(), body);
    expect(answer.body.code).toBe(50035);
    expect(errorsIn(answer.body.errors)).toContain(error.trim());
    expect(discord.commands.map((each) => each.body['name'])).toEqual(['before']);
  });

  test('Commands come back as Discord keeps them: defaults filled in, what is false in options left out, sets sorted', async () => {
    const sent = chat({
      contexts: [1, 0],
      name_localizations: { de: 'frag', 'en-GB': 'ask' },
      options: [option({ required: false, autocomplete: true, name_localizations: {} })],
    });
    const [stored] = (await call(discord, 'PUT', commands(), [sent])).body as unknown as object[];
    expect(stored).toEqual({
      id: expect.any(String),
      application_id: discord.applicationId,
      version: expect.any(String),
      type: 1,
      name: 'ask',
      name_localizations: { de: 'frag' },
      description: 'Asks',
      description_localizations: null,
      default_member_permissions: null,
      dm_permission: true,
      contexts: [0, 1],
      integration_types: [0],
      nsfw: false,
      options: [
        {
          type: 3,
          name: 'user',
          name_localizations: null,
          description: 'Who',
          description_localizations: null,
          autocomplete: true,
        },
      ],
    });
    const [plain] = (await call(discord, 'GET', commands())).body as unknown as object[];
    expect(plain).not.toHaveProperty('name_localizations');
    expect((await call(discord, 'GET', `${commands()}?with_localizations=true`)).body).toEqual([stored]);
  });

  test('A set put again keeps ids, gives changed commands a new version, and drops the others; a server has commands of its own', async () => {
    const own = `/applications/${discord.applicationId}/guilds/${discord.guildId}/commands`;
    const put = async (path: string, ...body: object[]) =>
      (await call(discord, 'PUT', path, body)).body as unknown as { id: string; version: string; guild_id?: string }[];
    const [ask, tell] = await put(commands(), chat(), chat({ name: 'tell' }));
    const [same, changed] = await put(commands(), chat(), chat({ name: 'tell', description: 'Tells' }));
    expect(same).toEqual(ask);
    expect(changed?.id).toBe(tell?.id);
    expect(changed?.version).not.toBe(tell?.version);
    expect((await put(own, chat()))[0]?.guild_id).toBe(discord.guildId);
    await put(commands());
    expect(discord.commands).toHaveLength(1);
    expect((await call(discord, 'DELETE', `${commands()}/${ask?.id}`)).body.code).toBe(10063);
    expect(await put(own)).toEqual([]);
  });
});
