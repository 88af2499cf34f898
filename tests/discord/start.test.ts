import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REST, type RESTPostAPIApplicationCommandsJSONBody, Routes } from 'discord.js';
import { type Discord, startDiscord } from '../../sandbox/discord/index.js';
import { deployCommands, differingCommands } from '../../src/discord/deploy.js';
import {
  findingSentence,
  inviteLink,
  isWarning,
  preflight,
  type PreflightOptions,
} from '../../src/discord/preflight.js';
import sentences from '../../src/locales/operators/en.json' with { type: 'json' };
import { createWords } from '../../src/words.js';
import { openApiJudge, sharedIsThere } from '../support/openapi-judge.js';

describe('commands are registered', () => {
  const unlock = {
    type: 1,
    name: 'unlock',
    description: 'Unlock an account',
    description_localizations: { de: 'Konto entsperren', fr: 'Ouvrir' },
    contexts: [0, 1],
    integration_types: [0],
    options: [
      { type: 3, name: 'user', description: 'Whose', autocomplete: true },
      {
        type: 3,
        name: 'way',
        description: 'How',
        choices: [
          { name: 'Now', value: 'now' },
          { name: 'Later', value: 'later' },
        ],
      },
      { type: 4, name: 'count', description: 'How often', min_value: 0, max_value: 5 },
    ],
  } satisfies RESTPostAPIApplicationCommandsJSONBody;

  // prettier-ignore
  const menu = { type: 2, name: 'unlock', contexts: [0], integration_types: [0] } satisfies RESTPostAPIApplicationCommandsJSONBody;

  // prettier-ignore
  const [user, way, count] = unlock.options;

  const choices = way?.choices ?? [];

  type Change = (command: typeof unlock) => object;

  /** What Discord makes of `unlock` and the menu, as its documentation shows answers. */
  const stored = [
    {
      id: '1',
      application_id: '2',
      version: '3',
      dm_permission: true,
      nsfw: false,
      default_member_permissions: null,
      handler: 1,
      ...unlock,
      contexts: [1, 0],
      name_localizations: null,
      options: [
        { ...user, required: false, name_localizations: null, description_localizations: null },
        { ...way, choices: choices.map((choice) => ({ ...choice, name_localizations: null })) },
        count,
      ],
    },
    {
      id: '4',
      application_id: '2',
      version: '5',
      description: '',
      description_localizations: null,
      nsfw: false,
      ...menu,
    },
  ];

  // prettier-ignore

  describe('comparing with what Discord has', () => {
  test('finds nothing in what Discord itself adds, reorders or leaves out', () => {
    expect(differingCommands([unlock, menu], stored)).toEqual([]);
    expect(differingCommands([menu, unlock], stored)).toEqual([]);
  });

  const same: Record<string, Change> = {
    'required false': (u) => ({
      ...u,
      options: [{ ...user, required: false }, { ...way, autocomplete: false }, count],
    }),
    'empty translations': (u) => ({ ...u, name_localizations: {} }),
    'translations in another order': (u) => ({
      ...u,
      description_localizations: { fr: 'Ouvrir', de: 'Konto entsperren' },
    }),
    'a translation like the default': (u) => ({
      ...u,
      description_localizations: { 'en-GB': u.description, de: 'Konto entsperren', fr: 'Ouvrir', it: null },
    }),
    'a set in another order, or twice': (u) => ({ ...u, contexts: [1, 0, 1] }),
    'nothing said of age': (u) => ({ ...u, nsfw: false }),
    'nobody in particular': (u) => ({ ...u, default_member_permissions: null }),
    'the type of a slash command left out': ({ type: _, ...u }) => u,
    'the default place of installation left out': ({ integration_types: _, ...u }) => u,
    'no choices': (u) => ({ ...u, options: [{ ...user, choices: [] }, way, count] }),
    'no limit': (u) => ({ ...u, options: [user, way, { ...count, min_length: null }] }),
  };
  test.each(Object.entries(same))('%s is no difference', (_, change) => {
    expect(differingCommands([change(unlock), menu], stored)).toEqual([]);
  });

  const other: Record<string, Change> = {
    name: (u) => ({ ...u, name: 'unlok' }),
    description: (u) => ({ ...u, description: 'x' }),
    translation: (u) => ({ ...u, description_localizations: { de: 'x' } }),
    'translation gone': ({ description_localizations: _, ...u }) => u,
    'translated name': (u) => ({ ...u, name_localizations: { de: 'auf' } }),
    contexts: (u) => ({ ...u, contexts: [0] }),
    'contexts unsaid': ({ contexts: _, ...u }) => u,
    installation: (u) => ({ ...u, integration_types: [0, 1] }),
    age: (u) => ({ ...u, nsfw: true }),
    permissions: (u) => ({ ...u, default_member_permissions: '8' }),
    'option order': (u) => ({ ...u, options: [way, user, count] }),
    'option gone': (u) => ({ ...u, options: [user, way] }),
    'option type': (u) => ({ ...u, options: [{ ...user, type: 6 }, way, count] }),
    'option words': (u) => ({ ...u, options: [{ ...user, description: 'x' }, way, count] }),
    'option translation': (u) => ({ ...u, options: [{ ...user, name_localizations: { de: 'wer' } }, way, count] }),
    required: (u) => ({ ...u, options: [{ ...user, required: true }, way, count] }),
    autocomplete: (u) => ({ ...u, options: [{ ...user, autocomplete: false }, way, count] }),
    'choice order': (u) => ({ ...u, options: [user, { ...way, choices: [...choices].reverse() }, count] }),
    'choice value': (u) => ({ ...u, options: [user, { ...way, choices: [{ name: 'Now', value: 'x' }] }, count] }),
    'a lowest value of 0': (u) => ({ ...u, options: [user, way, { ...count, min_value: undefined }] }),
    'highest value': (u) => ({ ...u, options: [user, way, { ...count, max_value: 6 }] }),
    length: (u) => ({ ...u, options: [{ ...user, max_length: 6 }, way, count] }),
    'channel types': (u) => ({ ...u, options: [user, way, { ...count, channel_types: [0] }] }),
    nested: (u) => ({ ...u, options: [user, way, { ...count, options: [{ type: 3, name: 'x', description: 'x' }] }] }),
  };
  test.each(Object.entries(other))('a different %s is found', (_, change) => {
    expect(differingCommands([change(unlock), menu], stored)).toContain('unlock');
  });

  test('a new and a left over command are named', () => {
    const next = { ...unlock, name: 'next' };
    expect(differingCommands([unlock, menu, next], stored)).toEqual(['next']);
    expect(differingCommands([unlock], stored)).toEqual(['unlock']);
  });
});

  describe('registering', () => {
    let discord: Discord;
    let rest: REST;
    beforeEach(async () => {
      discord = await startDiscord();
      rest = new REST({ api: discord.url, retries: 0 }).setToken(discord.token);
    });
    afterEach(() => discord.close());

    const said: string[] = [];
    const log = {
      info: (fields: object) => void said.push(JSON.stringify(fields)),
      warn: (_: object, message: string) => void said.push(message),
    };
    const deploy = (commands: RESTPostAPIApplicationCommandsJSONBody[]) =>
      deployCommands({ rest, applicationId: discord.applicationId, guildId: discord.guildId, commands, log });
    const writes = () =>
      discord.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

    test('writes all in one request, and nothing at the second start', async () => {
      const ids = await deploy([unlock]);
      expect(said.at(-1)).toBe('{"commands":["unlock"]}');
      expect(writes()).toEqual([`PUT /applications/${discord.applicationId}/commands`]);
      expect(await deploy([unlock])).toEqual(ids);
      expect(ids.get('unlock')).toBe(discord.commands[0]?.id);
      expect(writes()).toHaveLength(1);
      await deploy([{ ...unlock, description: 'Other words' }]);
      expect(writes()).toHaveLength(2);
    });

    test('removes what an earlier build registered for this server alone', async () => {
      await rest.put(Routes.applicationGuildCommands(discord.applicationId, discord.guildId), { body: [menu, unlock] });
      await deploy([unlock]);
      expect(said.at(-1)).toBe('{"commands":["unlock","unlock"]}');
      expect(discord.commands.map(({ body, guildId }) => [body['type'], guildId])).toEqual([[1, undefined]]);
      const before = writes().length;
      await deploy([unlock]);
      expect(writes()).toHaveLength(before);
    });

    test('lets a failure of Discord out', async () => {
      rest.setToken('MTE.wrong.token');
      await expect(deploy([unlock])).rejects.toThrow(/401/);
    });
  });
});

describe('the look around before the start', () => {
  let discord: Discord;

  beforeEach(async () => {
    discord = await startDiscord();
  });

  afterEach(() => discord.close());

  async function look(changed: Partial<PreflightOptions> = {}, token = discord.token) {
    const result = await preflight({
      rest: new REST({ api: discord.url, retries: 0 }).setToken(token),
      guildId: discord.guildId,
      adminRoleIds: [discord.roles['admin'] ?? ''],
      helperRoleIds: [discord.roles['helper'] ?? ''],
      adminChannelId: discord.adminChannelId,
      ...changed,
    });
    const { findings } = result;
    for (const { code, params, missing } of findings) {
      const holes = [...sentences.preflight[code].matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
      const filled = [...Object.keys(params), ...(missing ? ['permissions'] : [])];
      expect(filled).toEqual(expect.arrayContaining(holes));
    }
    const told = {
      problems: findings.filter((each) => !isWarning(each)).map(({ code }) => code),
      warnings: findings.filter(isWarning).map(({ code }) => code),
    };
    return { ...result, told };
  }

  const fine = { problems: [], warnings: [] };

  const needed = ['ViewChannel', 'SendMessages', 'EmbedLinks', 'AttachFiles', 'ReadMessageHistory'] as const;

  test('a right set-up has no findings, and says whose it is', async () => {
    discord.setBotOverwrite(discord.adminChannelId, { allow: needed });
    const result = await look();
    expect(result.told).toEqual(fine);
    expect(result.ids).toEqual({ applicationId: discord.applicationId, botId: discord.botUserId });
  });

  test('a wrong token is one problem, and nothing else is asked', async () => {
    const { told } = await look({}, 'MTE.wrong.token');
    expect(told).toEqual({ problems: ['tokenRefused'], warnings: [] });
    expect(discord.requests).toHaveLength(1);
  });

  test('a server without the bot comes with the link that adds it', async () => {
    discord.removeBotFromGuild();
    const { told, findings } = await look();
    expect(told.problems).toEqual(['notInServer']);
    expect(findings[0]?.params['invite']).toBe(inviteLink(discord.applicationId, discord.guildId));
  });

  test('roles that do not exist or cannot be pinged are named with their variable', async () => {
    const silent = discord.addRole('\u001b[31msilent\u202e', { mentionable: false });
    const { findings } = await look({ adminRoleIds: ['404', silent] });
    expect(findings.map(({ code, params }) => [code, params['variable'], params['name'] ?? params['id']])).toEqual([
      ['roleUnknown', 'DISCORD_ADMIN_ROLE_IDS', '404'],
      // What would colour or turn a terminal's line is gone.
      ['roleNotPinged', 'DISCORD_ADMIN_ROLE_IDS', '[31msilent'],
    ]);
  });

  test('a bot that may mention every role pings those, too', async () => {
    const silent = discord.addRole('silent', { mentionable: false });
    discord.setBotOverwrite(discord.adminChannelId, { allow: [...needed, 'MentionEveryone'] });
    expect((await look({ adminRoleIds: [silent] })).told).toEqual(fine);
  });

  test('every permission that is missing in the admin channel is named as Discord names it', async () => {
    discord.setBotOverwrite(discord.adminChannelId, { allow: ['ViewChannel'], deny: ['SendMessages', 'AttachFiles'] });
    const { told, findings } = await look();
    expect(told).toEqual({ problems: ['channelPermissions'], warnings: [] });
    const said = findings.map((each) => findingSentence(createWords('en').forOperators('en'), each));
    expect(said).toEqual([expect.stringMatching(/admins the bot still needs: Send Messages, Attach Files\./)]);
  });

  test('what one role is denied another may allow, and administrators need nothing', async () => {
    const denied = discord.addRole('denied');
    const allowed = discord.addRole('allowed');
    discord.setBotRoles([denied, allowed]);
    discord.setOverwrite(discord.adminChannelId, denied, { deny: ['EmbedLinks'] });
    expect((await look()).told.problems).toEqual(['channelPermissions']);
    discord.setOverwrite(discord.adminChannelId, allowed, { allow: ['EmbedLinks'] });
    expect((await look()).told).toEqual(fine);
    discord.setBotOverwrite(discord.adminChannelId, { deny: needed });
    discord.setBotRoles([discord.addRole('all', { permissions: ['Administrator'] })]);
    expect((await look()).told).toEqual(fine);
  });

  test('a channel that is gone, hidden, elsewhere or not for text is a problem', async () => {
    const voice = discord.addChannel('voice', { type: 2 });
    const { channelId } = discord.addOtherGuild();
    discord.setBotOverwrite(discord.adminChannelId, { deny: ['ViewChannel'] });
    const problems = async (adminChannelId: string) => (await look({ adminChannelId })).told.problems;
    expect(await problems('404')).toEqual(['channelUnknown']);
    expect(await problems(voice)).toEqual(['channelNotText']);
    expect(await problems(channelId)).toEqual(
      expect.arrayContaining([expect.stringMatching(/channel(Elsewhere|Hidden)/)]),
    );
    expect(await problems(discord.adminChannelId)).toEqual(['channelHidden']);
    const [hidden] = (await look()).findings;
    const said = (locale: string) => hidden && findingSentence(createWords(locale).forOperators(locale), hidden);
    expect(said('en')).toContain('View Channel, Send Messages, Embed Links, Attach Files, Read Message History');
    expect(said('de')).toMatch(
      /Kanal ansehen, Nachrichten senden, Links einbetten, Dateien anhängen, Nachrichtenverlauf/,
    );
  });

  test('an admin channel that everybody sees is warned about', async () => {
    const { told } = await look({ adminChannelId: discord.generalChannelId });
    expect(told).toEqual({ problems: [], warnings: ['channelPublic'] });
  });

  test('a Discord that fails says nothing about the set-up', async () => {
    discord.faults.on({ path: /guilds/, status: 500 });
    await expect(look()).rejects.toThrow();
    const url = discord.url;
    await discord.close();
    const rest = new REST({ api: url, retries: 0 }).setToken(discord.token);
    const roles = { adminRoleIds: [], helperRoleIds: [] };
    const options = { rest, guildId: '1', ...roles, adminChannelId: '2', retryPausesMs: [1, 1] };
    await expect(preflight(options)).rejects.toThrow();
    discord = await startDiscord();
  });

  test('the invite asks for the needed permissions and the one to pin, and no others, for this server', () => {
    const link = new URL(inviteLink('11', '22'));
    expect(link.origin + link.pathname).toBe('https://discord.com/oauth2/authorize');
    expect(Object.fromEntries(link.searchParams)).toMatchObject({
      client_id: '11',
      guild_id: '22',
      scope: 'bot applications.commands',
    });
    const bits = [10, 11, 14, 15, 16, 51].reduce((sum, bit) => sum + 2 ** bit, 0);
    expect(link.searchParams.get('permissions')).toBe(String(bits));
  });
});

describe('contract', () => {
  (sharedIsThere ? test : test.skip)('what the bot asks of Discord while it starts is in the description', async () => {
    const judge = openApiJudge();
    const discord = await startDiscord();
    const { applicationId, guildId } = discord;
    const rest = new REST({ api: discord.url, retries: 0 }).setToken(discord.token);
    const help = { name: 'help', description: 'What you can do', contexts: [0, 1], integration_types: [0] };
    try {
      await rest.put(Routes.applicationGuildCommands(applicationId, guildId), { body: [help] });
      const roles = { adminRoleIds: [], helperRoleIds: [], adminChannelId: discord.adminChannelId };
      await preflight({ rest, guildId, ...roles });
      const log = { info: () => undefined, warn: () => undefined };
      await deployCommands({ rest, applicationId, guildId, commands: [help], log });
      expect(discord.requests.length).toBeGreaterThan(8);
      expect(discord.requests.flatMap((request) => judge?.judge(request) ?? [])).toEqual([]);
    } finally {
      await discord.close();
    }
  });
});
