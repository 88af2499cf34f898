import { call, errorsIn } from './call.js';
import { words, text, row, button, option, select, components, v2, many } from './payloads.js';
import { startDiscord, type Discord } from '../../../sandbox/discord/index.js';

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
