import { call, errorsIn, type CallAnswer } from './call.js';
import { startDiscord, type Discord, type Exchange, type Person } from '../../../sandbox/discord/index.js';

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
  ['a defer with the V2 flag', 'command', { type: 5, data: { flags: 32832 } }, 'data.flags BITFIELD_FLAGS_NOT_ALLOWED'],
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
