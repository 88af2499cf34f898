import { call, errorsIn } from './call.js';
import { V2, words, text, row, button, option, select, embed, components, v2, many } from './payloads.js';
import { startDiscord, type Discord } from '../../../sandbox/discord/index.js';

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
