import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { REST, type RESTPostAPIApplicationCommandsJSONBody, Routes } from 'discord.js';
import { type Discord, startDiscord } from '../../sandbox/discord/index.js';
import { differingCommands } from '../../src/discord/compare-commands.js';
import { deployCommands } from '../../src/discord/deploy.js';

const unlock = {
  type: 1,
  name: 'unlock',
  description: 'Unlock an account',
  description_localizations: { de: 'Konto entsperren', fr: 'Ouvrir' },
  contexts: [0, 1],
  integration_types: [0],
  options: [
    { type: 3, name: 'user', description: 'Whose', autocomplete: true },
    { type: 3, name: 'way', description: 'How', choices: [{ name: 'Now', value: 'now' }, { name: 'Later', value: 'later' }] },
    { type: 4, name: 'count', description: 'How often', min_value: 0, max_value: 5 },
  ],
} satisfies RESTPostAPIApplicationCommandsJSONBody; // prettier-ignore
const menu = { type: 2, name: 'unlock', contexts: [0], integration_types: [0] } satisfies RESTPostAPIApplicationCommandsJSONBody; // prettier-ignore
const [user, way, count] = unlock.options;
const choices = way?.choices ?? [];

type Change = (command: typeof unlock) => object;
/** What Discord makes of `unlock` and the menu, as its documentation shows answers. */
const stored = [
  {
    id: '1', application_id: '2', version: '3', dm_permission: true, nsfw: false, default_member_permissions: null, handler: 1,
    ...unlock, contexts: [1, 0], name_localizations: null,
    options: [
      { ...user, required: false, name_localizations: null, description_localizations: null },
      { ...way, choices: choices.map((choice) => ({ ...choice, name_localizations: null })) },
      count,
    ],
  },
  { id: '4', application_id: '2', version: '5', description: '', description_localizations: null, nsfw: false, ...menu },
]; // prettier-ignore

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
  const log = { info: () => undefined, warn: (_: object, message: string) => void said.push(message) };
  const deploy = (commands: RESTPostAPIApplicationCommandsJSONBody[]) =>
    deployCommands({ rest, applicationId: discord.applicationId, guildId: discord.guildId, commands, log });
  const writes = () =>
    discord.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

  test('writes all in one request, and nothing at the second start', async () => {
    const first = await deploy([unlock]);
    expect(first.written).toEqual(['unlock']);
    expect(writes()).toEqual([`PUT /applications/${discord.applicationId}/commands`]);
    const second = await deploy([unlock]);
    expect(second).toEqual({ ids: first.ids, written: [], removedFromServer: [] });
    expect(first.ids.get('unlock')).toBe(discord.commands[0]?.id);
    expect(writes()).toHaveLength(1);
    await deploy([{ ...unlock, description: 'Other words' }]);
    expect(writes()).toHaveLength(2);
  });

  test('removes what an earlier build registered for this server alone', async () => {
    await rest.put(Routes.applicationGuildCommands(discord.applicationId, discord.guildId), { body: [menu, unlock] });
    const { removedFromServer } = await deploy([unlock]);
    expect([...removedFromServer].sort()).toEqual(['unlock', 'unlock']);
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
