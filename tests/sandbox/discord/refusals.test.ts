import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { call, type CallAnswer, errorsIn } from './call.js';
import { button, components, embed, many, option, row, select, text, v2, V2, words } from './payloads.js';
import { type Discord, type Exchange, type Person, startDiscord } from '../../../sandbox/discord/index.js';

describe('components', () => {
  let discord: Discord;

  beforeAll(async () => {
    discord = await startDiscord();
  });

  afterAll(() => discord.close());

  const send = (body: object) => call(discord, 'POST', `/channels/${discord.generalChannelId}/messages`, body);

  const REFUSED: [string, object, string][] = [
    [
      'an unknown field of a component',
      components(row(button('a', { colour: 1 }))),
      'components.0.components.0.colour UNKNOWN_FIELD',
    ],
    ['an empty text display', v2(text('')), 'components.0.content BASE_TYPE_BAD_LENGTH'],
    [
      'a section without accessory',
      v2({ type: 9, components: [text('a')] }),
      'components.0.accessory BASE_TYPE_REQUIRED',
    ],
    [
      'a container in a container',
      v2({ type: 17, components: [{ type: 17, components: [text('a')] }] }),
      'components.0.components.0.type UNION_TYPE_CHOICES',
    ],
    ['six rows', components(...many(6, (n) => row(button(`${n}`)))), 'components BASE_TYPE_MAX_LENGTH'],
    ['an empty row', components(row()), 'components.0.components BASE_TYPE_BAD_LENGTH'],
    [
      'six buttons in a row',
      components(row(...many(6, (n) => button(`${n}`)))),
      'components.0.components BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a button beside a select',
      components(row(select(), button('b'))),
      'components.0.components COMPONENT_LAYOUT_WIDTH_EXCEEDED',
    ],
    [
      'the same custom id twice',
      components(row(button('a')), row(button('a'))),
      'components COMPONENT_CUSTOM_ID_DUPLICATED',
    ],
    [
      'the same custom id twice, once in a section',
      v2(row(button('a')), { type: 9, components: [text('t')], accessory: button('a') }),
      'components COMPONENT_CUSTOM_ID_DUPLICATED',
    ],
    [
      'a custom id of 101 characters',
      components(row(button(words(101)))),
      'components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH',
    ],
    ['an empty custom id', components(row(button(''))), 'components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH'],
    [
      'a label of 81 characters',
      components(row(button('a', { label: words(81) }))),
      'components.0.components.0.label BASE_TYPE_MAX_LENGTH',
    ],
    [
      'a button with nothing on it',
      components(row({ type: 2, style: 1, custom_id: 'a' })),
      'components.0.components.0 BUTTON_COMPONENT_EMPTY',
    ],
    [
      'a button without custom id',
      components(row({ type: 2, style: 1, label: 'a' })),
      'components.0.components.0.custom_id BASE_TYPE_REQUIRED',
    ],
    [
      'a link button with a custom id',
      components(row(button('a', { style: 5, url: 'https://a.example' }))),
      'components.0.components.0 COMPONENT_INVALID_CUSTOM_ID',
    ],
    [
      'a link button without url',
      components(row({ type: 2, style: 5, label: 'a' })),
      'components.0.components.0.url BASE_TYPE_REQUIRED',
    ],
    [
      'a link to a wrong scheme',
      components(row({ type: 2, style: 5, label: 'a', url: 'ftp://a.example' })),
      'components.0.components.0.url URL_TYPE_INVALID_SCHEME',
    ],
    [
      'a url on an ordinary button',
      components(row(button('a', { url: 'https://a.example' }))),
      'components.0.components.0.url COMPONENT_FIELD_NOT_ALLOWED',
    ],
    [
      'a button style that does not exist',
      components(row(button('a', { style: 7 }))),
      'components.0.components.0.style BASE_TYPE_CHOICES',
    ],
    [
      'a select with 26 options',
      components(row(select({ options: many(26, (n) => option(`${n}`)) }))),
      'components.0.components.0.options BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a select without options',
      components(row(select({ options: [] }))),
      'components.0.components.0.options BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a select option with a label of 101',
      components(row(select({ options: [{ label: words(101), value: 'a' }] }))),
      'components.0.components.0.options.0.label BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a select option with a description of 101',
      components(row(select({ options: [{ ...option('a'), description: words(101) }] }))),
      'components.0.components.0.options.0.description BASE_TYPE_MAX_LENGTH',
    ],
    [
      'a select with one value twice',
      components(row(select({ options: [option('a'), option('a')] }))),
      'components.0.components.0.options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
    ],
    [
      'a select with min over max',
      components(row(select({ min_values: 2, max_values: 1 }))),
      'components.0.components.0.min_values SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX',
    ],
    [
      'a select with max over its options',
      components(row(select({ max_values: 3 }))),
      'components.0.components.0.max_values SELECT_COMPONENT_MAX_VALUES_EXCEEDED',
    ],
    [
      'a placeholder of 151 characters',
      components(row(select({ placeholder: words(151) }))),
      'components.0.components.0.placeholder BASE_TYPE_MAX_LENGTH',
    ],
  ];

  test.each(REFUSED)('A message with %s is refused', async (_, body, error) => {
    const before = discord.messagesIn(discord.generalChannelId).length;
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe(50035);
    expect(errorsIn(answer.body.errors)).toContain(error);
    expect(discord.messagesIn(discord.generalChannelId)).toHaveLength(before);
  });
});

describe('interactions', () => {
  let discord: Discord;

  let maya: Person;

  beforeEach(async () => {
    discord = await startDiscord();
    maya = discord.addPerson('Maya');
    await call(discord, 'PUT', `/applications/${discord.applicationId}/commands`, [
      {
        name: 'ask',
        description: 'Asks',
        contexts: [0, 1],
        options: [{ type: 3, name: 'user', description: 'Who', autocomplete: true }],
      },
      { name: 'here', description: 'In the server only', contexts: [0] },
      { name: 'Card', type: 2, contexts: [0] },
    ]);
  });

  afterEach(() => discord.close());

  const words = (length: number) => 'x'.repeat(length);

  const input = (more: object = {}) => ({
    type: 1,
    components: [{ type: 4, custom_id: 'why', style: 1, label: 'Reason', ...more }],
  });

  const labelled = (component: object) => ({ type: 18, label: 'Reason', component });

  const modal = (more: object = {}) => ({
    type: 9,
    data: { custom_id: 'm', title: 'Deny', components: [input()], ...more },
  });

  const choices = (count: number, more: object = {}) => ({
    type: 8,
    data: { choices: Array.from({ length: count }, () => ({ name: 'a', value: 'b', ...more })) },
  });

  function acknowledge(exchange: Exchange, body: object, query = ''): Promise<CallAnswer> {
    return call(discord, 'POST', `/interactions/${exchange.id}/${exchange.interaction.token}/callback${query}`, body);
  }

  const original = (exchange: Exchange) =>
    `/webhooks/${discord.applicationId}/${exchange.interaction.token}/messages/@original`;

  /** An interaction of each kind. The autocompletion waits for its choices by itself, so only its record is looked at. */
  async function act(kind: 'command' | 'component' | 'modal' | 'choices'): Promise<Exchange> {
    if (kind === 'command') return maya.types('/ask');
    if (kind === 'component') return maya.pressesRaw('old');
    if (kind === 'modal') {
      await acknowledge(await maya.types('/ask'), modal());
      return maya.fillsIn({ Reason: 'because' });
    }
    void maya.typesInto('/ask', 'user', 'ma').catch(() => undefined);
    const interaction = discord.interactions.at(-1);
    if (!interaction) throw new Error('nothing was typed');
    return { id: interaction.id, interaction } as Exchange;
  }

  const REFUSED: [string, 'command' | 'component' | 'modal' | 'choices', object, string][] = [
    ['a deferred update', 'command', { type: 6 }, 'type BASE_TYPE_CHOICES'],
    ['an update', 'command', { type: 7, data: { content: 'a' } }, 'type BASE_TYPE_CHOICES'],
    ['choices', 'command', choices(1), 'type BASE_TYPE_CHOICES'],
    ['a message', 'choices', { type: 4, data: { content: 'a' } }, 'type BASE_TYPE_CHOICES'],
    ['a modal', 'modal', modal(), 'type BASE_TYPE_CHOICES'],
    [
      'an update although it came from no message',
      'modal',
      { type: 7, data: { content: 'a' } },
      'type BASE_TYPE_CHOICES',
    ],
    [
      'a defer with the V2 flag',
      'command',
      { type: 5, data: { flags: 32832 } },
      'data.flags BITFIELD_FLAGS_NOT_ALLOWED',
    ],
    ['a message without data', 'command', { type: 4 }, 'data BASE_TYPE_REQUIRED'],
    ['an unknown field beside data', 'command', { type: 4, data: { content: 'a' }, with: 1 }, 'with UNKNOWN_FIELD'],
    [
      'an unknown field in data',
      'command',
      { type: 4, data: { content: 'a', ephemeral: true } },
      'data.ephemeral UNKNOWN_FIELD',
    ],
    [
      'V2 with content',
      'command',
      { type: 4, data: { flags: 32768, content: 'a' } },
      'data.content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    ['26 choices', 'choices', choices(26), 'data.choices BASE_TYPE_MAX_LENGTH'],
    [
      'a choice with a name of 101',
      'choices',
      choices(1, { name: words(101) }),
      'data.choices.0.name BASE_TYPE_BAD_LENGTH',
    ],
    ['a choice without a name', 'choices', choices(1, { name: '' }), 'data.choices.0.name BASE_TYPE_BAD_LENGTH'],
    [
      'a choice with a value of 101',
      'choices',
      choices(1, { value: words(101) }),
      'data.choices.0.value BASE_TYPE_BAD_LENGTH',
    ],
    ['a modal with a title of 46', 'command', modal({ title: words(46) }), 'data.title BASE_TYPE_BAD_LENGTH'],
    ['a modal without rows', 'command', modal({ components: [] }), 'data.components BASE_TYPE_BAD_LENGTH'],
    [
      'a modal with six rows',
      'command',
      modal({ components: [1, 2, 3, 4, 5, 6].map((n) => input({ custom_id: `${n}` })) }),
      'data.components BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a modal with one custom id twice',
      'command',
      modal({ components: [input(), input()] }),
      'data.components COMPONENT_CUSTOM_ID_DUPLICATED',
    ],
    [
      'a modal with a label of 46',
      'command',
      modal({ components: [input({ label: words(46) })] }),
      'data.components.0.components.0.label BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a modal with a button',
      'command',
      modal({ components: [{ type: 1, components: [{ type: 2, style: 1, label: 'a', custom_id: 'b' }] }] }),
      'data.components.0.components.0.type UNION_TYPE_CHOICES',
    ],
    [
      'a modal whose label holds a labelled input',
      'command',
      modal({ components: [labelled({ type: 4, custom_id: 'w', style: 1, label: 'b' })] }),
      'data.components.0.component.label COMPONENT_LABEL_NOT_ALLOWED',
    ],
  ];

  test.each(REFUSED)(
    'Answering with %s is refused (to a %s), and leaves the interaction unanswered',
    async (_, kind, body, error) => {
      const exchange = await act(kind);
      const answer = await acknowledge(exchange, body);
      expect(answer.body.code).toBe(50035);
      expect(errorsIn(answer.body.errors)).toContain(error);
      expect(exchange.interaction.acknowledged).toBeUndefined();
    },
  );

  const TAKEN: [string, 'command' | 'component' | 'modal' | 'choices', object][] = [
    ['a deferred private message', 'command', { type: 5, data: { flags: 64 } }],
    ['a private V2 message', 'command', { type: 4, data: { flags: 32832, components: [{ type: 10, content: 'a' }] } }],
    [
      'a modal',
      'component',
      modal({ components: [labelled({ type: 4, custom_id: 'why', style: 2, required: false, max_length: 4000 })] }),
    ],
    ['a deferred update', 'component', { type: 6 }],
    ['a message', 'modal', { type: 4, data: { content: 'thanks' } }],
    ['25 choices', 'choices', choices(25, { name: words(100), value: words(100) })],
  ];

  test.each(TAKEN)('Answering with %s is taken (to a %s)', async (_, kind, body) => {
    const exchange = await act(kind);
    const answer = await acknowledge(exchange, body);
    expect(errorsIn(answer.body.errors)).toEqual([]);
    expect(answer.status).toBe(204);
  });

  test('The second acknowledgement is refused with 40060 and is on record as an answer too many', async () => {
    const exchange = await maya.types('/ask');
    expect((await acknowledge(exchange, { type: 5 }, '?with_response=true')).body).toMatchObject({
      interaction: { response_message_loading: true, response_message_ephemeral: false },
      resource: { type: 5 },
    });
    expect((await acknowledge(exchange, { type: 5 })).body.code).toBe(40060);
    expect(discord.answeredTwice().map((each) => each.did)).toEqual(['/ask']);
  });

  test('An acknowledgement that comes too late, or with a wrong token, is refused with 10062', async () => {
    discord.world.limits.ackWithinMs = -1;
    const exchange = await maya.types('/ask');
    expect((await acknowledge(exchange, { type: 5 })).body.code).toBe(10062);
    expect((await call(discord, 'POST', `/interactions/${exchange.id}/wrong/callback`, { type: 5 })).body.code).toBe(
      10062,
    );
    expect(discord.unanswered()).toHaveLength(1);
  });

  test('A token answers 10015 before the acknowledgement and 50027 when its time is over', async () => {
    const exchange = await maya.types('/ask');
    expect((await call(discord, 'PATCH', original(exchange), { content: 'a' })).body.code).toBe(10015);
    await acknowledge(exchange, { type: 5 });
    expect((await call(discord, 'PATCH', original(exchange), { content: 'a' })).status).toBe(200);
    discord.world.limits.tokenLivesMs = -1;
    expect((await call(discord, 'PATCH', original(exchange), { content: 'b' })).body.code).toBe(50027);
  });

  test('A deferred answer stays as private as it was deferred, also when a follow-up settles it', async () => {
    const dad = discord.addPerson('Dad');
    const exchange = await maya.types('/ask');
    await acknowledge(exchange, { type: 5, data: { flags: 64 } });
    expect(maya.reads()).toEqual([['(the bot is thinking…)', '(only you can see this)']]);
    const path = `/webhooks/${discord.applicationId}/${exchange.interaction.token}`;
    const settled = await call(discord, 'POST', path, { content: 'for Maya' });
    expect((await exchange.answer()).lines).toEqual(['for Maya', '(only you can see this)']);
    await call(discord, 'POST', path, { content: 'for all' });
    expect(dad.reads()).toEqual([['for all']]);
    const byChannel = `/channels/${discord.generalChannelId}/messages/${String(settled.body['id'])}`;
    expect((await call(discord, 'GET', byChannel)).body.code).toBe(10008);
  });

  test('A deferred answer that was public cannot be made private by the follow-up that settles it', async () => {
    const exchange = await maya.types('/ask');
    await acknowledge(exchange, { type: 5 });
    const path = `/webhooks/${discord.applicationId}/${exchange.interaction.token}`;
    expect((await call(discord, 'POST', path, { content: 'for all', flags: 64 })).body['flags']).toBe(0);
    expect(discord.addPerson('Dad').reads()).toEqual([['for all']]);
  });

  test('Commands can be used only where they belong', async () => {
    await expect(maya.types('/here', {}, { in: 'dm' })).rejects.toThrow('cannot be used in direct messages');
    await expect(maya.types('/gone')).rejects.toThrow('not registered. Registered are: ask, here, Card');
    await expect(maya.usesMenu('Card', maya, { in: 'dm' })).rejects.toThrow('cannot be used in direct messages');
    await expect(maya.types('/ask', { who: 'x' })).rejects.toThrow('has no option "who"');
  });
});

describe('messages', () => {
  let discord: Discord;

  beforeAll(async () => {
    discord = await startDiscord();
  });

  afterAll(() => discord.close());

  const send = (body: object) => call(discord, 'POST', `/channels/${discord.generalChannelId}/messages`, body);

  const REFUSED: [string, object, string][] = [
    ['an unknown field', { content: 'hi', colour: 1 }, 'colour UNKNOWN_FIELD'],
    ['content of 2,001 characters', { content: words(2001) }, 'content BASE_TYPE_MAX_LENGTH'],
    [
      'V2 with content',
      { ...v2(text('a')), content: 'b' },
      'content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    [
      'V2 with embeds',
      { ...v2(text('a')), ...embed({ title: 'b' }) },
      'embeds MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    [
      'V2 with a poll',
      { ...v2(text('a')), poll: { question: { text: 'a' }, answers: [] } },
      'poll MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    [
      'V2 with stickers',
      { ...v2(text('a')), sticker_ids: ['123456789012345678'] },
      'sticker_ids MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    ['V2 components without the flag', components(text('a')), 'components.0.type UNION_TYPE_CHOICES'],
    ['the ephemeral flag in a channel', { content: 'a', flags: 64 }, 'flags BITFIELD_FLAGS_NOT_ALLOWED'],
    [
      '41 components, nested ones counted',
      v2({ type: 17, components: many(40, (n) => text(`${n}`)) }),
      'components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
    ],
    [
      '4,001 characters of V2 text in two places',
      v2(text(words(3000)), text(words(1001))),
      'components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
    ],
    ['an embed title of 257', embed({ title: words(257) }), 'embeds.0.title BASE_TYPE_MAX_LENGTH'],
    ['an embed description of 4,097', embed({ description: words(4097) }), 'embeds.0.description BASE_TYPE_MAX_LENGTH'],
    [
      '26 embed fields',
      embed({ fields: many(26, () => ({ name: 'a', value: 'b' })) }),
      'embeds.0.fields BASE_TYPE_MAX_LENGTH',
    ],
    [
      'an embed field name of 257',
      embed({ fields: [{ name: words(257), value: 'b' }] }),
      'embeds.0.fields.0.name BASE_TYPE_BAD_LENGTH',
    ],
    [
      'an embed field value of 1,025',
      embed({ fields: [{ name: 'a', value: words(1025) }] }),
      'embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH',
    ],
    [
      'an empty embed field value',
      embed({ fields: [{ name: 'a', value: ' ' }] }),
      'embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH',
    ],
    [
      'embeds of over 6,000 characters together',
      { embeds: [{ description: words(4000) }, { description: words(2001) }] },
      'embeds MAX_EMBED_SIZE_EXCEEDED',
    ],
    ['11 embeds', { embeds: many(11, () => ({ title: 'a' })) }, 'embeds BASE_TYPE_MAX_LENGTH'],
    ['a nonce of 26 characters', { content: 'a', nonce: words(26) }, 'nonce BASE_TYPE_MAX_LENGTH'],
    [
      'mentions both parsed and listed',
      { content: 'a', allowed_mentions: { parse: ['users'], users: ['123456789012345678'] } },
      'allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
    ],
    [
      'an unknown kind of mention',
      { content: 'a', allowed_mentions: { parse: ['everybody'] } },
      'allowed_mentions.parse.0 BASE_TYPE_CHOICES',
    ],
  ];

  test.each(REFUSED)('A message with %s is refused', async (_, body, error) => {
    const before = discord.messagesIn(discord.generalChannelId).length;
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe(50035);
    expect(errorsIn(answer.body.errors)).toContain(error);
    expect(discord.messagesIn(discord.generalChannelId)).toHaveLength(before);
  });

  test('A message with nothing in it is refused with 50006', async () => {
    expect((await send({ content: '  ' })).body.code).toBe(50006);
  });

  const TAKEN: [string, object][] = [
    [
      '2,000 characters, an embed at its limits and five rows',
      {
        content: words(2000),
        embeds: [
          {
            title: words(256),
            description: words(4096),
            fields: many(10, () => ({ name: words(10), value: words(100) })),
          },
        ],
        components: [
          row(...many(5, (n) => button(`b${n}`, { label: words(80) }))),
          row(select({ options: many(25, (n) => option(`${n}`)) })),
          row({ type: 2, style: 5, label: 'Open', url: 'https://a.example' }),
        ],
        allowed_mentions: { parse: [], users: [], roles: [] },
        nonce: words(25),
        enforce_nonce: false,
        tts: false,
      },
    ],
    [
      '40 components of all kinds and 4,000 characters',
      v2(
        text(words(2000)),
        {
          type: 17,
          accent_color: 1,
          components: [
            text(words(1900)),
            { type: 14, spacing: 1, divider: true },
            row(button('x')),
            ...many(28, (n) => text(`${n}`)),
          ],
        },
        { type: 9, components: [text('t')], accessory: button('y') },
        { type: 12, items: [{ media: { url: 'https://a.example/a.png' } }] },
        row({ type: 5, custom_id: 'who', min_values: 0, max_values: 2 }),
      ),
    ],
  ];

  test.each(TAKEN)('A message with %s is taken', async (_, body) => {
    const answer = await send(body);
    expect(errorsIn(answer.body.errors)).toEqual([]);
    expect(answer.status).toBe(200);
  });

  test('The V2 flag can be added by an edit that empties content and embeds, and never be taken away again', async () => {
    const { body } = await send({ content: 'old', embeds: [{ title: 'old' }] });
    const path = `/channels/${discord.generalChannelId}/messages/${String(body['id'])}`;
    const half = await call(discord, 'PATCH', path, v2(text('new')));
    expect(errorsIn(half.body.errors)).toContain('content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2');
    const whole = await call(discord, 'PATCH', path, { ...v2(text('new')), content: null, embeds: [] });
    expect(whole.body['flags']).toBe(V2);
    const back = await call(discord, 'PATCH', path, { content: 'old', components: [], flags: 0 });
    expect(errorsIn(back.body.errors)).toEqual(
      expect.arrayContaining([
        'flags MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG',
        'content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      ]),
    );
    expect((await call(discord, 'PATCH', path, components(text('newer')))).body['flags']).toBe(V2);
  });
});
